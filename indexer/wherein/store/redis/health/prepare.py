"""Making a server's settings, or those of each node of a cluster, what a store needs."""

from collections.abc import Mapping
from typing import Any

from redis.exceptions import NoPermissionError, ResponseError

from wherein.errors import StoreForbids
from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.connection.redis_py import Client
from wherein.store.redis.health import nodes
from wherein.store.redis.health.server_facts import COMPACT, text
from wherein.store.redis.health.server_findings import LONGEST_VALUE

LEAST: Mapping[str, int] = {COMPACT: LONGEST_VALUE}
"""Numbers that may be larger."""

NEEDED: Mapping[str, str] = {"maxmemory-policy": "noeviction", "search-on-timeout": "fail"}
"""Settings; those that a server does not know are left out."""

OF_THE_MODULE: Mapping[str, str] = {"ON_TIMEOUT": "fail"}
"""Settings of a search module that has them for itself, as before Redis 8; no server writes them to its file."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done."""

    changed: Mapping[str, tuple[str, str]]
    """setting → what it was, what it is"""
    kept: bool
    """whether it will be so when the server is started again"""


def prepare(target: Target) -> Mapping[str, Prepared]:
    """Make the settings that are not as they should be, and have them written to the server's file: of one server, or
    of every node of a cluster that can be reached. StoreForbids if this user may not; StoreUnreachable."""
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
            wanted |= {name: value for name, value in NEEDED.items() if found[name] not in ("", value)}
            for name, value in wanted.items():
                client.config_set(name, value)
            of_the_module = _prepare_module(client)
        except NoPermissionError as error:
            raise StoreForbids(
                f"This user may not change the settings of the server {shown}.",
                remedy="use the URL of the server's administrator",
            ) from error
        changed = {name: (found[name], value) for name, value in wanted.items()}
        kept = not changed or _written(client)
        return Prepared({**changed, **of_the_module}, kept and not of_the_module)


def _prepare_module(client: Client) -> Mapping[str, tuple[str, str]]:
    """What was changed of the search module's own settings."""
    changed: dict[str, tuple[str, str]] = {}
    for name, value in OF_THE_MODULE.items():
        try:
            ((_, found),) = client.execute_command("FT.CONFIG", "GET", name)
            if text(found).lower() != value:
                client.execute_command("FT.CONFIG", "SET", name, value)
                changed[name] = text(found), value
        except NoPermissionError:
            raise
        except (ResponseError, ValueError):  # it has none of its own, or is not there
            continue
    return changed


def _setting(client: Client, name: str) -> str:
    told: Mapping[Any, Any] = client.config_get(name)
    return text(next(iter(told.values()), b""))


def _written(client: Client) -> bool:
    try:
        client.execute_command("CONFIG", "REWRITE")
    except ResponseError:  # it was started without a file, or cannot write that
        return False
    return True
