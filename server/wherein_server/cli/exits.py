"""Exit codes, and which error has which."""

from enum import IntEnum

from wherein.errors import (
    EndpointUnreachable,
    IndexIncompatible,
    IndexMissing,
    NotFound,
    StoreUnreachable,
    WhereinError,
)


class Exit(IntEnum):
    """What the shell gets. "Nothing found" and "could not search" are never the same."""

    DONE = 0
    NOTHING_FOUND = 1
    ERROR = 2
    INDEX = 3
    STORE = 4
    ENDPOINT = 5
    INTERRUPTED = 130


_BY_ERROR: dict[type[WhereinError], Exit] = {
    NotFound: Exit.NOTHING_FOUND,
    IndexMissing: Exit.INDEX,
    IndexIncompatible: Exit.INDEX,
    StoreUnreachable: Exit.STORE,
    EndpointUnreachable: Exit.ENDPOINT,
}


def exit_for(error: WhereinError) -> Exit:
    """The code of the error's class, or of the nearest class it derives from."""
    return next((_BY_ERROR[each] for each in type(error).__mro__ if each in _BY_ERROR), Exit.ERROR)
