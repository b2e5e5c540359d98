"""Rules of Redis's access control for the roles of roles.toml."""

import tomllib
from collections.abc import Sequence
from hashlib import sha256
from importlib import resources

from wherein.store.redis.names import catalogue, repository_prefix, tenant_prefix

ROLES = ("searcher", "indexer", "admin")
"""Each may do what those before it may."""


def rules(role: str, *, tenant: str, repositories: Sequence[str] = (), hybrid: bool = False) -> list[str]:
    """The rules of one user: what he may touch, then what he may do.

    Without repositories: all of the tenant's, those that come later included, and the list of their names. `hybrid`
    names FT.HYBRID too, which only Redis 8.4 and newer know.
    """
    known = tomllib.loads(resources.files(__package__).joinpath("roles.toml").read_text(encoding="utf-8"))
    below = ROLES[: ROLES.index(role) + 1]
    prefixes = [repository_prefix(tenant, each) for each in repositories] or [f"{tenant_prefix(tenant)}*}}:"]
    keys = []
    for prefix in prefixes:
        keys += [f"%R~{prefix}*", f"~{prefix}index*"] if role == "searcher" else [f"~{prefix}*"]
    if not repositories:
        keys.append(f"{'%R' if role == 'searcher' else ''}~{catalogue(tenant)}")
    elif role != "searcher":
        keys.append(f"%W~{catalogue(tenant)}")  # an indexer adds its repositories, and sees no others
    commands = [
        *known["always"],
        *(known["hybrid"] if hybrid else ()),
        *(command for each in below for command in known[each]),
    ]
    return [*keys, *(f"+{command}" for command in commands)]


def line(user: str, password: str, granted: Sequence[str]) -> str:
    """A line of an ACL file; the same words after `ACL SETUSER` do the same at once."""
    return " ".join(("user", user, "reset", "on", f"#{sha256(password.encode()).hexdigest()}", *granted))
