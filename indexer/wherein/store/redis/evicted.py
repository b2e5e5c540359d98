"""Whether a server still has every chunk that is counted: a full one may evict them, a crash lose them."""

from collections.abc import Callable, Iterable
from typing import Any

from wherein.store.redis import searchindex
from wherein.store.redis.client import Pipeline, Reply
from wherein.store.redis.keys import Keys


class Evicted(Exception):
    """Chunks that views show are not there."""

    def __init__(self, there: int, counted: int) -> None:
        super().__init__(f"{there} of {counted} chunks are there")
        self.there = there
        self.counted = counted


def ask(pipe: Pipeline, keys: Keys) -> Pipeline:
    """Add to a pipeline what `check` looks at; it takes the server 0.015 ms, however many chunks there are."""
    return pipe.execute_command("FT.INFO", keys.alias)


def check(run: Callable[[Callable[[Any], object]], list[Any]], keys: Keys, told: Reply, counted: int) -> None:
    """Evicted where the search index holds fewer chunks than are counted. `run` is the session's.

    A writer, and a full server that refuses to count, may be the reason: so the list of what is stored, which changes
    in one transaction with the chunks, is asked in one more round trip before that is believed.
    """
    if not _lacks(told, counted):
        return
    before, told, after = run(lambda pipe: ask(pipe.hvals(keys.versions), keys).hvals(keys.versions))
    listed = min(_chunks(before), _chunks(after))
    if _lacks(told, listed):
        raise Evicted(_there(told), listed)


def _lacks(told: Reply, counted: int) -> bool:
    index = searchindex.facts(told)
    return not int(index.get("indexing", 0)) and _there(told) < counted


def _there(told: Reply) -> int:
    return int(searchindex.facts(told)["num_docs"])


def _chunks(versions: Iterable[bytes]) -> int:
    return sum(int(facts.split()[0]) for facts in versions)
