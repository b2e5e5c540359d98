"""Writes down the checksums of an index's pages, after a transaction and before its log is folded in."""

import os
import sqlite3
from pathlib import Path

import numpy as np

from wherein.store.sqlite.connection import transaction, verify
from wherein.store.sqlite.log import FRAME_HEADER_BYTES, HEADER_BYTES, Log
from wherein.store.sqlite.sums import (
    UNKNOWN,
    Sums,
    hash_pages,
    read_sums,
    sums_path,
    write_sums,
)

LOG_PAGES = 1_000
"""A log of this many pages is folded into its file: SQLite's own measure, but SQLite would not wait for the sums."""


def seal(db: sqlite3.Connection, path: Path) -> None:
    """Bring the sums up to date with what was committed, by anybody, and fold in a log that is long.

    Raises sqlite3.DatabaseError, OSError.
    """
    if _sums(db, path).commits == verify(db, path).commits:
        return
    with transaction(db, "BEGIN IMMEDIATE"):  # nobody commits meanwhile
        sums = _sums(db, path)
        frames = _take_in(sums, Log(path, sums.page_bytes))
        sums.commits = verify(db, path).commits
        _sync_log(path)  # before anything says that it is there
        write_sums(path, sums)
    if frames >= LOG_PAGES:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _sums(db: sqlite3.Connection, path: Path) -> Sums:
    sums = read_sums(sums_path(path, verify(db, path).made))
    if sums is None:
        raise sqlite3.DatabaseError("its checksums are lost")
    return sums


def due(path: Path, page_bytes: int = 4096) -> bool:
    """Whether the log is so long that it should be folded in."""
    try:
        size = path.with_name(path.name + "-wal").stat().st_size
    except FileNotFoundError:
        return False
    return size >= HEADER_BYTES + LOG_PAGES * (FRAME_HEADER_BYTES + page_bytes)


def _take_in(sums: Sums, log: Log) -> int:
    """Add the transactions of the log that are newer. Returns how many frames it has."""
    known = sums.frames if log.salt == sums.salt else 0
    waiting: list[tuple[np.ndarray, np.ndarray]] = []  # of a transaction whose end was not seen yet
    at = known
    for frames in log.frames(known):
        hashes = hash_pages(frames.pages, frames.numbers)
        begin = 0
        for end in np.flatnonzero(frames.sizes).tolist():
            waiting.append((frames.numbers[begin : end + 1], hashes[begin : end + 1]))
            size = int(frames.sizes[end])
            if size > len(sums.hashes):
                grown = np.full(size - len(sums.hashes), UNKNOWN)
                sums.hashes = np.concatenate([sums.hashes, grown])
            sums.hashes = sums.hashes[:size]
            for numbers, found in waiting:
                inside = numbers <= size
                sums.hashes[numbers[inside] - 1] = found[inside]
            waiting = []
            begin = end + 1
            known = at + begin
        waiting.append((frames.numbers[begin:], hashes[begin:]))
        at += len(frames.numbers)
    sums.salt, sums.frames = log.salt, known
    return known


def _sync_log(path: Path) -> None:
    try:
        handle = os.open(path.with_name(path.name + "-wal"), os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
