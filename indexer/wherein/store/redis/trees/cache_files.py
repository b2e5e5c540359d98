"""The trees of views that were read here, kept on this machine: half a search's answer would be the same tree again.

A tree is named by its content, so that one that is kept never is out of date; what is read is compared with its name.
"""

import os
import zlib
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.store.redis.trees.contents import Contents, tree_name, unpack_raw_tree

FOLDER = "trees"

MOST_KEPT = 64
"""Files: 30 kB for every thousand of a repository's. The one that was not used for longest goes first."""

LARGEST = 8_000_000
"""Bytes of one, as it is packed."""


class TreesHere:
    """The trees of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._folder = data_dir / FOLDER

    def read(self, name: str) -> Contents | None:
        """The tree of this name; None where it is not kept, or not as it was."""
        file = self._folder / name
        try:
            raw = zlib.decompress(private.read(file))
            if tree_name(raw) != name:
                raise ValueError("it is another one")
            contents = unpack_raw_tree(raw)
            os.utime(file)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error):
            with suppress(OSError):
                file.unlink()
            return None
        return contents

    def keep(self, name: str, packed: bytes) -> None:
        """Keep a tree as the server has it. What cannot be written is read from the server again."""
        if len(packed) > LARGEST or not name.isalnum():
            return
        with suppress(OSError):
            private.folder(self._folder)
            private.write(self._folder / name, packed)
            private.keep_newest(self._folder, MOST_KEPT, f"[0-9A-Za-z]{{{len(name)}}}")
