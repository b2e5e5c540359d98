"""Trees that need not be asked for: the last ones that this reader read in memory, those of all readers in files."""

from collections import OrderedDict
from threading import Lock

from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.keys import Keys
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import EMPTY, Contents, unpack_tree

TREES_KEPT = 8
"""In memory: a megabyte for every five thousand files of one."""


class TreeCache:
    """Trees by name. A tree is named by its contents, so that a known one is never out of date. May be used from
    several threads."""

    def __init__(self, keys: Keys, tree_files: TreeFiles | None = None) -> None:
        """`tree_files`: where those are kept that were read on this machine."""
        self._keys = keys
        self._files = tree_files
        self._lock = Lock()
        self._read: OrderedDict[str, Contents] = OrderedDict()

    def known(self, name: str) -> Contents | None:
        """A tree that need not be asked for; the empty tree has no name."""
        if not name:
            return EMPTY
        with self._lock:
            if name in self._read:
                return self._read[name]
        kept = self._files.read(name) if self._files is not None else None
        if kept is not None:
            self._remember(name, kept)
        return kept

    def get(self, client: Client, name: str) -> Contents | None:
        """A tree that is known, or as the server has it; None if it is gone."""
        if (known := self.known(name)) is not None:
            return known
        raw = client.get(self._keys.tree(name))
        return None if raw is None else self.take(name, raw)

    def take(self, name: str, raw: bytes) -> Contents:
        """Remember a tree that the server has sent, and unpack it."""
        contents = unpack_tree(raw)
        self._remember(name, contents)
        self.keep(name, raw)
        return contents

    def keep(self, name: str, raw: bytes) -> None:
        """Keep a tree that was read or written on this machine, for the next process."""
        if self._files is not None:
            self._files.keep(name, raw)

    def _remember(self, name: str, contents: Contents) -> None:
        with self._lock:
            self._read[name] = contents
            while len(self._read) > TREES_KEPT:
                self._read.popitem(last=False)
