"""What is right and wrong with a server as a store: its version, memory, persistence, rights, speed."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from redis.exceptions import RedisError, ResponseError

from wherein.store.header import MEND
from wherein.store.redis import nodes, registry, wholeness
from wherein.store.redis.address import Target
from wherein.store.redis.connection import connect
from wherein.store.redis.failures import explained
from wherein.store.redis.loading import progress
from wherein.store.redis.server_facts import Facts, gather
from wherein.store.undecodable import UNDECODABLE

if TYPE_CHECKING:
    from redis import Redis

OLDEST_SERVER = (7, 2)
"""The first whose search module is built for it; Redis 7.0 does not load that of Redis Stack 7.4."""

OLDEST_SEARCH = (2, 10)
"""The first with FLOAT16 vectors."""

LONGEST_VALUE = 8192
"""Bytes. A chunk whose values are no longer takes one block of memory instead of thirty: of 4,780 bytes a chunk 580
less, and no more time. Hardly a chunk has a longer one."""

NEARLY_FULL = 0.85
"""Of maxmemory. Indexing needs room for the pages that a rewrite of the log copies."""

WITHIN = 1.8
"""Seconds for all that is asked, whatever the network does; what was answered until then is told."""

ANSWER_WITHIN = 1.0
"""Seconds for one answer."""

PINGS, PING_SECONDS = 21, 0.3
SLOW_MILLISECONDS = 20.0
"""Of the median answer: a query makes two round trips, and its budget is 10 to 25 ms."""

LOOPBACK = ("127.", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Literal["ok", "warn", "fail"]
    says: str
    remedy: str = ""


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
            f"{target.shown} does not answer all questions within {WITHIN} s",
            "look at the server, and the network between",
        )
        return [*found, late]
    return found


def _look(target: Target, key: str, found: list[Finding]) -> None:
    with connect(target, key=key) as client:
        facts = gather(client)
        looks: tuple[tuple[str, Callable[[Facts, Mapping[str, Any]], Iterator[Finding]]], ...] = (
            ("redis server", _server),
            ("redis search", _search),
            ("redis memory", _memory),
            ("redis disk", _persistence),
        )
        for name, look in looks:
            if facts.info is None:
                found.append(Finding(name, "ok", "is not shown to this user"))
            else:
                found += look(facts, facts.info)
        found += _rights(facts, target)
        found.append(_latency(client))
        found += _transport(target)
        found += _index(client, key)
        others = nodes.addresses(client, target, facts.info)
        odd = nodes.odd_ones(client, target, key, others)
        found += (Finding("redis nodes", "warn", f"{h}:{p} {says}", nodes.REMEDY) for (h, p), says in odd)
        if others and not odd:
            found.append(Finding("redis nodes", "ok", f"{len(others)} with the same users"))


def _server(_: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    valkey = info.get("valkey_version")
    version = str(valkey or info["redis_version"])
    says = f"{'Valkey' if valkey else 'Redis'} {version}, {info.get('redis_mode') or info.get('server_mode', 'alone')}"
    if info.get("loading"):
        yield Finding(
            "redis server", "fail", f"{says}, still loads its data{progress(info)}", "try again then"
        )
    elif info["role"] != "master" and info.get("master_link_status") != "up":
        syncs = info.get("master_sync_in_progress")
        yield Finding(
            "redis server",
            "fail",
            f"{says}, a replica {'that still gets its data from' if syncs else 'without a link to'} its master",
            "wait, or use the master's URL",
        )
    elif info["role"] != "master":
        yield Finding(
            "redis server",
            "warn",
            f"{says}, a replica: it can be searched but not indexed",
            "use the master's URL",
        )
    elif _numbers(version) < OLDEST_SERVER:
        yield Finding(
            "redis server", "fail", f"{says} is too old", "use Redis 8, or Redis Stack 7.2 or newer"
        )
    else:
        yield Finding("redis server", "ok", says)


def _search(facts: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    version = _search_module(info)
    if version is None:
        yield Finding(
            "redis search",
            "fail",
            "the server has no search module",
            "use Redis 8 or Redis Stack, or load the module: docs/redis.md",
        )
        return
    says = f"search module {'.'.join(map(str, version))}"
    if version < OLDEST_SEARCH:
        yield Finding("redis search", "fail", f"{says} is too old", "use Redis 8, or Redis Stack 7.4")
        return
    if facts.on_timeout == "return":
        yield Finding(
            "redis search",
            "warn",
            f"{says} answers with a part of what there is when a query takes too long (ON_TIMEOUT return)",
            "FT.CONFIG SET ON_TIMEOUT FAIL, or search-on-timeout fail in redis.conf of Redis 8",
        )
    else:
        yield Finding("redis search", "ok", says)


def search_version(target: Target) -> tuple[int, int, int] | None:
    """Of the search module; None without one, or where this user is not shown it. StoreUnreachable."""
    with explained(target.shown), connect(target) as client:
        info = gather(client).info
    return None if info is None else _search_module(info)


def _search_module(info: Mapping[str, Any]) -> tuple[int, int, int] | None:
    for each in info.get("modules", ()):
        if each["name"] in ("search", "searchlight"):
            packed = int(each["ver"])
            return packed // 10_000, packed // 100 % 100, packed % 100
    return None


def _memory(facts: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    used, most, policy = int(info["used_memory"]), int(info["maxmemory"]), str(info["maxmemory_policy"])
    says = f"{_size(used)} of {_size(most)} used" if most else f"{_size(used)} used, no limit set"
    if most and policy != "noeviction":
        yield Finding(
            "redis memory",
            "fail",
            f"{says}; the server forgets parts of the index when it is full (maxmemory-policy {policy})",
            "wherein redis prepare (CONFIG SET maxmemory-policy noeviction)",
        )
    elif most and used > NEARLY_FULL * most:
        yield Finding("redis memory", "warn", f"{says}: nearly full", "raise maxmemory, or run wherein gc")
    elif policy != "noeviction":
        yield Finding(
            "redis memory",
            "warn",
            f"{says}; with a limit the server would forget parts of the index (maxmemory-policy {policy})",
            "wherein redis prepare (CONFIG SET maxmemory-policy noeviction)",
        )
    elif facts.compact is not None and facts.compact < LONGEST_VALUE:
        yield Finding(
            "redis memory",
            "warn",
            f"{says}, {policy}; chunks take an eighth more than they need (hash-max-listpack-value {facts.compact})",
            f"wherein redis prepare (CONFIG SET hash-max-listpack-value {LONGEST_VALUE})",
        )
    else:
        yield Finding("redis memory", "ok", f"{says}, {policy}")


def _persistence(facts: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    if info.get("aof_enabled"):
        if any(
            info.get(each, "ok") != "ok" for each in ("aof_last_write_status", "aof_last_bgrewrite_status")
        ):
            yield Finding(
                "redis disk", "fail", "the log (AOF) cannot be written", "look at the server's disk and log"
            )
        else:
            yield Finding("redis disk", "ok", "every write goes to a log (AOF)")
    elif info["rdb_last_bgsave_status"] != "ok":
        yield Finding("redis disk", "fail", "the last snapshot failed", "look at the server's disk and log")
    elif facts.saves is not False:
        yield Finding(
            "redis disk",
            "warn",
            "only snapshots are kept: a crash loses what came after the last one",
            "CONFIG SET appendonly yes",
        )
    else:
        yield Finding(
            "redis disk",
            "warn",
            "nothing is kept on disk: a restart empties the store",
            "CONFIG SET appendonly yes",
        )


def _rights(facts: Facts, target: Target) -> Iterator[Finding]:
    name = "redis rights"
    this = f"this is {facts.user}" if facts.user else "this user may not ask who it is"
    if facts.user == "default":
        this += ", who may do everything"
    if not _lets_anybody_in(target):
        yield Finding(name, "ok", this)
    elif _is_local(target):
        yield Finding(name, "ok", f"{this}; nobody needs a password, but only this machine is spoken to")
    else:
        yield Finding(
            name,
            "warn",
            "whoever reaches the server may read and change everything: there is no password",
            "give default a password, and each role a user: wherein redis acl",
        )


def _lets_anybody_in(target: Target) -> bool:
    try:
        with connect(replace(target, username=None, password=None)) as stranger:
            stranger.ping()
    except (RedisError, OSError):
        return False
    return True


def _index(client: "Redis", prefix: str) -> Iterator[Finding]:
    with suppress(ResponseError):
        indexes = registry.generations(client, prefix) if prefix else []
        if any(client.hget(keys.meta, "due") for keys in indexes):
            yield Finding(
                "redis index",
                "warn",
                "the repository has outgrown its search index, or other parameters were asked for",
                "the administrator's `wherein repo add`, once more",
            )
        try:
            lost = wholeness.lost_of_all(client, prefix) if prefix else []
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
            "code and passwords cross the network in the clear",
            "use rediss:// with a server that speaks TLS: docs/redis.md",
        )


def _is_local(target: Target) -> bool:
    return not target.hosts or all(host.startswith(LOOPBACK) for host, _ in target.hosts)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
