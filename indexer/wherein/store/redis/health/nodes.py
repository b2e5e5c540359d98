"""Whether every node and replica has the same users with the same rights: servers do not pass them on."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explain
from wherein.store.redis.connection.redis_py import Client, Reply
from wherein.store.redis.health.server_facts import text

Address = tuple[str, int]

REMEDY = "give every node and replica the same users: ACL SETUSER on each, or one aclfile and ACL LOAD"

LONGEST = 1.0
"""Seconds for all nodes together."""

OURS = "wherein:"
"""What only rules of our users contain."""


def addresses(client: Client, target: Target, info: Mapping[str, Any] | None) -> list[Address]:
    """The nodes of a cluster, or the replicas of a server, as far as this user is shown them."""
    if target.cluster:
        try:
            slots = client.execute_command("CLUSTER SLOTS", NEVER_DECODE=True)
        except RedisError:
            return []
        return sorted({_address(node, target) for _, _, *nodes in slots for node in nodes})
    replicas = [
        value for name, value in (info or {}).items() if name.startswith("slave") and isinstance(value, dict)
    ]
    return [(str(each["ip"]), int(each["port"])) for each in replicas if "ip" in each]


def alone(target: Target, node: Address) -> Target:
    """One node, whatever it belongs to."""
    return replace(target, hosts=(node,), socket="", cluster=False)


def odd_ones(
    client: Client, target: Target, prefix: str, others: Sequence[Address]
) -> list[tuple[Address, str]]:
    """The nodes where other users, or users with other rights, are let in, and what differs there."""
    here = _rights(client, prefix)
    found: dict[Address, str] = {}
    threads = [
        threading.Thread(target=_compare, args=(target, each, prefix, here, found), daemon=True)
        for each in others
    ]
    for each in threads:
        each.start()
    end = time.monotonic() + LONGEST
    for each in threads:
        each.join(max(end - time.monotonic(), 0.0))
    told = {address: found.get(address, "does not answer in time") for address in others}
    return [(address, says) for address, says in told.items() if says]


def _compare(target: Target, node: Address, prefix: str, here: "Rights", found: dict[Address, str]) -> None:
    try:
        with connect(replace(alone(target, node), timeout=LONGEST)) as client:
            there = _rights(client, prefix)
    except AuthenticationError:
        found[node] = "does not know this user, or has another password for it"
    except (RedisError, OSError) as error:
        found[node] = explain(error, f"{node[0]}:{node[1]}").message.rstrip(".")
    else:
        found[node] = here.unlike(there)


class Rights:
    """What a node lets users do: all of our users if it lists them, else only this user, by what is refused."""

    def __init__(self, users: Mapping[str, frozenset[str]] | None, refused: frozenset[str]) -> None:
        self._users = users
        self._refused = refused

    def unlike(self, other: "Rights") -> str:
        """What differs in the other one; empty if nothing does."""
        if self._users is not None and other._users is not None:
            names = self._users.keys() | other._users.keys()
            unlike = sorted(name for name in names if self._users.get(name) != other._users.get(name))
            return f"has different rules for {', '.join(unlike)}" if unlike else ""
        unlike = sorted(self._refused ^ other._refused)
        return f"has different rules for this user ({', '.join(unlike)})" if unlike else ""


def _rights(client: Client, prefix: str) -> Rights:
    """Asked by commands that change nothing, of keys that are not there; a node checks rights before it looks whose a
    key is, and before a replica refuses to write."""
    key = f"{prefix}doctor"
    probes: tuple[tuple[object, ...], ...] = (
        ("GET", key), ("HGETALL", key), ("EXISTS", key), ("UNLINK", key), ("HDEL", key, "x"), ("SREM", key, "x"),
        ("FT.SEARCH", f"{prefix}index:0", "*"), ("INFO", "server"),
    )  # fmt: skip
    pipe = client.pipeline(transaction=False)
    pipe.execute_command("ACL LIST")
    for probe in probes:
        pipe.execute_command(*probe)
    listed, *answers = pipe.execute(raise_on_error=False)
    refused = frozenset(
        str(probe[0])
        for probe, answer in zip(probes, answers, strict=True)
        if isinstance(answer, NoPermissionError)
    )
    return Rights(None if isinstance(listed, Exception) else _ours(listed), refused)


def _ours(listed: Reply) -> dict[str, frozenset[str]]:
    """The rules of our users by name, and whether `default` may do what it likes."""
    found = {}
    for line in map(text, listed):
        words = line.split()
        if OURS in line or words[1] == "default":
            found[words[1]] = frozenset(words[2:])
    return found


def _address(node: Sequence[Any], target: Target) -> Address:
    host = text(node[0]) if node[0] else target.hosts[0][0]
    return host, int(node[1])
