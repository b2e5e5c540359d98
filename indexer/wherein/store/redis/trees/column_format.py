"""Trees as bytes: column by column, with hashes as plain bytes, which takes a quarter less than row by row.

A tree of 810 files takes 22 kB, of which 16 are hashes; the first search of a new clone waits for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

_HASH = 40
"""Hexadecimal digits at the beginning of what git calls a file's content."""

_DIGITS = re.compile(rf"[0-9a-f]{{{_HASH}}}")
_LENGTH = 4
_END = b"\0"

Row = tuple[bytes, str, int, str]
"""Path, blob, number of chunks, skip reason; no NUL in any."""


def packed(rows: Iterable[Row]) -> bytes:
    """The rows, as `unpacked` reads them."""
    every = list(rows)
    blobs = [row[1] for row in every]
    hashed = _HASH if all(map(_DIGITS.match, blobs)) else 0
    return b"".join(
        len(column).to_bytes(_LENGTH, "little") + column
        for column in (
            bytes.fromhex("".join(blob[:hashed] for blob in blobs)),
            _END.join(row[0] for row in every),
            _END.join(blob[hashed:].encode() for blob in blobs),
            _END.join(b"%d" % row[2] for row in every),
            _END.join(row[3].encode() for row in every),
        )
    )


def unpacked(raw: bytes) -> Iterator[Row]:
    """The rows that were packed. ValueError for what never was."""
    hashes, *columns = _columns(raw)
    paths, tails, chunks, skips = (column.split(_END) for column in columns)
    if paths == [b""]:
        return iter(())
    digits = hashes.hex()
    heads: Sequence[str] = [digits[at : at + _HASH] for at in range(0, len(digits), _HASH)] or [""] * len(
        paths
    )
    return (
        (path, head + tail.decode(), int(count), skip.decode())
        for path, head, tail, count, skip in zip(paths, heads, tails, chunks, skips, strict=True)
    )


def _columns(raw: bytes) -> list[bytes]:
    columns, at = [], 0
    while at < len(raw):
        begin = at + _LENGTH
        at = begin + int.from_bytes(raw[at:begin], "little")
        columns.append(raw[begin:at])
    return columns
