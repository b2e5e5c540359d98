"""Whether a server is a good store: what it reports, rights, speed, encryption, the index, other nodes."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from redis.exceptions import RedisError, ResponseError

from wherein.store.header import MEND
from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.damage import lost_keys
from wherein.store.redis.generations import registry
from wherein.store.redis.health import nodes
from wherein.store.redis.health.server_facts import Facts, gather
from wherein.store.redis.health.server_findings import Finding, findings, search_module
from wherein.store.undecodable import UNDECODABLE

if TYPE_CHECKING:
    from redis import Redis

WITHIN = 1.8
"""Seconds for all questions, whatever the network does; what was answered by then is reported."""

ANSWER_WITHIN = 1.0
"""Seconds for one answer."""

PINGS, PING_SECONDS = 3, 0.3
SLOW_MILLISECONDS = 20.0
"""Of the median answer: a query makes two round trips, and its budget is 10 to 25 ms."""

LOOPBACK = ("127.", "localhost", "::1")


def examine(target: Target, *, key: str = "") -> list[Finding]:
    """Look at the server, in a cluster at the one that holds `key`, for at most WITHIN seconds. StoreUnreachable,
    ConfigError."""
    found: list[Finding] = []
    failed: list[BaseException] = []

    def look() -> None:
        try:
            _look(replace(target, timeout=min(target.timeout or ANSWER_WITHIN, ANSWER_WITHIN)), key, found)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=look, daemon=True, name="wherein-doctor")
    thread.start()
    thread.join(WITHIN)
    with explained(target.shown):
        if failed and not found:
            raise failed[0]
    if failed or thread.is_alive():
        late = Finding(
            "redis server",
            "fail",
            f"{target.shown} does not answer all requests within {WITHIN} s",
            "check the server, and the network to it",
        )
        return [*found, late]
    return found


def _look(target: Target, key: str, found: list[Finding]) -> None:
    with connect(target, key=key) as client:
        facts = gather(client)
        found += findings(facts)
        found += _rights(facts, target)
        found.append(_latency(client))
        found += _transport(target)
        found += _index(client, key)
        others = nodes.addresses(client, target, facts.info)
        odd = nodes.odd_ones(client, target, key, others) if others else []
        found += (Finding("redis nodes", "warn", f"{h}:{p} {says}", nodes.REMEDY) for (h, p), says in odd)
        if others and not odd:
            found.append(Finding("redis nodes", "ok", f"{len(others)} with the same users"))


def search_version(target: Target) -> tuple[int, int, int] | None:
    """Of the search module; None without one, or where this user is not shown it. StoreUnreachable."""
    with explained(target.shown), connect(target) as client:
        info = gather(client).info
    return None if info is None else search_module(info)


def _rights(facts: Facts, target: Target) -> Iterator[Finding]:
    name = "redis rights"
    this = f"this is {facts.user}" if facts.user else "this user may not ask who it is"
    if facts.user == "default":
        this += ", who may do everything"
    if not _lets_anybody_in(target):
        yield Finding(name, "ok", this)
    elif _is_local(target):
        yield Finding(name, "ok", f"{this}; nobody needs a password, but only this machine can connect")
    else:
        yield Finding(
            name,
            "warn",
            "anybody who can reach the server may read and change everything: there is no password",
            "give default a password, and each role a user: wherein redis acl",
        )


def _lets_anybody_in(target: Target) -> bool:
    try:
        greeting = Greeting()
        with connect(replace(target, username=None, password=None), greeting=greeting) as stranger:
            greeting.answer(stranger)
    except (RedisError, OSError):
        return False
    return True


def _index(client: "Redis", prefix: str) -> Iterator[Finding]:
    with suppress(ResponseError):
        indexes = registry.understood(client, prefix) if prefix else []
        pipe = client.pipeline(transaction=False)
        for keys in indexes:
            pipe.hget(keys.meta, "due")
        if any(pipe.execute()):
            yield Finding(
                "redis index",
                "warn",
                "the repository has outgrown its search index, or other parameters were asked for",
                "the administrator's `wherein repo add`, once more",
            )
        try:
            lost = [each for keys in indexes for each in lost_keys.lost(client, keys)]
        except UNDECODABLE as error:
            lost = [f"what it was told: {error}"]
        if lost:
            yield Finding("redis index", "fail", f"the server has lost {' and '.join(lost)}", MEND)


def _latency(client: "Redis") -> Finding:
    times: list[float] = []
    end = time.perf_counter() + PING_SECONDS
    while len(times) < PINGS and (not times or time.perf_counter() < end):
        began = time.perf_counter()
        with suppress(ResponseError):  # a server that cannot save says so even here
            client.ping()
        times.append(1000 * (time.perf_counter() - began))
    median = statistics.median(times)
    says = f"answers in {median:.2f} ms"
    if median > SLOW_MILLISECONDS:
        return Finding("redis speed", "warn", f"{says}: queries wait for the network", "use a server nearby")
    return Finding("redis speed", "ok", says)


def _transport(target: Target) -> Iterator[Finding]:
    if not target.tls and not _is_local(target):
        yield Finding(
            "redis transport",
            "warn",
            "code and passwords cross the network unencrypted",
            "use rediss:// with a server that speaks TLS: docs/redis.md",
        )


def _is_local(target: Target) -> bool:
    return not target.hosts or all(host.startswith(LOOPBACK) for host, _ in target.hosts)
