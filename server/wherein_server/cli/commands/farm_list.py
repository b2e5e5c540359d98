"""`wherein farm add`, `list`, `remove`, `retry`: which repositories a farm keeps."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wherein.errors import NotFound
from wherein_server.cli import jsonout
from wherein_server.cli.exits import Exit
from wherein_server.cli.farming import farm, file_option
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.sanitize import shown_name

if TYPE_CHECKING:
    from wherein_server.farm.entry import Entry
    from wherein_server.farm.farm import Farm


@click.command(
    epilog=example(
        "wherein farm add https://github.com/acme/web",
        "wherein farm add git@git.example.org:acme/api.git --branch dev",
    )
)
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option(
    "--branch",
    default="",
    metavar="NAME",
    help="The branch to index; without it, the remote's default branch.",
)
@click.option("--no-look", is_flag=True, help="Do not ask the remote now, but at the next poll.")
@file_option
@common_options
def add(common: Common, file: Path | None, urls: tuple[str, ...], branch: str, no_look: bool) -> int:
    """Add repositories to the list, and hand them out to the workers."""
    from wherein_server.farm.addresses import name_of
    from wherein_server.farm.polling import look

    told: list[dict[str, Any]] = []
    with farm(common, file) as opened:
        for url, name in [(url, name_of(url, opened.file.protocols)) for url in urls]:
            new = opened.ledger.add(name, url, branch=branch)
            entry = opened.ledger.named(name)
            wrong = look(opened, entry) if entry is not None and not no_look else ""
            entry = opened.ledger.named(name)
            told.append(
                {
                    "name": jsonout.readable(name),
                    "new": new,
                    "wanted": entry.wanted if entry else "",
                    "problem": jsonout.readable(wrong),
                }
            )
            if not common.json:
                state = (
                    f": {shown_name(wrong)}"
                    if wrong
                    else f" at {entry.wanted[:12]}"
                    if entry and entry.wanted
                    else ""
                )
                common.screen.line(f"{shown_name(name)} is {'added' if new else 'there already'}{state}")
    if common.json:
        jsonout.print_json({"repositories": told})
    return Exit.DONE


@click.command(name="list", epilog=example("wherein farm list", "wherein farm list --state aside"))
@click.option(
    "--state",
    type=click.Choice(["done", "waiting", "new", "failed", "aside", "empty"]),
    help="Only repositories in this state.",
)
@file_option
@common_options
def list_(common: Common, file: Path | None, state: str | None) -> int:
    """List the repositories that the farm keeps, each with its state."""
    from wherein_server.cli.commands.farm_status import fields, line
    from wherein_server.farm.work import made_with

    with farm(common, file) as opened:
        current = made_with(opened)
        found = sorted(opened.ledger.entries(), key=lambda each: each.name)
    found = [each for each in found if state in (None, each.state(current))]
    if common.json:
        jsonout.print_json({"repositories": [fields(each, current) for each in found]})
    else:
        for each in found:
            common.screen.line(line(each, current))
    return Exit.DONE if found else Exit.NOTHING_FOUND


@click.command(epilog=example("wherein farm remove github.com/acme/web"))
@click.argument("names", nargs=-1, required=True, metavar="REPO…")
@file_option
@common_options
def remove(common: Common, file: Path | None, names: tuple[str, ...]) -> int:
    """Take repositories out of the list. Their indexes stay in the store (wherein repo remove)."""
    with farm(common, file) as opened:
        for entry in _named(opened, names):
            opened.ledger.remove(entry.id)
            opened.mirror(entry).remove()
            if not common.json:
                common.screen.line(f"{shown_name(entry.name)} is removed")
    if common.json:
        jsonout.print_json({"removed": [jsonout.readable(name) for name in names]})
    return Exit.DONE


@click.command(epilog=example("wherein farm retry github.com/acme/web", "wherein farm retry --all"))
@click.argument("names", nargs=-1, metavar="REPO…")
@click.option("--all", "everything", is_flag=True, help="All repositories that failed or were set aside.")
@file_option
@common_options
def retry(common: Common, file: Path | None, names: tuple[str, ...], everything: bool) -> int:
    """Try again now what failed or was set aside."""
    if bool(names) == everything:
        raise click.UsageError("Name repositories, or give --all.")
    with farm(common, file) as opened:
        found = (
            [each for each in opened.ledger.entries() if each.aside or each.kind]
            if everything
            else _named(opened, names)
        )
        for entry in found:
            opened.ledger.retry(entry)
            if entry.wanted:
                opened.engine.hand_out(entry.id, entry.wanted, entry.why)
            if not common.json:
                common.screen.line(f"{shown_name(entry.name)} is tried again")
    if common.json:
        jsonout.print_json({"retried": [jsonout.readable(each.name) for each in found]})
    return Exit.DONE if found else Exit.NOTHING_FOUND


def _named(opened: "Farm", names: tuple[str, ...]) -> "list[Entry]":
    """The entries; a name may be an address as well. NotFound."""
    from wherein.git.identity import normalised_url

    found = []
    for name in names:
        entry = opened.ledger.named(name) or opened.ledger.named(normalised_url(name))
        if entry is None:
            raise NotFound(f"The farm keeps no {name}.", remedy="wherein farm list")
        found.append(entry)
    return found
