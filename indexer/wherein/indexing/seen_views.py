"""Which listing a view in a store was last found equal to, so that the two are compared once.

A listing of many files differs from an earlier one (`Listing.base`) in few of them. Where the store's view has not been
written to since it was found to be equal to a listing of the same base, what separates the two now is told without
reading either. Losing what is remembered costs time only.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from wherein import private
from wherein.git.source import Listing
from wherein.git.stamps import cache_name
from wherein.indexing.plan import Plan, plan
from wherein.quick_dataclass import dataclass
from wherein.sealed import sealed, unsealed
from wherein.store.digest import digest_of
from wherein.store.protocol import Store, ViewRecord


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view showed when it was written last."""

    updated: float
    """of the view's record"""
    base: str
    how: str
    """what of the settings made keys of ids"""
    differs: Mapping[str, str | None] = field(default_factory=dict)
    """path → key where it was not that of the base"""


class SeenViews:
    """What is remembered of one view in one store."""

    def __init__(self, folder: Path, store: str, repository: str, view: str) -> None:
        of = hashlib.sha256(os.fsencode(f"{store}\0{repository}")).hexdigest()[:12]
        self._file = folder / f"{cache_name(view)}-{of}.seen"
        self._seen: Seen | None = None
        self._loaded = False

    def difference(
        self, store: Store, record: ViewRecord | None, listing: Listing, how: str, view: str
    ) -> Plan:
        """What separates the view from what there is."""
        seen = self._load()
        if (
            seen is None
            or record is None
            or listing.base is None
            or (seen.updated, seen.base, seen.how) != (record.updated, listing.base.id, how)
        ):
            if record is not None and _are_same(record, listing):
                return Plan({}, {}, set())
            return plan(store.view_files(view, record), listing.files)
        shown: dict[str, str] = {}
        there: dict[str, str] = {}
        for path in {**seen.differs, **listing.differs}:
            then = seen.differs[path] if path in seen.differs else listing.base.files.get(path)
            now = listing.differs[path] if path in listing.differs else listing.base.files.get(path)
            if then is not None:
                shown[path] = then
            if now is not None:
                there[path] = now
        return plan(shown, there)

    def is_listed(self, record: ViewRecord, listing: Listing, how: str) -> bool:
        """Whether it is known without asking the store that the view shows just what is listed."""
        seen = self._load()
        if seen is None or listing.base is None or listing.differs or seen.differs:
            return _are_same(record, listing)
        known = (seen.updated, seen.base, seen.how) == (record.updated, listing.base.id, how)
        return known or _are_same(record, listing)

    def same(self, record: ViewRecord, listing: Listing, how: str) -> None:
        """Note that the view shows just what is listed."""
        if listing.base is None:
            return
        seen = Seen(record.updated, listing.base.id, how, dict(listing.differs))
        if seen == self._load():
            return
        self._seen = seen
        with suppress(OSError):
            private.folder(self._file.parent)
            told = [seen.updated, seen.base, seen.how, seen.differs]
            private.write(self._file, sealed(json.dumps(told).encode("ascii")))

    def _load(self) -> Seen | None:
        if not self._loaded:
            self._loaded = True
            with suppress(OSError, ValueError, TypeError):
                self._seen = Seen(*json.loads(unsealed(private.read(self._file)) or b""))
        return self._seen


def _are_same(record: ViewRecord, listing: Listing) -> bool:
    return bool(record.digest) and record.digest == digest_of(listing.files)
