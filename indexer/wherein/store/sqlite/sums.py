"""A checksum of each page of an index file, in a file beside it.

SQLite believes what it reads. Here every page is compared with what the writer left when a file is opened: for 18 MB,
the index of 15,000 chunks, this takes 4 ms (a cold search 310). Each page is compared as SQLite would read it, from the
write-ahead log if it is newer there, so it does not matter how far the log was folded in.

A transaction comes first, its sums after it (`seal.py`). SQLite's own checksums of the log vouch for what is in the log
beyond what the sums know, and that stays in the log until the sums are written.
"""

import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wherein import private
from wherein.quick_dataclass import dataclass
from wherein.store.sqlite.descriptors import Held
from wherein.store.sqlite.log import Log, Words

Hashes = NDArray[np.uint64]

PAGES_AT_ONCE = 256
"""A megabyte: larger blocks leave the processor's cache."""

UNKNOWN = np.uint64(2**64 - 1)
"""The sum of a page that was never written: the file may hold anything there."""

_MAGIC = b"wherein sums 1\n\0"
_HEAD = 64
_PCG_FACTOR = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645
_PCG_STATE = 166_243_272_461_545_909_382_920_814_461_688_149_891
_PCG_STEP = 303_492_851_726_987_372_719_979_817_805_891_897_865
"""of the seed 20,260"""
_WORD = 1 << 64
_PAGE_ONE_CHANGES = ((24, 28), (40, 44), (92, 100))
"""Bytes of the first page that SQLite counts up, and that differ in a copy of the file: a change counter, the schema's,
and who wrote last."""


@dataclass(slots=True)
class Sums:
    """What the pages of an index file were after some transaction."""

    made: int
    """which file it is (`Identity.made`)"""
    commits: int
    """the last transaction that the sums know"""
    page_bytes: int
    salt: bytes
    """of the log at that time; empty if there was none"""
    frames: int
    """of the log that the sums know; those after them are newer"""
    hashes: Hashes
    """one for each page"""


def sums_path(path: Path, made: int) -> Path:
    """The file of the sums of an index."""
    return path.with_name(f"{path.name}-{made:012x}.sums")


def all_sums(path: Path) -> list[Path]:
    """All that are beside an index: its own, and what was left by others."""
    own = f"{path.name}-"
    with suppress(OSError):
        # names alone: each of hundreds of indexes that are opened has the files of all of them in its folder
        names = os.listdir(path.parent)  # noqa: PTH208
        return sorted(
            path.with_name(name) for name in names if name.startswith(own) and name.endswith(".sums")
        )
    return []


def forget_others(path: Path, made: int) -> None:
    """Delete the sums of files that are gone."""
    own = sums_path(path, made)
    for each in all_sums(path):
        if each != own:
            each.unlink(missing_ok=True)


