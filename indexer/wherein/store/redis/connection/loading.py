"""Servers that are not ready yet, and how far they are: one that loads its data, a replica that still receives it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError, ResponseError

from wherein.store.redis.connection.redis_py import Client

if TYPE_CHECKING:
    from redis.connection import AbstractConnection

SYNCED = b"connected"


def progress(info: Mapping[str, Any]) -> str:
    """How far loading has come, by a server's INFO: ` (43 %, about 12 s more)`, or nothing."""
    if "loading_loaded_perc" not in info:
        return ""
    left = int(info.get("loading_eta_seconds", 0))
    return f" ({float(info['loading_loaded_perc']):.0f} %{f', about {left} s more' if left > 0 else ''})"


def asked_progress(connection: "AbstractConnection") -> str:
    """The same, asked on a connection that was told that the server is loading; nothing if that may not be asked."""
    try:
        connection.send_command("INFO", "persistence", check_health=False)  # type: ignore[no-untyped-call]
        lines = bytes(connection.read_response()).decode("utf-8", "replace").splitlines()
        return progress(dict(line.split(":", 1) for line in lines if ":" in line))
    except (RedisError, OSError, ValueError, TypeError):
        return ""


def refuse_a_replica_without_data(client: Client) -> None:
    """To be called if nothing was found: ResponseError if a replica has not received its data yet, or has no master."""
    try:
        role, *rest = client.execute_command("ROLE")
    except RedisError:
        return
    if role == b"slave" and rest[2] != SYNCED:
        raise ResponseError(f"a replica that still syncs ({rest[2].decode()})")
