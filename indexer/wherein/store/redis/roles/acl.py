"""Rules of Redis's access control for the roles of roles.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256

from wherein.errors import ConfigError
from wherein.packaged import files
from wherein.store.redis.prefixes import catalogue, farm_prefix, quotas, repository_prefix, tenant_prefix

ROLES = ("searcher", "indexer", "admin", "owner")
"""Each may do what those before it may."""

WITHOUT_A_KEY = frozenset(
    {
        "ping",
        "time",
        "acl|whoami",
        "cluster|slots",
        "role",
        "multi",
        "exec",
        "discard",
        "unwatch",
        "info",
    }
)
"""Those commands of roles.toml that name no key."""

OWNERS_SINCE = 8
"""The first major version of the search module that checks whether the maker of an index may read the keys it is to
hold. Earlier ones let anybody index everybody's keys, and drop them with the index (seen with 2.10); version 8's check
is documented, and was not tried."""


@cache
def commands() -> Mapping[str, Sequence[str]]:
    """Role → the commands that it has beyond those of the roles before it; also `always`, `hybrid` and `farm`."""
    found: dict[str, list[str]] = tomllib.loads(
        files(__package__).joinpath("roles.toml").read_text(encoding="utf-8")
    )
    return found


def may(role: str, command: str) -> bool:
    """Whether a role may send a command (`config|get`) at all."""
    known = commands()
    return command in known["always"] or any(command in known[each] for each in _up_to(role))


def rules(
    role: str, *, tenant: str, repositories: Sequence[str] = (), hybrid: bool = False, farm: bool = False
) -> list[str]:
    """The rules of one user: first the keys that they may touch, then the commands that they may send.

    Without `repositories` these are all of the tenant's, also later ones, and the list of their names and their limits,
    which only the admin may change. `hybrid` also names FT.HYBRID, which only Redis 8.4 and newer know. `farm` adds the
    ledger and the queue of the tenant's farm, with rules of their own: its commands reach no other key.
    """
    known = commands()
    prefixes = [repository_prefix(tenant, each) for each in repositories] or [f"{tenant_prefix(tenant)}*}}:"]
    keys = []
    for prefix in prefixes:
        keys += [f"%R~{prefix}*", f"~{prefix}index*"] if role == "searcher" else [f"~{prefix}*"]
    if not repositories:
        keys.append(f"{'' if role in ('admin', 'owner') else '%R'}~{catalogue(tenant)}")
    if role in ("admin", "owner") and not repositories:
        keys.append(f"~{quotas(tenant)}")
    granted = [
        *known["always"],
        *(known["hybrid"] if hybrid else ()),
        *(command for each in _up_to(role) for command in known[each]),
    ]
    of_farm = " ".join((f"~{farm_prefix(tenant)}:*", *(f"+{command}" for command in known["farm"])))
    return [*keys, *(f"+{command}" for command in granted), *([f"({of_farm})"] if farm else ())]


def line(user: str, password: str, granted: Sequence[str]) -> str:
    """A line of an ACL file; the same words after `ACL SETUSER` do the same at once."""
    return " ".join(("user", user, "reset", "on", f"#{sha256(password.encode()).hexdigest()}", *granted))


def refuse_owners(search: tuple[int, ...] | None) -> None:
    """ConfigError if a server's search module, by its version, cannot keep an owner within their tenant."""
    if search is not None and search[0] >= OWNERS_SINCE:
        return
    what = f"RediSearch {'.'.join(map(str, search))}" if search else "A server that is not known"
    raise ConfigError(
        f"{what} cannot confine an owner to one tenant: anybody who can make search indexes there can read and "
        "delete everything.",
        remedy="use Redis 8 or newer (name it with --store); else let the server's administrator run `wherein repo "
        "add`",
    )


def _up_to(role: str) -> Sequence[str]:
    return ROLES[: ROLES.index(role) + 1]
