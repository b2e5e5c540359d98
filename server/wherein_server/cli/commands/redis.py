"""`wherein redis`."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from wherein.errors import ConfigError, StoreUnreachable
from wherein.store.redis.connection.password_file import password_in
from wherein_server.cli import jsonout
from wherein_server.cli.commands.redis_memory import plan, quota
from wherein_server.cli.commands.redis_prepare import prepare
from wherein_server.cli.exits import Exit
from wherein_server.cli.group import Group
from wherein_server.cli.known_as import RepositoryName, is_whole, not_known, whole_names
from wherein_server.cli.options import Common, common_options, example
from wherein_server.cli.session import settings_for

ROLES = ("searcher", "indexer", "admin", "owner")

EVERY_NODE = (
    "Every node and replica needs this line: servers do not pass on their users (see wherein doctor)."
)

_USER = re.compile(r"[A-Za-z0-9_.-]+")


@click.group(
    cls=Group,
    epilog=example(
        "wherein redis acl --role searcher --user ada --repository github.com/acme/web",
        "wherein redis acl --role indexer --user ci --tenant web",
    ),
)
def command() -> None:
    """Prepare a Redis server for a team."""


command.add_command(plan)
command.add_command(prepare)
command.add_command(quota)


@command.command(
    epilog=example(
        "wherein redis acl --role searcher --user ada --repository github.com/acme/web",
        "wherein redis acl --role indexer --user ci --password-file ci.secret >> users.acl",
    )
)
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the user may do.")
@click.option("--user", metavar="NAME", help="The user's name in Redis; without it, the role's.")
@click.option(
    "--repository",
    "repositories",
    multiple=True,
    type=RepositoryName(),
    metavar="NAME",
    help="A repository (see `wherein repo list`); may be repeated. Without it: all of the tenant.",
)
@click.option("--tenant", metavar="NAME", help="The tenant; without it, that of the store's URL.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the password; if there is none, a password is made and saved there. Without this option a "
    "password is made, and printed to standard error.",
)
@click.option(
    "--farm", is_flag=True, help="Also allow the keys of the tenant's farm, for its workers (docs/scale.md)."
)
@click.option("--hybrid", is_flag=True, help="Also allow FT.HYBRID, which Redis has since 8.4.")
@common_options
def acl(
    common: Common,
    role: str,
    user: str | None,
    repositories: tuple[str, ...],
    tenant: str | None,
    password_file: Path | None,
    farm: bool,
    hybrid: bool,
) -> int:
    """Print the line of an ACL file for a user of the store.

    A searcher can search the repositories it is given and nothing else; an indexer can also write them once they
    have been added (wherein repo add); an admin can remove them and inspect the server. An owner can add them, but
    only on a server that can confine this to the tenant, which is checked. The same words after ACL SETUSER create
    the user at once. The line holds a hash of the password, not the password.
    """
    from wherein.store.redis.roles.acl import line, refuse_owners, rules

    name = user or role
    if not _USER.fullmatch(name):
        raise ConfigError(f"{name!r} cannot be a user's name.", remedy="use letters, digits, dots and dashes")
    if role == "owner":
        refuse_owners(_search_module(common))
    tenant = _tenant(common, tenant)
    given = _given(common, tenant, repositories)
    granted = rules(role, tenant=tenant, repositories=given, hybrid=hybrid, farm=farm)
    password, made = _password(password_file)
    text = line(name, password, granted)
    if common.json:
        jsonout.print_json({"user": name, "role": role, "rules": granted, "line": text})
    else:
        common.screen.line(text)
        common.screen.note(EVERY_NODE)
    if made:
        common.screen.note(f"The password of {name} is {password}")
    return Exit.DONE


def _given(common: Common, tenant: str, names: Sequence[str]) -> list[str]:
    """What repositories are called in the store; it is told where that cannot be known of a name."""
    found = [name if is_whole(name) else None for name in names]
    if None in found and tenant == _tenant(common, None):
        with suppress(StoreUnreachable):  # a line can be made far from the server
            found = whole_names(names, settings_for(common, tell=False))
    for name, known in zip(names, found, strict=True):
        if known is None:
            common.screen.note(not_known(name, "the line"))
    return [known or name for known, name in zip(found, names, strict=True)]


def _tenant(common: Common, given: str | None) -> str:
    from wherein.store.open import in_redis
    from wherein.store.redis.connection.address import DEFAULT_TENANT, parse, tenant_name

    if given is not None:
        return tenant_name(given)
    store = settings_for(common).store or ""
    return parse(store).tenant if in_redis(store) else DEFAULT_TENANT


def _search_module(common: Common) -> tuple[int, ...] | None:
    from wherein.store.open import in_redis

    store = settings_for(common).store
    if store is None or not in_redis(store):
        return None
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.health.examine import search_version

    return search_version(parse(store))


def _keep_new(file: Path) -> None:
    import os
    import secrets

    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
        made.write(f"{secrets.token_urlsafe(24)}\n")


def _password(file: Path | None) -> tuple[str, bool]:
    """The password, and whether it was made here."""
    if file is None:
        import secrets

        return secrets.token_urlsafe(24), True
    try:
        if not file.exists():
            _keep_new(file)
        text = password_in(file)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"The password cannot be read from {file}: {error}.", remedy="check --password-file"
        ) from error
    if not text:
        raise ConfigError(f"There is no password in {file}.", remedy="put one on its first line")
    return text, False
