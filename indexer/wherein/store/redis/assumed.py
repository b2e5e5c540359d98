"""What a view shows, as somebody on this machine knows it already, so that a search need not fetch it.

A clone that was just looked at knows every path and blob. Where their digest is that of the view's record, its tree
and difference would say the same again, 22 kB for 810 files. What they say besides is not known here, how many chunks a
file has, so that these contents do for finding chunks and for nothing else.
"""

from collections.abc import Mapping

from wherein.quick_dataclass import dataclass
from wherein.store.redis.shown import Contents, Shown
from wherein.store.redis.view_record import Record, Seen


class _Uncounted(Contents):
    """The contents of a view whose record alone says how many chunks they have: each file is taken to have as many as
    the others, and to have some."""

    def __init__(self, files: Mapping[str, str], chunks: int) -> None:
        each = chunks // max(len(files), 1) + 1
        super().__init__({path: Shown(blob, each) for path, blob in files.items()})
        self.chunks = chunks


@dataclass(slots=True)
class Assumed:
    """What a complete view was found to show."""

    digest: str
    """of its record"""
    files: Mapping[str, str]
    """path → blob; read when it is needed"""
    _contents: Contents | None = None

    def seen(self, record: Record) -> Seen | None:
        """The view by this record; None where that says that it shows something else."""
        if not self.digest or record.digest != self.digest:
            return None
        if self._contents is None:
            self._contents = _Uncounted(self.files, record.chunks)
        return Seen(record, self._contents)
