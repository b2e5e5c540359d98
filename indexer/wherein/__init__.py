"""wherein tells you where in your repositories something is done.

    import wherein

    with wherein.open_index(".") as index:
        index.update()
        for hit in index.search("where are redirects followed"):
            print(f"{hit.path}:{hit.start_line} {hit.symbol}")

Importing this package is cheap: git, parsers and arrays are imported when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from wherein.call import Call, Calls
    from wherein.changed import Change
    from wherein.hit import Hit
    from wherein.index import Index
    from wherein.opening import open_index
    from wherein.outlined import Outlined
    from wherein.status import Progress, Status, UpdateReport

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


_MODULES = {
    "Call": "call",
    "Calls": "call",
    "Change": "changed",
    "Hit": "hit",
    "Index": "index",
    "Outlined": "outlined",
    "Progress": "status",
    "Status": "status",
    "UpdateReport": "status",
    "open_index": "opening",
}
"""Where the other names are. Each of our processes imports this package, and few of them need these."""


def __getattr__(name: str) -> object:
    if name in _MODULES:
        found: object = getattr(import_module(f"wherein.{_MODULES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
