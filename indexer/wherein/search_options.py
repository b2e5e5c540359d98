"""The options of a search besides its words, written out once for everybody who passes them on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from wherein.search.search import Mode
    from wherein.search.thought import Thought


class SearchFilters(TypedDict, total=False):
    """What may be found, as in `Index.search` and `Index.symbols`."""

    languages: Sequence[str]
    paths: Sequence[str]
    exclude: Sequence[str]
    kinds: Sequence[str]
    scopes: Sequence[str]


class SearchOptions(SearchFilters, total=False):
    """The options of a search in several repositories."""

    limit: int
    mode: "Mode"
    thought: "Thought | None"
