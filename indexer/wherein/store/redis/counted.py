"""How much is stored, as the server counts it."""

from wherein.store.protocol import Counts
from wherein.store.redis import deep, evicted, searchindex
from wherein.store.redis.session import Session

_FACTS = ("versions", "chunks", "bytes")


def counts(session: Session) -> Counts:
    """What `Store.counts` answers. Evicted where chunks are lost."""
    keys = session.keys
    found, views, info, again = session.run(
        lambda pipe: evicted.ask(pipe.hmget(keys.meta, _FACTS).hlen(keys.views), keys).hmget(
            keys.meta, _FACTS
        )
    )
    versions, chunks, size = (int(value or 0) for value in found)
    evicted.check(session.run, keys, info, min(chunks, int(again[_FACTS.index("chunks")] or 0)))
    size += searchindex.size(searchindex.facts(info)) + deep.taken(session.client, keys.prefix)
    return Counts(versions, chunks, size, int(views))