def write_sums(path: Path, sums: Sums) -> None:
    """Put the sums of an index beside it, complete and synced."""
    fields = (sums.made, sums.commits, sums.page_bytes, sums.frames, len(sums.hashes))
    head = _MAGIC + b"".join(each.to_bytes(8, "little") for each in fields)
    raw = (head[:_HEAD].ljust(_HEAD, b"\0") + sums.salt.ljust(8, b"\0")) + sums.hashes.astype("<u8").tobytes()
    place = sums_path(path, sums.made)
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            if os.name == "posix":
                os.fchmod(handle, 0o600)  # whatever the umask took away
            file.write(raw + zlib.crc32(raw).to_bytes(4, "little"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def read_sums(place: Path) -> Sums | None:
    """The content of a file of sums; None if it is missing or damaged."""
    try:
        raw = private.read(place)
    except FileNotFoundError:
        return None
    if len(raw) < _HEAD + 12 or not raw.startswith(_MAGIC):
        return None
    if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
        return None
    made, commits, page_bytes, frames, count = (
        int.from_bytes(raw[at : at + 8], "little") for at in range(len(_MAGIC), len(_MAGIC) + 40, 8)
    )
    hashes = np.frombuffer(raw[_HEAD + 8 : -4], "<u8").astype(np.uint64)
    if len(hashes) != count:
        return None
    salt = raw[_HEAD : _HEAD + 8]
    return Sums(made, commits, page_bytes, salt if any(salt) else b"", frames, hashes)


def first_sums(path: Path, made: int, commits: int, page_bytes: int) -> Sums:
    """The sums of a file without a log."""
    count = path.stat().st_size // page_bytes
    return Sums(made, commits, page_bytes, b"", 0, file_hashes(path, page_bytes, count))


def newer_commits(path: Path, sums: Sums) -> int | None:
    """How many transactions the log of an index file holds that its sums do not know; None if a page that they left
    alone differs from what the sums say."""
    found = file_hashes(path, sums.page_bytes, len(sums.hashes))
    newer = np.zeros(len(found), np.bool_)
    log = Log(path, sums.page_bytes)
    at, known = 0, sums.frames if log.salt == sums.salt else 0
    commits = 0
    for frames in log.frames():
        inside = frames.numbers <= len(found)
        places, order = frames.numbers - 1, np.arange(at, at + len(frames.numbers))
        old, new = inside & (order < known), inside & (order >= known)
        found[places[old]] = hash_pages(frames.pages[old], frames.numbers[old])
        newer[places[new]] = True
        commits += int(((frames.sizes > 0) & (order >= known)).sum())
        at += len(frames.numbers)
    whole = at >= known and ((found == sums.hashes) | newer | (sums.hashes == UNKNOWN)).all()
    return commits if whole else None


def file_hashes(path: Path, page_bytes: int, count: int) -> Hashes:
    """The sums of the first `count` pages of a file; beyond its end, they are of zeros."""
    hashes = np.zeros(count, np.uint64)
    with Held(path) as file:
        for first, pages in _blocks(file, page_bytes, count):
            hashes[first : first + len(pages)] = hash_pages(
                pages, np.arange(first + 1, first + 1 + len(pages))
            )
    return hashes


def hash_pages(pages: Words, numbers: NDArray[np.int64]) -> Hashes:
    """The sum of each page, shape (n,): its words, each multiplied by an odd number of its own.

    Any change of one word is noticed; of other changes, one in 2^32 is not. The sum of zeros is 0.
    """
    weights = _weights(pages.shape[1])
    hashes: Hashes = np.einsum("ij,j->i", pages, weights)
    for at in np.flatnonzero(numbers == 1):
        page = pages[at].copy()
        for begin, end in _PAGE_ONE_CHANGES:
            page[begin // 4 : end // 4] = 0
        hashes[at] = np.einsum("j,j->", page, weights)
    return hashes


def _blocks(file: Held, page_bytes: int, count: int) -> Iterator[tuple[int, Words]]:
    buffer = bytearray(PAGES_AT_ONCE * page_bytes)
    for first in range(0, count, PAGES_AT_ONCE):
        wanted = min(PAGES_AT_ONCE, count - first) * page_bytes
        got = 0
        while got < wanted and (
            more := file.read_into(memoryview(buffer)[got:wanted], first * page_bytes + got)
        ):
            got += more
        buffer[got:wanted] = bytes(wanted - got)
        yield first, np.frombuffer(buffer, np.uint32, wanted // 4).reshape(-1, page_bytes // 4)


@cache
def _weights(words: int) -> Hashes:
    """Odd numbers as `numpy.random.PCG64` draws them from one seed; importing it takes 8 ms, this .3."""
    state, drawn = _PCG_STATE, []
    for _ in range(words):
        state = (state * _PCG_FACTOR + _PCG_STEP) % (1 << 128)
        folded, turn = (state >> 64 ^ state) % _WORD, state >> 122
        drawn.append((folded >> turn | folded << 64 - turn) % _WORD | 1)
    return np.array(drawn, np.uint64)
