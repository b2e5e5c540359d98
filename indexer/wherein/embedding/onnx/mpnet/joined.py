"""Reads files that are pieces of one as that one."""

import io
import os
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path


class Joined(io.RawIOBase):
    """Reads pieces one behind another; `zipfile` takes it, since it can be sought in."""

    def __init__(self, pieces: Sequence[Path]) -> None:
        self._files = [piece.open("rb") for piece in pieces]
        self._ends = list(accumulate(os.fstat(file.fileno()).st_size for file in self._files))
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ends[-1]}[whence]
        if base + offset < 0:
            raise OSError(22, "before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read as much as the piece here still has."""
        start = 0
        for file, end in zip(self._files, self._ends, strict=True):
            if self._at < end:
                file.seek(self._at - start)
                read = file.readinto(memoryview(into)[: end - self._at])
                self._at += read
                return read
            start = end
        return 0

    def close(self) -> None:
        """Close the pieces."""
        for file in self._files:
            file.close()
        super().close()
