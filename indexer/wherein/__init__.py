"""wherein tells you where in your repositories something is done.

    import wherein

    with wherein.open_index(".") as index:
        index.update()
        for hit in index.search("where are redirects followed"):
            print(f"{hit.path}:{hit.start_line} {hit.symbol}")

Importing this package is cheap: what needs git, parsers or arrays is imported when it is first used.
"""

from typing import TYPE_CHECKING

from wherein.call import Call, Calls
from wherein.errors import (
    ConfigError,
    EndpointUnreachable,
    IndexIncompatible,
    IndexMissing,
    NotAgreed,
    NotARepository,
    NotFound,
    StoreForbids,
    StoreUnreachable,
    WhereinError,
)
from wherein.hit import Hit
from wherein.outlined import Outlined
from wherein.status import Progress, Status, UpdateReport

if TYPE_CHECKING:
    from wherein.index import Index
    from wherein.opening import open_index

__version__ = "0.1.0"

__all__ = [
    "Call",
    "Calls",
    "Change",
    "ConfigError",
    "EndpointUnreachable",
    "Hit",
    "Index",
    "IndexIncompatible",
    "IndexMissing",
    "NotARepository",
    "NotAgreed",
    "NotFound",
    "Outlined",
    "Progress",
    "Status",
    "StoreForbids",
    "StoreUnreachable",
    "UpdateReport",
    "WhereinError",
    "open_index",
]


def __getattr__(name: str) -> object:
    if name == "open_index":
        from wherein.opening import open_index

        return open_index
    if name == "Change":
        from wherein.changed import Change

        return Change
    if name == "Index":
        from wherein.index import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
