"""Commands that an error suggests, written out for what was asked about: without the same `--repo`, `--store` and
`--view` they would mend another index, or none."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wherein.errors import WhereinError
from wherein.redaction import without_passwords

_ABOUT_AN_INDEX = re.compile(
    r"\bwherein (?P<name>index|search|symbol|related|explain|ask|files|status|gc|clear|hook install"
    r"|repo (?:join|list|views))\b"
)
_OF_THE_STORE = "repo list"
"""The same in every repository."""


@contextmanager
def remedies_for(repo: Path | None, store: str | None = None, view: str | None = None) -> Iterator[None]:
    """Errors that pass suggest their commands for these."""
    try:
        yield
    except WhereinError as error:
        error.remedy = remedy_for(error.remedy, repo, store, view)
        raise


def remedy_for(remedy: str, repo: Path | None, store: str | None = None, view: str | None = None) -> str:
    """A remedy whose commands are about this repository, store and view, as they were given; None: as without."""

    def written_out(command: re.Match[str]) -> str:
        options = []
        if repo is not None and command["name"] != _OF_THE_STORE:
            options.append(("--repo", str(repo)))
        if store is not None and without_passwords(store) == store:  # what is hidden could not be run
            options.append(("--store", store))
        if view is not None and command["name"] == "index" and "@{" not in view:  # what was cannot be indexed
            options.append(("--view", view))
        new = (f" {name} {shlex.quote(value)}" for name, value in options if f"{name} " not in remedy)
        return command[0] + "".join(new)

    return _ABOUT_AN_INDEX.sub(written_out, remedy)
