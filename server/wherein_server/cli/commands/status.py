"""`wherein status`."""

from collections.abc import Iterator
from dataclasses import asdict

import click

from wherein.skips import SEARCHED
from wherein.status import Status
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.known_as import short_name, view_name
from wherein_server.cli.options import Common, common_options, example, view_option
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.session import opened, read_what_is_kept, refresh, status_of
from wherein_server.cli.wording import count, deep_tier, other_index, size


@click.command(epilog=example("wherein status", "wherein status --json", "wherein status --since main"))
@view_option
@click.option(
    "--changed", is_flag=True, help="List the definitions that changed on this branch, committed or not."
)
@click.option(
    "--since", metavar="REV", help="List those that changed since this branch left a branch, tag or commit."
)
@common_options
def command(common: Common, view: str | None, changed: bool, since: str | None) -> int:
    """Show what is indexed and how fresh it is, or which definitions changed."""
    if changed or since is not None:
        return _changed(common, view, since)
    with opened(common, view=view) as index:
        read_what_is_kept(index, common)
        status = status_of(index, common, check=True, counted=True)
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
                "described": None if status.described is None else asdict(status.described),
                "others": [asdict(each) for each in status.others],
            }
        )
        return Exit.DONE
    for name, value in _rows(status):
        common.screen.line(f"{name:<11} {shown_name(value)}")
    return Exit.DONE


def _rows(status: Status) -> Iterator[tuple[str, str]]:
    """What is told of an index, each with its name."""
    reasons = sorted(status.skipped.items())
    skipped = ", ".join(f"{number:,} {reason}" for reason, number in reasons if reason not in SEARCHED)
    by_lines = sum(number for reason, number in reasons if reason in SEARCHED)
    fresh = f"{count(status.behind, 'file')} behind" if status.behind else "up to date"
    if status.behind is None:
        fresh = "as it was indexed"
    if not status.complete:
        fresh += "; indexing has not finished (wherein index continues it)"
    commit = f" @ {status.commit[:12]}" if status.commit else ""
    yield "repository", short_name(status.repository)
    yield "view", f"{view_name(status.view, branch=status.branch)}{commit}"
    yield "freshness", fresh
    yield "files", f"{status.files:,}"
    yield "chunks", f"{status.chunks:,}"
    yield "left out", skipped or "nothing"
    yield "size", size(status.bytes)
    yield "model", status.model
    yield "store", status.store
    if status.deep is not None:
        yield "deep", deep_tier(status.deep)
    if status.described is not None and status.described.described:
        by = ", ".join(status.described.models)
        yield "described", f"{count(status.described.described, 'definition')} without a comment, by {by}"
    if by_lines:
        yield "by lines", f"{count(by_lines, 'file')} that could not be parsed (wherein files --skipped)"
    for each in status.others:
        yield "also", other_index(each)


def _changed(common: Common, view: str | None, since: str | None) -> int:
    """Definitions, one a line. They are told from the index, so it is refreshed first."""
    with opened(common, view=view) as index:
        refresh(index, common)
        before, changes = index.changed_since(since)
        status = status_of(index, common, check=False)
    if common.json:
        told = list(map(jsonout.change, changes))
        since_block = {"revision": before.revision, "commit": before.commit}
        jsonout.print_json({"index": jsonout.index_block(status), "since": since_block, "changed": told})
        return Exit.DONE
    for each in changes:
        name = shown_name(each.qualified_name or each.symbol)
        lines = f"{each.kind} {name}" if name else f"{each.kind}, lines {each.start_line} to {each.end_line}"
        common.screen.line(f"{shown_name(each.path)}:{each.start_line}: {each.how} {lines}")
    common.screen.note(
        f"{count(len(changes), 'definition')} changed since {shown_name(before.revision)} ({before.commit[:12]})."
    )
    return Exit.DONE
