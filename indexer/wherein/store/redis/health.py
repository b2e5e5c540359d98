"""What is right and wrong with a server as a store: its version, memory, persistence, rights, speed."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from redis.exceptions import NoPermissionError, ResponseError

from wherein.store.redis.address import Target
from wherein.store.redis.connection import connect
from wherein.store.redis.failures import explained

if TYPE_CHECKING:
    from redis import Redis

OLDEST_SERVER = (7, 2)
"""The first whose search module is built for it; Redis 7.0 does not load that of Redis Stack 7.4."""

OLDEST_SEARCH = (2, 10)
"""The first with FLOAT16 vectors."""

NEARLY_FULL = 0.85
"""Of maxmemory. Indexing needs room for the pages that a rewrite of the log copies."""

PINGS = 21
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
    """Look at the server, in a cluster at the one that holds `key`. StoreUnreachable, ConfigError."""
    with explained(target.shown), connect(target, key=key) as client:
        latency = _latency(client)
        looks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
            ("redis server", lambda: _server(client)),
            ("redis search", lambda: _search(client)),
            ("redis memory", lambda: _memory(client)),
            ("redis disk", lambda: _persistence(client)),
            ("redis rights", lambda: _rights(client, target)),
        )
        found: list[Finding] = []
        for name, look in looks:
            try:
                found += look()
            except NoPermissionError:
                found.append(Finding(name, "ok", "is not shown to this user"))
        return [*found, latency, *_transport(target)]


def _server(client: "Redis") -> Iterator[Finding]:
    info = client.info("server") | client.info("replication")
    valkey = info.get("valkey_version")
    version = str(valkey or info["redis_version"])
    says = f"{'Valkey' if valkey else 'Redis'} {version}, {info.get('redis_mode') or info.get('server_mode', 'alone')}"
    if info["role"] != "master":
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


def _search(client: "Redis") -> Iterator[Finding]:
    modules = {_text(each[b"name"]): int(each[b"ver"]) for each in client.module_list()}
    packed = next((version for name, version in modules.items() if name in ("search", "searchlight")), None)
    if packed is None:
        yield Finding(
            "redis search",
            "fail",
            "the server has no search module",
            "use Redis 8 or Redis Stack, or load the module: docs/redis.md",
        )
        return
    version = (packed // 10_000, packed // 100 % 100, packed % 100)
    says = f"search module {'.'.join(map(str, version))}"
    if version < OLDEST_SEARCH:
        yield Finding("redis search", "fail", f"{says} is too old", "use Redis 8, or Redis Stack 7.4")
        return
    answer = client.execute_command("FT.CONFIG", "GET", "ON_TIMEOUT")  # type: ignore[no-untyped-call]
    policy = _text(answer[0][1]).lower() if answer else ""
    if policy == "return":
        yield Finding(
            "redis search",
            "warn",
            f"{says} answers with a part of what there is when a query takes too long (ON_TIMEOUT return)",
            "FT.CONFIG SET ON_TIMEOUT FAIL, or search-on-timeout fail in redis.conf of Redis 8",
        )
    else:
        yield Finding("redis search", "ok", says)


def _memory(client: "Redis") -> Iterator[Finding]:
    info = client.info("memory")
    used, most, policy = int(info["used_memory"]), int(info["maxmemory"]), str(info["maxmemory_policy"])
    says = f"{_size(used)} of {_size(most)} used" if most else f"{_size(used)} used, no limit set"
    if most and policy != "noeviction":
        yield Finding(
            "redis memory",
            "fail",
            f"{says}; the server forgets parts of the index when it is full (maxmemory-policy {policy})",
            "CONFIG SET maxmemory-policy noeviction",
        )
    elif most and used > NEARLY_FULL * most:
        yield Finding("redis memory", "warn", f"{says}: nearly full", "raise maxmemory, or run wherein gc")
    elif policy != "noeviction":
        yield Finding(
            "redis memory",
            "warn",
            f"{says}; with a limit the server would forget parts of the index (maxmemory-policy {policy})",
            "CONFIG SET maxmemory-policy noeviction",
        )
    else:
        yield Finding("redis memory", "ok", f"{says}, {policy}")


def _persistence(client: "Redis") -> Iterator[Finding]:
    info = client.info("persistence")
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
    elif _saves(client):
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


def _saves(client: "Redis") -> bool:
    try:
        return bool(client.config_get("save").get("save"))
    except (NoPermissionError, ResponseError):  # clouds have no CONFIG
        return True


def _rights(client: "Redis", target: Target) -> Iterator[Finding]:
    user = _text(client.acl_whoami())
    if user != "default":
        yield Finding("redis rights", "ok", f"this is {user}")
        return
    default: Any = client.acl_getuser("default")
    if "nopass" not in {_text(flag) for flag in default["flags"]}:
        yield Finding("redis rights", "ok", "this is default, who may do everything")
    elif _is_local(target):
        yield Finding("redis rights", "ok", "nobody needs a password; only this machine is spoken to")
    else:
        yield Finding(
            "redis rights",
            "warn",
            "whoever reaches the server may read and change everything: there is no password",
            "give default a password, and each role a user: wherein redis acl",
        )


def _latency(client: "Redis") -> Finding:
    times = []
    for _ in range(PINGS):
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


def _text(value: Any) -> str:  # noqa: ANN401 - redis-py gives some answers as str, others as bytes
    return value.decode() if isinstance(value, bytes) else str(value)


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
