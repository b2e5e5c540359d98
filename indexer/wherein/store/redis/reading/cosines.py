"""How near chunks are to a vector by which they were not found."""

from collections.abc import Sequence

from wherein.store.redis.connection.redis_py import Pipeline, Reply
from wherein.store.redis.reading import query
from wherein.store.redis.session import Session


def ask(pipe: Pipeline, session: Session, keys: Sequence[bytes], vector: bytes) -> None:
    """Add the question about chunks, given by the ends of their keys, to a pipeline."""
    prefix = session.keys.chunks.encode()
    arguments = query.distances(vector, [prefix + key for key in keys])
    pipe.execute_command("FT.SEARCH", session.keys.alias, *arguments)


def told(session: Session, answer: Reply) -> dict[bytes, float]:
    """The answer to `ask`, without chunks that have no vector."""
    found = query.answers(answer, session.prefix_length)
    return {each.key: 1.0 - each.distance for each in found if each.distance is not None}
