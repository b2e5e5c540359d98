"""Forges are not overrun: a limited number of fetches from one host in the whole farm, and none while the host asks for
a pause."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from wherein_server.farm.keys import Keys

REST = 60.0
"""Seconds that a host is left alone which said that it is asked too often, and did not say for how long."""

LONGEST_REST = 3600.0

LOOK = 0.2


Client: TypeAlias = Any
"""redis-py's, whose answers have no types"""


class HostBusy(Exception):
    """It is not this one's turn; `seconds` until it is worth asking again."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} is busy")
        self.seconds = seconds


@contextmanager
def turn(
    client: Client, keys: Keys, host: str, *, most: int, holds: float, patience: float
) -> Iterator[None]:
    """Fetch from a host, as one of `most`. Raises HostBusy if that takes longer than `patience` seconds. A turn ends
    after `holds` seconds whatever becomes of its holder. This machine ("") needs none."""
    if not host:
        yield
        return
    token = os.urandom(8).hex()
    until = time.monotonic() + patience
    while not _taken(client, keys, host, token, most, holds):
        if time.monotonic() >= until:
            raise HostBusy(host, 5.0)
        time.sleep(LOOK)
    try:
        yield
    finally:
        client.zrem(keys.host(host), token)


def _taken(client: Client, keys: Keys, host: str, token: str, most: int, holds: float) -> bool:
    if (rest := client.pttl(keys.pause(host))) > 0:
        raise HostBusy(host, rest / 1000)
    key = keys.host(host)

    def take(pipe: Client) -> bool:
        now = time.time()
        held = pipe.zrangebyscore(key, now, "+inf", withscores=True)  # by the ends of the turns
        if len(held) >= most:
            return False
        ends = max([now + holds, *(end for _, end in held)])
        pipe.multi()
        pipe.zremrangebyscore(key, 0, now)
        pipe.zadd(key, {token: now + holds})
        pipe.expire(key, int(ends - now) + 1)
        return True

    return bool(client.transaction(take, key, value_from_callable=True))


def rest(client: Client, keys: Keys, host: str, seconds: float | None = None) -> float:
    """Leave a host alone for a while; how long."""
    length = min(max(seconds or REST, 1.0), LONGEST_REST)
    if host:
        client.set(keys.pause(host), "1", px=int(length * 1000))
    return length
