"""`wherein status`."""

import click

from wherein.skips import SEARCHED
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common, common_options, example, view_option
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, status_of
from wherein_server.cli.wording import count, size


@click.command(epilog=example("wherein status", "wherein status --json"))
@view_option
@common_options
def command(common: Common, view: str | None) -> int:
    """Show what is indexed and how fresh it is."""
    with opened(common, view=view) as index:
        status = status_of(index, common, check=True)
        root = index.root
    if common.json:
        jsonout.print_json(
            {
                "index": jsonout.index_block(status),
                "root": None if root is None else jsonout.readable(str(root)),
                "files": status.files,
                "chunks": status.chunks,
                "skipped": status.skipped,
                "bytes": status.bytes,
            }
        )
        return Exit.DONE
    reasons = sorted(status.skipped.items())
    skipped = ", ".join(f"{number:,} {reason}" for reason, number in reasons if reason not in SEARCHED)
    by_lines = sum(number for reason, number in reasons if reason in SEARCHED)
    fresh = f"{count(status.behind, 'file')} behind" if status.behind else "up to date"
    if status.behind is None:
        fresh = "as it was indexed"
    if not status.complete:
        fresh += "; indexing has not finished (wherein index goes on with it)"
    rows = {
        "repository": status.repository,
        "view": f"{status.view}{f' @ {status.commit[:12]}' if status.commit else ''}",
        "freshness": fresh,
        "files": f"{status.files:,}",
        "chunks": f"{status.chunks:,}",
        "left out": skipped or "nothing",
        "size": size(status.bytes),
        "model": status.model,
        "store": status.store,
    }
    if by_lines:
        rows["by lines"] = f"{count(by_lines, 'file')} that could not be parsed (wherein files --skipped)"
    for name, value in rows.items():
        common.screen.line(f"{name:<11} {shown_name(value)}")
    return Exit.DONE
