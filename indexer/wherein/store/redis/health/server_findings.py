"""Whether what a server reports makes it a good store: version, search module, memory, disk."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.loading import progress
from wherein.store.redis.health.server_facts import Facts

OLDEST_SERVER = (7, 2)
"""The first whose search module is built for it; Redis 7.0 does not load that of Redis Stack 7.4."""

OLDEST_SEARCH = (2, 10)
"""The first with FLOAT16 vectors."""

LONGEST_VALUE = 8192
"""Bytes. A chunk whose values are no longer takes one block of memory instead of thirty: of 4,780 bytes a chunk 580
less, and no more time. Hardly a chunk has a longer one."""

NEARLY_FULL = 0.85
"""Of maxmemory. Indexing needs room for the pages that a rewrite of the log copies."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    level: Literal["ok", "warn", "fail"]
    says: str
    remedy: str = ""


def findings(facts: Facts) -> Iterator[Finding]:
    """What the server's INFO and settings say."""
    looks: tuple[tuple[str, Callable[[Facts, Mapping[str, Any]], Iterator[Finding]]], ...] = (
        ("redis server", _server),
        ("redis search", _search),
        ("redis memory", _memory),
        ("redis disk", _persistence),
    )
    for name, look in looks:
        if facts.info is None:
            yield Finding(name, "ok", "is not shown to this user")
        else:
            yield from look(facts, facts.info)


def _server(facts: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    valkey = info.get("valkey_version")
    version = str(valkey or info["redis_version"])
    says = f"{'Valkey' if valkey else 'Redis'} {version}, {info.get('redis_mode') or info.get('server_mode', 'alone')}"
    if info.get("loading"):
        yield Finding(
            "redis server", "fail", f"{says}, is still loading its data{progress(info)}", "try again then"
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
    elif (there := _replicas_there(info)) is not None and there < (facts.replicas_wanted or 1):
        yield Finding(
            "redis server",
            "fail",
            f"{says}, accepts no writes, because too few of its replicas are there: {there}",
            "look at its replicas (min-replicas-to-write in redis.conf)",
        )
    else:
        yield Finding("redis server", "ok", says)


def _replicas_there(info: Mapping[str, Any]) -> int | None:
    """How many replicas are there, of a server that accepts no writes without some."""
    found = info.get("min_slaves_good_slaves")
    return None if found is None else int(found)


def _search(facts: Facts, info: Mapping[str, Any]) -> Iterator[Finding]:
    version = search_module(info)
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
            f"{says} returns partial results when a query takes too long (ON_TIMEOUT return)",
            "FT.CONFIG SET ON_TIMEOUT FAIL, or search-on-timeout fail in redis.conf of Redis 8",
        )
    else:
        yield Finding("redis search", "ok", says)


def search_module(info: Mapping[str, Any]) -> tuple[int, int, int] | None:
    """The version of the search module; None without one."""
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
            f"{says}; the server evicts parts of the index when it is full (maxmemory-policy {policy})",
            "wherein redis prepare (CONFIG SET maxmemory-policy noeviction)",
        )
    elif most and used >= most:
        yield Finding(
            "redis memory",
            "fail",
            f"{says}: full, it accepts nothing more",
            "raise maxmemory, or run wherein gc",
        )
    elif most and used > NEARLY_FULL * most:
        yield Finding("redis memory", "warn", f"{says}: nearly full", "raise maxmemory, or run wherein gc")
    elif policy != "noeviction":
        yield Finding(
            "redis memory",
            "warn",
            f"{says}; with a limit, the server would evict parts of the index (maxmemory-policy {policy})",
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
    if info["rdb_last_bgsave_status"] != "ok" and (facts.saves or not info.get("aof_enabled")):
        yield Finding(
            "redis disk",
            "fail",
            "the last snapshot failed, so that the server may accept no writes",
            "check the server's disk and log",
        )
    elif info.get("aof_enabled"):
        if any(
            info.get(each, "ok") != "ok" for each in ("aof_last_write_status", "aof_last_bgrewrite_status")
        ):
            yield Finding(
                "redis disk", "fail", "the log (AOF) cannot be written", "check the server's disk and log"
            )
        else:
            yield Finding("redis disk", "ok", "every write goes to a log (AOF)")
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


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _size(number: int) -> str:
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
