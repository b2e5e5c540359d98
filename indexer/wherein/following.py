"""An index that is updated again and again, for a caller that is told when files change.

Reported files are looked at alone, by the index that has been open since the last full look. For a full look everything
is opened again, because the repository's name or settings may have changed.
"""

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import WhereinError
from wherein.status import UpdateReport

if TYPE_CHECKING:
    from wherein.index import Index

LOOK_SECONDS = 2.0
LOOK_SHARE = 10
"""A look at all files follows this long after the first look at reported files alone, for what nobody reported: at
least LOOK_SECONDS, and at least this many times what a full look takes, which grows with the number of files."""


def look_pause(took: float) -> float:
    """Seconds until the next look at all files, if the last one took `took` seconds."""
    return max(LOOK_SECONDS, LOOK_SHARE * took)


class Following:
    """`opened` opens the index; `update` updates it, given what was reported: paths below its root, or None for all."""

    def __init__(
        self,
        opened: "Callable[[], Index]",
        update: "Callable[[Index, Collection[str] | None], UpdateReport]",
    ) -> None:
        self._opened = opened
        self._update = update
        self._index: Index | None = None
        self.note = ""
        """what the user should know of the index's name (`Index.note`)"""

    def update(self, files: "Collection[str | os.PathLike[str]] | None") -> UpdateReport:
        """Look at these files, or at all. Raises WhereinError."""
        index, self._index = self._index, None
        report = None
        if index is not None and files is not None:
            with suppress(
                WhereinError
            ):  # one of them lies elsewhere; the index was deleted, or is another version's
                report = self._updated(index, _below(index, files))
        elif index is not None:
            index.close()
        if index is None or report is None:
            index = self._opened()
            report = self._updated(index, None)
        self.note = index.note
        self._index = index
        return report

    def close(self) -> None:
        """Close the index. A second call does nothing."""
        index, self._index = self._index, None
        if index is not None:
            index.close()

    def _updated(self, index: "Index", told: Collection[str] | None) -> UpdateReport:
        try:
            return self._update(index, told)
        except BaseException:
            index.close()
            raise


def _below(index: "Index", files: "Collection[str | os.PathLike[str]]") -> list[str]:
    from wherein.git.paths import repository_path

    try:
        return [repository_path(index.root or Path(), file) for file in files]
    except WhereinError:
        index.close()
        raise
