"""Texts in pieces: a file is deflated in frames of whole lines, and a chunk is read from the frames that hold it."""

import sqlite3
import zlib
from collections.abc import Iterator

FRAME_BYTES = 16_384
"""A frame ends with the first line that reaches so many. The texts of twenty chunks took 2.5 ms when whole files were
inflated; smaller frames shrink worse."""

DEFLATE_LEVEL = 1
"""zlib's fastest: source text shrinks to a third; level 6 saves a tenth more for three times the time."""


def frames(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The first line (1-based) of each frame of a text, and the frame deflated. An empty text has none."""
    start, line = 0, 1
    while start < len(raw):
        end = raw.find(b"\n", start + FRAME_BYTES) + 1 or len(raw)
        piece = raw[start:end]
        yield line, zlib.compress(piece, DEFLATE_LEVEL)
        start = end
        line += piece.count(b"\n")


class Texts:
    """Reads lines of texts; frames stay inflated as long as this lives, for the chunks of one answer."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._inflated: dict[tuple[int, int], list[bytes]] = {}

    def lines(self, content: int, start: int, end: int) -> str:
        """Lines start..end (1-based, inclusive) of a text, joined by line ends."""
        found: list[bytes] = []
        rows = self._db.execute(
            "SELECT first_line, rowid FROM frame WHERE content = :content AND first_line <= :end AND first_line >= "
            "(SELECT max(first_line) FROM frame WHERE content = :content AND first_line <= :start) "
            "ORDER BY first_line",
            {"content": content, "start": start, "end": end},
        ).fetchall()
        for first, row in rows:
            lines = self._inflate(content, first, row)
            found += lines[max(start - first, 0) : end - first + 1]
        return b"\n".join(found).decode("utf-8")

    def _inflate(self, content: int, first: int, row: int) -> list[bytes]:
        key = (content, first)
        if key not in self._inflated:
            data = self._db.execute("SELECT data FROM frame WHERE rowid = ?", (row,)).fetchone()[0]
            lines = zlib.decompress(data).split(b"\n")
            if not lines[-1]:
                lines.pop()
            self._inflated[key] = lines
        return self._inflated[key]
