"""Generations of former schemas, for the versions of wherein that made them. This version lists them, counts what they
take, and deletes them when nobody uses them any more; it changes nothing inside them.

Since schema 4 all generations are listed in the same way; those of 4 and 5 hold one list that there is no more.
Versions before know `current` and `generations` alone, which is where theirs stay, each with a search index and texts
of its own.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar

from wherein.store.redis.connection.redis_py import Client, Reply
from wherein.store.redis.keys import Keys


def current(prefix: str) -> str:
    """The key of the number of the generation that counts for versions before schema 4."""
    return f"{prefix}current"


def generations(prefix: str) -> str:
    """The key of the set of generations of versions before schema 4; those versions delete every generation that it
    lists and they do not know."""
    return f"{prefix}generations"


class FormerKeys(Keys):
    """Those of a generation of versions before schema 4."""

    index_stays: ClassVar[bool] = False

    @cached_property
    def alias(self) -> str:
        """What its index is called."""
        return f"{self.prefix}index:{self.generation}"

    @property
    def indexed(self) -> str:
        """What its search index is on."""
        return f"{self.base}c:"

    @cached_property
    def chunks(self) -> str:
        """What the key of every chunk begins with."""
        return self.indexed

    @property
    def listed(self) -> str:
        """SET: where its number stands until it holds nothing."""
        return generations(self.prefix)

    def of_version(self, version: str, chunks: int) -> Iterator[str]:
        """The keys of a file version: its chunks, and its text."""
        yield from super().of_version(version, chunks)
        yield f"{self.base}t:{version}"


def counting(prefix: str, answer: Reply) -> list[FormerKeys]:
    """The generation that counts for versions before schema 4, if there is one, by the answer to GET of `current`."""
    return _keys(prefix, [answer] if isinstance(answer, bytes) else [])


def every(client: Client, prefix: str) -> list[FormerKeys]:
    """All generations of versions before schema 4."""
    pipe = client.pipeline(transaction=False)
    listed, number = pipe.smembers(generations(prefix)).get(current(prefix)).execute()
    return _keys(prefix, {*listed, number} - {None})


def more_lists(keys: Keys) -> list[str]:
    """Keys of lists that only former versions made."""
    return [f"{keys.base}spellings"]  # SET: the names of chunks as they are written, before schema 6


def _keys(prefix: str, numbers: Iterable[bytes]) -> list[FormerKeys]:
    return [FormerKeys(prefix, number) for number in sorted(int(each) for each in numbers if each.isdigit())]
