"""Definitions by name."""

from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.search.present import Ranked, present
from wherein.store.protocol import Filters, Store
from wherein.store.spellings import fold, folded_spellings


def symbols(
    store: Store,
    view: str,
    name: str,
    *,
    repository: str,
    limit: int = 50,
    filters: Filters = Filters(),
    exact: bool = False,
) -> list[Hit]:
    """Chunks that define `name` exactly, then ignoring case, then beginning with it. Scores tell the place only.

    `exact` leaves those out that only begin with it, and puts what the name is of before what only lists it: a method
    before the interface that asks for it.
    """
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    name = name.replace("\0", "").strip().removesuffix("()")
    if not name:
        raise ConfigError("The name is empty.", remedy="wherein symbol NAME")
    found = store.definitions(view, name, filters, limit)
    if exact:
        wanted = fold(name)
        found = [
            each for each in found if wanted in folded_spellings(each.symbol, each.qualified_name, each.names)
        ]
        found.sort(key=lambda each: wanted not in folded_spellings(each.symbol, each.qualified_name, ()))
    ranked = [Ranked(candidate, 1.0 / (1 + place)) for place, candidate in enumerate(found)]
    return present(store, ranked, repository=repository, limit=limit)
