"""How much a tenant and its repositories may take: as the admin has set it, and noted beside each repository.

There a writer reads it without another round trip, whichever shard that is on.
"""

from collections.abc import Mapping, Sequence

from redis.exceptions import NoPermissionError

from wherein.quick_dataclass import dataclass
from wherein.store.redis import keys as names
from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client, Reply
from wherein.store.redis.prefixes import quotas, repository_id, repository_prefix

TENANT, EACH = "tenant", "each"
"""Fields of a tenant's limits beside those of single repositories, which are hexadecimal: all together, and each that
has none of its own."""

LIMIT, TOGETHER, OTHERS = "limit", "together", "others"
"""Fields beside what a repository's search indexes were made with: its limit, its tenant's, and what the tenant's other
repositories took when that was noted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes; None if there is no limit."""

    repository: int | None
    together: int | None
    others: int


def ask(prefix: str) -> Command:
    """The command that asks for a repository's limits."""
    return ("HMGET", names.made(prefix), LIMIT, TOGETHER, OTHERS)


def told(answer: Sequence[Reply]) -> Limits | None:
    """The limits, by the answer to `ask`; None if there are none."""
    limit, together, others = (int(each) if each and each.isdigit() else None for each in answer)
    return Limits(limit, together, others or 0) if (limit, together) != (None, None) else None


def of_tenant(target: Target) -> dict[str, int]:
    """TENANT, EACH and the ids of repositories → their limits; nothing if this user may not know them."""
    key = quotas(target.tenant)
    client: Client = connect(target, key=key)
    try:
        found: Mapping[bytes, bytes] = client.hgetall(key)
    except NoPermissionError:
        return {}
    finally:
        client.close()
    return {name.decode(): int(value) for name, value in found.items() if value.isdigit()}


def note(target: Target, repository: str, limits: Mapping[str, int], others: int) -> Sequence[Command]:
    """The commands that note beside a repository which limits it has."""
    made = names.made(repository_prefix(target.tenant, repository))
    own = limits.get(repository_id(repository), limits.get(EACH))
    values = {LIMIT: own, TOGETHER: limits.get(TENANT), OTHERS: others if TENANT in limits else None}
    there = {name: value for name, value in values.items() if value is not None}
    gone = [name for name in values if name not in there]
    commands: list[Command] = []
    if there:
        commands.append(("HSET", made, *(word for pair in there.items() for word in pair)))
    if gone:
        commands.append(("HDEL", made, *gone))
    return commands


def note_new(client: Client, target: Target, repository: str) -> None:
    """Note the limits of a repository that was entered into the list; `client` is one to its keys."""
    limits = of_tenant(target)
    if limits:
        for command in note(target, repository, limits, 0):
            client.execute_command(*command)
