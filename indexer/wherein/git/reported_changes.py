"""Looks only at those files of a large worktree that are reported to have changed.

Who tells may miss something, or say it late: what he does not tell of is seen by the next look at all. What could
change how other files are shown is not looked at here.
"""

from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

from wherein.config.locations import PROJECT_FILE
from wherein.git.checkout import listed_paths
from wherein.git.frame import is_special
from wherein.git.known import Known, NotAgain
from wherein.git.source import MOST_TOLD

_SHOWN = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--")
"""Asked for a few paths it reads git's index and their folders alone: at 50,000 files 10 ms, of others' time."""

_STEERING = frozenset({".gitignore", ".gitmodules", PROJECT_FILE})


def look_at(known: Known, paths: Collection[str]) -> None:
    """Know what is at these paths of the view now. Raises NotAgain if that is more than some files; GitFailed."""
    below = [path for path in paths if path.startswith(known.prefix)]
    if any(map(_steers, below)) or any(configuration.sparse for _, _, configuration in known.checkouts):
        raise NotAgain
    root, apart = known.beneath.root, known.look.apart
    if any(
        path in apart or Path(root, path).is_dir() for path in below
    ):  # a repository of its own, it may be
        raise NotAgain
    asked: dict[str, list[str]] = {}
    for path in below:
        base = known.base_of(path)
        asked.setdefault(base, []).append(path[len(base) :])
    shown: list[str] = []
    with ExitStack() as stack:
        running = [
            (base, stack.enter_context(repository.git.start(*_SHOWN, *asked[base])))
            for base, repository, _ in known.checkouts
            if base in asked
        ]
        for base, answer in running:
            shown += [base + path for path in listed_paths(answer.output())]
    if len(shown) > MOST_TOLD or any(path.endswith("/") or _steers(path) for path in shown):
        raise NotAgain
    known.take(dict.fromkeys(shown), [path for path in below if path not in shown], stamped=False)


def _steers(path: str) -> bool:
    return path.rpartition("/")[2] in _STEERING or is_special(path)
