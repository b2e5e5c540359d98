"""SQLite's write-ahead log, as far as it says which pages of an index it has newer versions of."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from wherein.quick_dataclass import dataclass
from wherein.without_waiting import beginning

Words = NDArray[np.uint32]

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
FRAMES_AT_ONCE = 256

_MAGIC = (0x377F0682, 0x377F0683)


@dataclass(frozen=True, slots=True)
class Frames:
    """Some frames in a row, each a page as one transaction left it."""

    numbers: NDArray[np.int64]
    """of the pages, from 1"""
    sizes: NDArray[np.int64]
    """pages of the database after the transaction that a frame ends; 0 in the middle of one"""
    pages: Words
    """shape (n, page size / 4): their contents"""


class Log:
    """The frames that SQLite has not overwritten with older ones: those with the salt of the log's header.

    `salt` is empty if there is no log, or none with a frame in it.
    """

    def __init__(self, path: Path, page_bytes: int) -> None:
        self.path = path.with_name(path.name + "-wal")
        self.salt = b""
        self._page_bytes = page_bytes
        header = b""
        with suppress(FileNotFoundError):
            header = beginning(self.path, HEADER_BYTES)
        if len(header) == HEADER_BYTES and int.from_bytes(header[:4], "big") in _MAGIC:
            self.salt = header[16:24]

    def frames(self, after: int = 0) -> Iterator[Frames]:
        """The frames behind the first `after`, some at once."""
        if not self.salt:
            return
        frame_words = (FRAME_HEADER_BYTES + self._page_bytes) // 4
        salt = np.frombuffer(self.salt, np.uint32)
        with self.path.open("rb") as file:
            file.seek(HEADER_BYTES + after * frame_words * 4)
            while len(words := _read(file, frame_words)):
                other = (words[:, 2:4] != salt).any(axis=1)
                valid = int(other.argmax()) if other.any() else len(words)
                heads = words[:valid, :2].view(">u4").astype(np.int64)
                yield Frames(heads[:, 0], heads[:, 1], words[:valid, FRAME_HEADER_BYTES // 4 :])
                if valid < len(words):
                    return


def _read(file: BinaryIO, frame_words: int) -> Words:
    raw = file.read(FRAMES_AT_ONCE * frame_words * 4)
    return np.frombuffer(raw[: len(raw) - len(raw) % (frame_words * 4)], np.uint32).reshape(-1, frame_words)
