"""`wherein files`."""

from typing import TYPE_CHECKING

import click

from wherein_server.cli import complete, jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.paths import relative_path, seen_from, standpoint
from wherein_server.cli.sanitize import piped_name, shown_name
from wherein_server.cli.session import opened, read_what_is_kept

if TYPE_CHECKING:
    from wherein import Index


@click.command(epilog=example("wherein files", "wherein files --skipped", "wherein files --why build/app.js"))
@click.option(
    "--skipped",
    is_flag=True,
    help="List what is left out, or split only by lines, instead, each with its reason.",
)
@click.option(
    "--why",
    metavar="PATH",
    shell_complete=complete.files,
    help="Say whether one file is indexed, and why not.",
)
@common_options
def command(common: Common, skipped: bool, why: str | None) -> int:
    """List the files that are indexed, or left out and why."""
    with opened(common) as index:
        read_what_is_kept(index, common)
        if why is not None:
            return _explain(index, why, common)
        root = index.root
        reasons = index.skipped() if skipped else dict.fromkeys(index.files(), "")
    if common.json:
        rows = [
            jsonout.path_fields(path) | ({"reason": reason} if reason else {})
            for path, reason in sorted(reasons.items())
        ]
        jsonout.print_json({"files": rows})
    else:
        name = shown_name if common.screen.pretty else piped_name
        for path, reason in sorted(reasons.items()):
            seen = name(seen_from(path, standpoint(common.repo, root)))
            common.screen.line(f"{seen}\t{reason}" if reason else seen)
    if not reasons:
        common.screen.note(
            "Nothing is left out." if skipped else "No file is indexed (wherein files --skipped)."
        )
        return Exit.NOTHING_FOUND
    return Exit.DONE


def _explain(index: "Index", why: str, common: Common) -> int:
    path = relative_path(why, common.repo, index.root)
    sentence = index.why(path)
    if common.json:
        jsonout.print_json(jsonout.path_fields(path) | {"why": jsonout.readable(sentence)})
    else:
        common.screen.line(shown_name(sentence))
    return Exit.DONE
