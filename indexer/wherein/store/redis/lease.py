"""The right to update a repository's index: a lock with a lease, held by whoever renews it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import LockError, RedisError

from wherein.store.redis import keys as names
from wherein.store.redis.address import parse
from wherein.store.redis.client import Client
from wherein.store.redis.connection import connect
from wherein.store.redis.failures import explained
from wherein.store.redis.names import repository_prefix

LEASE = 20.0
"""Seconds after which the right of a killed process or a lost machine ends."""

RENEWED = 5.0
"""Seconds between renewals."""

POLL = 0.05


@contextmanager
def held(url: str, repository: str, wait: float) -> Iterator[bool]:
    """Hold the right; yields whether it was got within `wait` seconds."""
    target = parse(url)
    prefix = repository_prefix(target.tenant, repository)
    with explained(target.shown):
        client: Client = connect(target, key=prefix)
        lock = client.lock(names.lock(prefix), timeout=LEASE, sleep=POLL, thread_local=False)
        deadline = time.monotonic() + max(wait, 0.0)
        got = lock.acquire(blocking=False)
        while not got and time.monotonic() < deadline:
            time.sleep(POLL)
            got = lock.acquire(blocking=False)
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(RENEWED):
            with suppress(LockError, RedisError):
                lock.reacquire()

    renewing = threading.Thread(target=renew, daemon=True, name="wherein-lease")
    if got:
        renewing.start()
    try:
        yield bool(got)
    finally:
        ended.set()
        if got:
            renewing.join()
            with suppress(LockError, RedisError):
                lock.release()
        client.close()
