"""How much is stored, as the server counts it."""

from collections.abc import Sequence

from wherein.store.protocol import Counts
from wherein.store.redis.connection.client_types import Reply
from wherein.store.redis.damage import eviction
from wherein.store.redis.deep import on_server
from wherein.store.redis.search_index import search_index
from wherein.store.redis.session import Session

FACTS = ("versions", "chunks", "bytes")


def counts(session: Session) -> Counts:
    """What `Store.counts` answers. Evicted where chunks are lost."""
    keys = session.keys
    found, views, info, again = session.run(
        lambda pipe: eviction.ask(pipe.hmget(keys.meta, FACTS).hlen(keys.views), keys).hmget(keys.meta, FACTS)
    )
    chunks = (int(facts[FACTS.index("chunks")] or 0) for facts in (found, again))
    eviction.check(session.run, keys, info, min(chunks))
    return counted(found, int(views), info, on_server.taken(session.client, keys.prefix))


def counted(facts: Sequence[bytes | None], views: int, info: Reply, vectors: int) -> Counts:
    """The same by what the meta says of FACTS, FT.INFO of the index, and the bytes of the deep tier."""
    versions, chunks, size = (int(value or 0) for value in facts)
    return Counts(versions, chunks, size + search_index.size(search_index.facts(info)) + vectors, views)
