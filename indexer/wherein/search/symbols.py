"""Definitions by name."""

from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.search.present import Ranked, present
from wherein.store.protocol import Filters, Store


def symbols(
    store: Store, view: str, name: str, *, repository: str, limit: int = 50, filters: Filters = Filters()
) -> list[Hit]:
    """Chunks that define `name` exactly, then ignoring case, then beginning with it. Scores tell the place only."""
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    name = name.replace("\0", "").strip().removesuffix("()")
    if not name:
        raise ConfigError("The name is empty.", remedy="wherein symbol NAME")
    found = store.definitions(view, name, filters, limit)
    ranked = [Ranked(candidate, 1.0 / (1 + place)) for place, candidate in enumerate(found)]
    return present(store, ranked, repository=repository, limit=limit)
