"""Files in the data folder that spare the next process a question: what the server would have to send once more.

Nothing is lost with one. A file that cannot be read, or is not as it was written, is deleted and counts as missing; of
too many, those go that were not used for longest. Names may come from the server, so that only those that fit are
touched: any other could lead out of the folder.
"""

import os
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from wherein import private

T = TypeVar("T")


class KeptFiles:
    """The files of one folder, below a data folder."""

    def __init__(self, data_dir: Path, folder: str, *, named: str, most: int) -> None:
        """`named`: an expression that fits their names and no others; `most`: how many are kept."""
        self._folder = data_dir / folder
        self._named = re.compile(named, re.ASCII)
        self._most = most

    def read(self, name: str, unpack: Callable[[bytes], T]) -> T | None:
        """What `unpack` makes of a file; None if there is none, or where that fails."""
        if not self._named.fullmatch(name):
            return None
        file = self._folder / name
        try:
            found = unpack(private.read(file))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, zlib.error):
            with suppress(OSError):
                file.unlink()
            return None
        with suppress(OSError):
            os.utime(file)
        return found

    def write(self, name: str, data: bytes) -> bool:
        """Keep a file; whether that could be done."""
        if not self._named.fullmatch(name):
            return False
        try:
            private.folder(self._folder)
            private.write(self._folder / name, data)
            private.keep_newest(self._folder, self._most, self._named.pattern)
        except OSError:
            return False
        return True
