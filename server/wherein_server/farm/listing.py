"""Which repositories are in the list: those of farm.toml, and those that forges list for organisations."""

import time
from collections.abc import Callable

from wherein.errors import ConfigError
from wherein_server.farm.addresses import name_of
from wherein_server.farm.entry import Entry
from wherein_server.farm.farm import Farm
from wherein_server.farm.farmfile import Organisation

FILE = "file"

BY_NAME = frozenset({"hand", FILE})
"""Sources that name each repository."""


def bring_in(farm: Farm, say: Callable[[str], object]) -> int:
    """Make the list what the file and the forges say; how many are new. Who was entered by hand stays; who was named by
    hand or in the file keeps what was said there, though a forge lists it too; whose list cannot be had keeps those of
    the last one."""
    before = list(farm.ledger.entries())
    fresh = _bring_in_file(farm, before, say) if farm.file.given else 0
    for organisation in farm.file.organisations:
        known = list(farm.ledger.entries())
        fresh += _bring_in_organisation(farm, organisation, known, say)
    return fresh


def _bring_in_file(farm: Farm, before: list[Entry], say: Callable[[str], object]) -> int:
    fresh, named = 0, set()
    for each in farm.file.repositories:
        try:
            name = each.name or name_of(each.url, farm.file.protocols)
        except ConfigError as error:
            say(error.message)
            continue
        named.add(name)
        fresh += farm.ledger.add(name, each.url, branch=each.branch, source=FILE)
    for entry in before:
        if entry.source == FILE and entry.name not in named:
            farm.ledger.remove(entry.id)
            say(f"{entry.name} is no longer in the file; its index stays (wherein repo remove).")
    return fresh


def _bring_in_organisation(
    farm: Farm, organisation: Organisation, before: list[Entry], say: Callable[[str], object]
) -> int:
    from wherein_server.farm.forges.listed import ListingFailed, repositories_of

    ledger = farm.ledger
    of_this = [entry for entry in before if entry.source == organisation.key]
    by_name = {entry.name for entry in before if entry.source in BY_NAME}
    try:
        found = repositories_of(organisation)
        if not found and of_this:  # more likely a token that has lost its rights
            raise ListingFailed(f"{organisation.api} no longer lists anything of {organisation.name}.")
    except ListingFailed as error:
        ledger.client.hset(
            ledger.keys.listed, organisation.key, f"{time.time()} {len(of_this)} {error.message}"
        )
        say(f"{error.message} The {len(of_this)} repositories from its last list are kept.")
        return 0
    fresh, named = 0, set()
    known = {entry.forge_id: entry for entry in of_this if entry.forge_id}
    for one in found:
        try:
            name = name_of(one.url, farm.file.protocols)
        except ConfigError as error:
            say(error.message)
            continue
        named.add(name)
        if name in by_name:
            continue
        if (old := known.get(one.id)) is not None and old.name != name:
            ledger.rename(old, name, one.url)
            say(f"{old.name} is now called {name}; its old index stays (wherein repo remove).")
        fresh += ledger.add(name, one.url, source=organisation.key, forge_id=one.id)
    for entry in of_this:
        if entry.name not in named and not any(entry.forge_id == one.id for one in found):
            ledger.remove(entry.id)
            say(f"{entry.name} is no longer listed; its index stays (wherein repo remove).")
    ledger.client.hset(ledger.keys.listed, organisation.key, f"{time.time()} {len(found)} ")
    return fresh
