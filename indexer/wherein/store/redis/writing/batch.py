"""What one call of `Store.write` changes."""

from collections.abc import Mapping, Sequence

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import FileVersion


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes of one view. A path that is both hidden and shown is shown."""

    view: str
    put: Sequence[FileVersion]
    """to be stored, and shown"""
    link: Mapping[str, str]
    """path → blob: to be shown, and stored already"""
    unlink: Sequence[str]
    """paths that are shown no more"""
    commit: str | None
    complete: bool
    owner: str
    """of the view; empty for everybody's"""
