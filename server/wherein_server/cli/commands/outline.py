"""`wherein outline`."""

from collections.abc import Sequence

import click

from wherein.errors import ConfigError
from wherein.outlined import Outlined
from wherein_server.cli import complete, jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.options import (
    Common,
    checked_format,
    common_options,
    example,
    format_option,
    no_update_option,
    view_option,
)
from wherein_server.cli.paths import relative_path, seen_from, standpoint
from wherein_server.cli.sanitize import piped_name, shown, shown_name
from wherein_server.cli.session import opened, refresh, status_of
from wherein_server.cli.wording import doubts

INDENT = "  "


@click.command(epilog=example("wherein outline src/auth.py"))
@click.argument("path", shell_complete=complete.files)
@format_option
@view_option
@no_update_option
@common_options
def command(common: Common, path: str, form: str | None, view: str | None, no_update: bool) -> int:
    """Show what the file PATH defines.

    On a terminal, definitions are shown as a tree with their lines; otherwise one per line, like search results.
    """
    form = checked_format(common, form)
    with opened(common, view=view) as index:
        inside = relative_path(path, common.repo, index.root)
        if index.root is not None and (index.root / inside).is_dir():
            raise ConfigError(f"{path} is a folder.", remedy=f"name a file in it (wherein files {path})")
        if not no_update:
            refresh(index, common)
        found = index.outline(inside)
        status = status_of(index, common, check=no_update)
        name = seen_from(inside, standpoint(common.repo, index.root))
    if form == "json":
        jsonout.print_json(
            {
                "index": jsonout.index_block(status),
                **jsonout.path_fields(inside),
                "results": [jsonout.outlined(each) for each in found],
            }
        )
    elif form == "jsonl":
        for each in found:
            jsonout.print_json_line(jsonout.outlined(each))
    elif form == "text" and common.screen.pretty:
        _print_tree(found, common)
    else:
        for each in found:
            symbol = "" if form == "vimgrep" else f" {shown(each.qualified_name)}  "
            title = each.title if form == "vimgrep" else each.title.strip()
            common.screen.line(f"{piped_name(name)}:{each.line}:{_bytes_before(each)}:{symbol}{shown(title)}")
    if form != "json" and (doubt := doubts(status)):
        common.screen.note(doubt)
    if not found and common.screen.watched:
        common.screen.note(f"{shown_name(path)} defines nothing.")
    return Exit.DONE if found else Exit.NOTHING_FOUND


def _bytes_before(each: Outlined) -> int:
    return len(each.title[: each.column - 1].encode("utf-8", "surrogatepass")) + 1


def _print_tree(found: Sequence[Outlined], common: Common) -> None:
    from rich.text import Text

    width = max((len(f"{each.start_line}-{each.end_line}") for each in found), default=0)
    for each in found:
        lines = str(each.line) if each.start_line == each.end_line else f"{each.start_line}-{each.end_line}"
        row = Text.assemble((f"{lines:>{width}}  ", "dim"), INDENT * each.depth)
        row.append(f"{shown_name(each.kind)} ", style="dim")
        row.append(shown_name(each.name), style="" if each.kind == "member" else "bold")
        common.screen.console.print(row, no_wrap=True, overflow="ellipsis", crop=True)
