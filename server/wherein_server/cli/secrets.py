"""What `wherein doctor --secrets` says."""

from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import Common
from wherein_server.cli.paths import seen_from, standpoint
from wherein_server.cli.sanitize import piped_name, shown_name
from wherein_server.cli.session import opened


def list_secrets(common: Common) -> int:
    """Print where they are, a line each: `path:line: rule`, or `path: rule` for a whole file."""
    with opened(common) as index:
        places = index.secrets()
        root = index.root
    if common.json:
        rows = [{**jsonout.path_fields(at.path), "line": at.line, "rule": at.rule} for at in places]
        jsonout.print_json({"secrets": rows})
    else:
        name = shown_name if common.screen.pretty else piped_name
        for at in places:
            line = "" if at.line is None else f":{at.line}"
            common.screen.line(f"{name(seen_from(at.path, standpoint(common.repo, root)))}{line}: {at.rule}")
    if not places:
        common.screen.note("No keys, passwords or tokens were found.")
        return Exit.NOTHING_FOUND
    return Exit.DONE
