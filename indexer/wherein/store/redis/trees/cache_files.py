"""Trees that were read are kept on this machine: half a search's answer would be the same tree again.

A tree is named by its content, so that a kept one never gets out of date; what is read is compared with its name.
"""

import zlib
from pathlib import Path

from wherein.store.redis.kept_files import KeptFiles
from wherein.store.redis.trees.contents import ID_BYTES, Contents, tree_name, unpack_raw_tree

FOLDER = "trees"

MOST_KEPT = 64
"""Files: 30 kB for every thousand of a repository's."""

NAMED = rf"[0-9A-Za-z]{{{4 * ID_BYTES // 3}}}"
"""What `tree_name` makes."""

LARGEST = 8_000_000
"""Bytes of one, as it is packed."""


class TreeFiles:
    """The trees of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._files = KeptFiles(data_dir, FOLDER, named=NAMED, most=MOST_KEPT)

    def read(self, name: str) -> Contents | None:
        """The tree of this name; None if it is not kept, or not as it was."""

        def unpack(packed: bytes) -> Contents:
            raw = zlib.decompress(packed)
            if tree_name(raw) != name:
                raise ValueError("it is another one")
            return unpack_raw_tree(raw)

        return self._files.read(name, unpack)

    def keep(self, name: str, packed: bytes) -> None:
        """Keep a tree as the server has it. What cannot be written is read from the server again."""
        if len(packed) <= LARGEST:
            self._files.write(name, packed)
