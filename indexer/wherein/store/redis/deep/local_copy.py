"""A reader's copy of one model's deep vectors: in memory, and in a file on this machine for the next process.

Half a kilobyte a chunk is too much for every search, but not for once. So a reader fetches all of them and scans them
exactly, as the embedded store does; the server keeps them by content and needs no search index for them.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wherein.sealed import sealed, unsealed
from wherein.store.deep import CONTENT_BYTES
from wherein.store.description import matched
from wherein.store.int8 import pack, products, scales_of
from wherein.store.redis.kept_files import KeptFiles

FOLDER = "deep"

MOST_KEPT = 32
"""Files, one a repository and model."""

KEPT_EVERY = 30.0
"""Seconds, after which a process that goes on reading writes it again: of 20,000 chunks that takes 20 ms of a search,
and while the tier is filled it would come after every seventh batch."""

KEPT_FROM, KEPT_SHARE = 64, 0.02
"""Rows that must have come since the file was written, at least, and of all: it is written as a whole."""

SHOWN_KEPT = 4
"""Views and filters whose rows are remembered."""

_HEAD_BYTES = 8


class DeepRows:
    """Which chunks have which vector. An object never changes: `with_changes` makes another one."""

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.last = ""
        """the last entry of the log that is in it; empty if nothing was read"""
        self.places: dict[bytes, tuple[int, int]] = {}
        """file version → its first row and how many it has"""
        self.contents: NDArray[np.uint8] = np.empty((0, CONTENT_BYTES), np.uint8)
        """of each row; all zero where it has no vector"""
        self.vectors: NDArray[np.int8] = np.empty((0, dimension), np.int8)
        self._scales: NDArray[np.float32] | None = None
        self.fresh = 0
        """rows that are not in the file"""
        self._shown: list[tuple[object, object, NDArray[np.int64], int]] = []
        """what a view shows, what is allowed, the places of that, and how many rows there were then"""

    def with_changes(
        self,
        last: str,
        changed: Mapping[bytes, bytes],
        vectors: Mapping[bytes, bytes],
        *,
        whole: bool = False,
    ) -> "DeepRows":
        """The rows after what was read: the joined contents of some versions' rows (of all, with `whole`), and the
        vectors that are not there yet."""
        after = DeepRows(self.dimension)
        after.last = last
        at, size = len(self.contents), self.dimension
        contents, rows, places = [self.contents], [self.vectors], {} if whole else dict(self.places)
        for version, joined in changed.items():
            count = len(joined) // CONTENT_BYTES
            own = (
                np.frombuffer(joined, np.uint8)[: count * CONTENT_BYTES].reshape(count, CONTENT_BYTES).copy()
            )
            of = np.zeros((count, size), np.int8)
            held = self.places.get(version)
            for row in range(count):
                content = own[row].tobytes()
                if (found := vectors.get(content)) is not None and len(found) == size:
                    of[row] = np.frombuffer(found, np.int8)
                elif held and row < held[1] and self.contents[held[0] + row].tobytes() == content:
                    of[row] = self.vectors[held[0] + row]
                else:  # collected meanwhile
                    own[row] = 0
            contents.append(own)
            rows.append(of)
            places[version] = at, count
            at += count
        after.places = places
        after.contents, after.vectors = np.concatenate(contents), np.concatenate(rows)
        if self._scales is not None:  # while the tier is filled, some rows come before every other search
            after._scales = np.concatenate([self._scales, *map(scales_of, rows[1:])])
        if not whole:
            after._let_go(self.places[version] for version in changed if version in self.places)
            after._shown = self._shown
        after.fresh = self.fresh + at - len(self.contents)
        return after

    def _let_go(self, gone: Iterable[tuple[int, int]]) -> None:
        """Zero rows that were replaced: without a direction they are nobody's."""
        for first, count in gone:
            self.vectors[first : first + count] = 0
            if self._scales is not None:
                self._scales[first : first + count] = 0

    def lacks(self, version: bytes, joined: bytes) -> list[bytes]:
        """Those of a version's contents whose vectors are not at their places yet."""
        held = self.places.get(version, (0, 0))
        own = self.contents[held[0] : held[0] + held[1]].tobytes()
        places = [slice(at, at + CONTENT_BYTES) for at in range(0, len(joined), CONTENT_BYTES)]
        wanted = [joined[place] for place in places if joined[place] != own[place]]
        return [each for each in wanted if any(each)]

    def filled(self, version: bytes, rows: int) -> list[bool]:
        """For each of a version's rows, whether it has a vector."""
        first, count = self.places.get(version, (0, 0))
        there: list[bool] = np.any(self.contents[first : first + min(count, rows)], axis=1).tolist()
        return there + [False] * (rows - len(there))

    def places_of(
        self, contents: object, allowed: object, path: Callable[[bytes], str | None]
    ) -> NDArray[np.int64]:
        """The rows of the file versions that have a path, some perhaps without a direction. They are remembered for
        what a view shows and what is allowed; only rows that came since are looked at again."""
        before, covered = np.empty(0, np.int64), 0
        kept = []
        for known in self._shown:
            if known[0] is contents and known[1] is allowed:
                before, covered = known[2:]
            else:
                kept.append(known)
        places = before
        if covered < len(self.contents) or not covered:
            fresh = (
                (first, count)
                for version, (first, count) in self.places.items()
                if first >= covered and path(version) is not None
            )
            places = np.concatenate([before, *(np.arange(first, first + count) for first, count in fresh)])
        self._shown = [*kept[1 - SHOWN_KEPT :], (contents, allowed, places, len(self.contents))]
        return places

    @cached_property
    def _owners(self) -> tuple[NDArray[np.int64], list[bytes]]:
        """Where the rows of each file version begin, ascending, and which it is."""
        begun = sorted((first, version) for version, (first, _) in self.places.items())
        return np.array([first for first, _ in begun], np.int64), [version for _, version in begun]

    def key(self, place: int) -> bytes:
        """The end of the key of the chunk whose row it is: VERSION:ROW."""
        first, versions = self._owners
        at = int(np.searchsorted(first, place, side="right")) - 1
        return versions[at] + b":%d" % (place - int(first[at]))

    def of(self, cosines: NDArray[np.float32], key: bytes) -> float | None:
        """What a scan told of a chunk; None for one without a vector."""
        version, _, row = key.rpartition(b":")
        first, count = self.places.get(version, (0, 0))
        if int(row) >= count:
            return None
        cosine = float(cosines[first + int(row)])
        return cosine if isfinite(cosine) else None

    def row_of(self, key: bytes) -> bytes:
        """The row of a chunk as it is; empty if it has none, or only zeros."""
        version, _, row = key.rpartition(b":")
        first, count = self.places.get(version, (0, 0))
        found = self.vectors[first + int(row)] if int(row) < count else None
        return found.tobytes() if found is not None and found.any() else b""

    def matched(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """How much of some terms each row's description has; NaN for none."""
        scores = matched(self.vectors, terms)
        return np.where(scores > 0, scores, np.float32(np.nan))

    def scan(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosines of all rows; NaN for those without a direction."""
        if self._scales is None:
            self._scales = scales_of(self.vectors)
        packed = pack(query[np.newaxis, :])
        cosines = products(packed, self.vectors) * (self._scales * scales_of(packed))
        return np.where(self._scales > 0, cosines, np.float32(np.nan))


_written: dict[tuple[Path, str], float] = {}
"""When this process wrote which file."""


class LocalCopyFile:
    """The files of one data folder."""

    def __init__(self, data_dir: Path, *of: str) -> None:
        """`of` tells whose rows they are."""
        self._name = blake2b("\0".join(of).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
        self._files = KeptFiles(data_dir, FOLDER, named="[0-9a-f]{24}", most=MOST_KEPT)
        self._place = data_dir, self._name

    def read(self) -> DeepRows | None:
        """What is kept; None if there is nothing, or where it is not as it was written."""
        return self._files.read(self._name, _unpacked)

    def keep(self, rows: DeepRows) -> None:
        """Write them where enough is new. What cannot be written is read from the server again."""
        if rows.fresh < max(KEPT_FROM, KEPT_SHARE * len(rows.contents)):
            return
        now = time.monotonic()
        if now - _written.get(self._place, -KEPT_EVERY) < KEPT_EVERY:
            return
        _written[self._place] = now
        if self._files.write(self._name, _packed(rows)):
            rows.fresh = 0


def _packed(rows: DeepRows) -> bytes:
    order = [(version, *place) for version, place in rows.places.items()]
    at = np.concatenate([np.arange(first, first + count) for _, first, count in order])
    told = {
        "last": rows.last,
        "dimension": rows.dimension,
        "rows": [(version.decode(), count) for version, _, count in order],
    }
    head = json.dumps(told).encode()
    length = len(head).to_bytes(_HEAD_BYTES, "little")
    return sealed(b"".join((length, head, rows.contents[at].tobytes(), rows.vectors[at].tobytes())))


def _unpacked(raw: bytes) -> DeepRows:
    """The reverse of `_packed`. ValueError, KeyError, TypeError for what is not as it was written."""
    if (body := unsealed(raw)) is None:
        raise ValueError("it is not what was kept")
    end = _HEAD_BYTES + int.from_bytes(body[:_HEAD_BYTES], "little")
    head = json.loads(body[_HEAD_BYTES:end])
    dimension = int(head["dimension"])
    rows, at = DeepRows(dimension), 0
    for version, count in head["rows"]:
        rows.places[version.encode()] = at, count
        at += count
    split = end + at * CONTENT_BYTES
    rows.contents = np.frombuffer(body[end:split], np.uint8).reshape(at, CONTENT_BYTES)
    rows.vectors = np.frombuffer(body[split:], np.int8).reshape(at, dimension)
    rows.last = head["last"]
    return rows
