"""The settings that a store needs of its server, or of each node of a cluster, made by whoever may."""

from collections.abc import Mapping
from typing import Any

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import StoreForbids
from wherein.quick_dataclass import dataclass
from wherein.store.redis import nodes
from wherein.store.redis.address import Target
from wherein.store.redis.client import Client
from wherein.store.redis.connection import connect
from wherein.store.redis.failures import explained
from wherein.store.redis.self_report import LONGEST_VALUE
from wherein.store.redis.server_facts import COMPACT, text

LEAST: Mapping[str, int] = {COMPACT: LONGEST_VALUE}
"""Numbers that may be larger."""

NEEDED: Mapping[str, str] = {"maxmemory-policy": "noeviction"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done."""

    changed: Mapping[str, tuple[str, str]]
    """setting → what it was, what it is"""
    kept: bool
    """whether it will be so when the server is started again"""


def prepare(target: Target) -> Mapping[str, Prepared]:
    """Make the settings that are not as they should be, and have them written to the server's file: of one server, or
    of every node of a cluster that can be reached. StoreForbids where this user may not; StoreUnreachable."""
    if not target.cluster:
        return {target.shown: _prepare(target, target.shown)}
    with explained(target.shown), connect(target) as client:
        every = nodes.addresses(client, target, None)
    shown = {node: f"{node[0]}:{node[1]}" for node in every}
    return {name: _prepare(nodes.alone(target, node), name) for node, name in shown.items()}


def _prepare(target: Target, shown: str) -> Prepared:
    with explained(shown), connect(target) as client:
        try:
            found = {name: _setting(client, name) for name in (*LEAST, *NEEDED)}
            wanted = {name: str(least) for name, least in LEAST.items() if int(found[name] or 0) < least}
            wanted |= {name: value for name, value in NEEDED.items() if found[name] != value}
            for name, value in wanted.items():
                client.config_set(name, value)
        except NoPermissionError as error:
            raise StoreForbids(
                f"This user may not change the settings of the server {shown}.",
                remedy="use the URL of the server's administrator",
            ) from error
        changed = {name: (found[name], value) for name, value in wanted.items()}
        return Prepared(changed, _written(client) if changed else True)


def _setting(client: Client, name: str) -> str:
    told: Mapping[Any, Any] = client.config_get(name)
    return text(next(iter(told.values()), b""))


def _written(client: Client) -> bool:
    try:
        client.execute_command("CONFIG", "REWRITE")
    except ResponseError:  # it was started without a file, or cannot write that
        return False
    return True
