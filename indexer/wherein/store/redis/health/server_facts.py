"""What a server reports about itself, in one round trip."""

from collections.abc import Mapping
from typing import Any

from redis.exceptions import BusyLoadingError, ConnectionError, NoPermissionError, ResponseError

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.redis_py import Client, Reply

COMPACT = "hash-max-listpack-value"
WANTED = "min-replicas-to-write"


@dataclass(frozen=True, slots=True)
class Facts:
    """What this user is shown; None for the rest."""

    user: str | None
    info: Mapping[str, Any] | None
    """INFO"""
    on_timeout: str | None
    """what becomes of a query that takes too long: `fail`, `return`; empty if the server does not know"""
    saves: bool | None
    """whether snapshots are made"""
    compact: int | None
    """bytes of the longest value of a hash that is kept as one block of memory (hash-max-listpack-value)"""
    replicas_wanted: int | None
    """how many replicas must be there for a write (min-replicas-to-write)"""


def gather(client: Client) -> Facts:
    """Ask the server. Raises what redis-py does where nothing answers."""
    pipe = client.pipeline(transaction=False)
    pipe.acl_whoami()
    pipe.info()
    pipe.execute_command("FT.CONFIG", "GET", "ON_TIMEOUT")
    pipe.config_get("save")
    pipe.config_get(COMPACT)
    pipe.config_get(WANTED)
    user, info, on_timeout, save, compact, wanted = (
        _told(each) for each in pipe.execute(raise_on_error=False)
    )
    return Facts(
        user=None if user is None else text(user),
        info=info,
        on_timeout=None if on_timeout is None else text(on_timeout[0][1]).lower() if on_timeout else "",
        saves=None if save is None else bool(save.get("save")),
        compact=int(compact[COMPACT]) if compact else None,
        replicas_wanted=int(wanted[WANTED]) if wanted else None,
    )


def _told(answer: Reply) -> Reply:
    """The answer; None if it was refused, for lack of a right or because a cloud's server lacks the command."""
    if isinstance(answer, BusyLoadingError) or not isinstance(answer, ConnectionError | ResponseError):
        if isinstance(answer, Exception):
            raise answer
        return answer
    if isinstance(answer, NoPermissionError | ResponseError):
        return None
    raise answer


def text(value: Any) -> str:  # noqa: ANN401 - redis-py gives some answers as str, others as bytes
    """A string of an answer."""
    return value.decode() if isinstance(value, bytes) else str(value)
