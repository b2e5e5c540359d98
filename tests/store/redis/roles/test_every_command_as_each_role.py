"""Every command that a server lists is sent to it as each role, to data of its own and of others: what is let in is
what docs/redis-roles.md says, and nothing of others has changed afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import redis

from redis_servers import RedisServer, programs
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.opening import open_index
from wherein.store.redis.prefixes import catalogue, repository_prefix
from wherein.store.redis.roles.acl import WITHOUT_A_KEY, line, may, rules

GIVEN, OTHER = "acme/given", "acme/other"
TENANT, STRANGERS = "red", "blue"

BEFORE_LOGIN = {"auth", "hello", "quit", "reset"}
"""What servers let anybody do."""


@dataclass
class Target:
    """Something that a command may be sent to."""

    own: bool
    keys: list[str]
    """one of each kind, and the names of search indexes"""
    writable: bool = True


@pytest.fixture(params=["stack", "redis_8", "valkey"])
def server(request, make_repo, tmp_path):
    """A server that holds two repositories of one tenant and one of another."""
    with RedisServer(getattr(programs, request.param)()) as running:
        for tenant, name in ((TENANT, GIVEN), (TENANT, OTHER), (STRANGERS, OTHER)):
            place = make_repo(f"{tenant}-{name.replace('/', '-')}")
            place.commit({"a.py": f"def of_{tenant}():\n    return {name!r}\n"})
            store = f"{running.url}?tenant={tenant}"
            settings = Settings(store=store, data_dir=tmp_path / "data", index=IndexSettings(name=name))
            with open_index(place.root, settings=settings) as index:
                assert index.update().chunks
        yield running


@pytest.mark.parametrize("whole_tenant", [False, True], ids=["a repository", "a tenant"])
def test_a_role_may_send_what_the_table_says_and_nothing_else(server, whole_tenant):
    with server.client() as admin:
        commands = _commands(admin)
        assert {name for name, (_, flags) in commands.items() if "no_auth" in flags} == BEFORE_LOGIN
        assert len(commands) > 350
        targets = {
            "other tenant": Target(False, _names(admin, STRANGERS, OTHER)),
            "its list": Target(False, [catalogue(STRANGERS)]),
            "same tenant": Target(whole_tenant, _names(admin, TENANT, OTHER)),
            "list": Target(whole_tenant, [catalogue(TENANT)], writable=False),
            "own": Target(True, _names(admin, TENANT, GIVEN)),
        }
        foreign = [key for each in targets.values() if not each.own for key in each.keys]
        before = _state(admin, foreign)
        wrong = []
        for role in ("searcher", "indexer", "admin"):
            granted = rules(role, tenant=TENANT, repositories=() if whole_tenant else (GIVEN,))
            admin.execute_command("ACL", "SETUSER", *line(role, "hush", granted).split()[1:])
            user = redis.UnixDomainSocketConnection(
                path=str(server.socket), username=role, password="hush", protocol=2, socket_timeout=20
            )
            for what, target in targets.items():
                for key in target.keys:
                    for name, let_in in _let_in(user, commands, key):
                        flags = commands[name][1]
                        expected = _expected(role, name, flags, key, target, admin_of=role == "admin")
                        if let_in != expected:
                            wrong.append(
                                (role, what, name, key.rpartition("}:")[2], "let in" if let_in else "refused")
                            )
            user.disconnect()
            assert _state(admin, foreign) == before, role
        assert not wrong, "\n".join(sorted({str(each) for each in wrong}))


def _expected(role, name, flags, key, target, *, admin_of):
    if not may(role, name):
        return False
    if name in WITHOUT_A_KEY:
        return True
    if not target.own:
        return False
    if role == "searcher" and ":index" not in key:
        return "write" not in flags and not name.startswith("ft.")
    if not target.writable and not admin_of:
        return "write" not in flags and not name.startswith("ft.")
    return True


def _commands(client) -> dict[str, tuple[int, set[str]]]:
    """Arity and flags of every command, subcommands as `config|get`."""
    connection = client.connection_pool.get_connection()
    connection.send_command("COMMAND")
    found: dict[str, tuple[int, set[str]]] = {}

    def add(entry: Any) -> None:
        name = entry[0].decode().lower()
        subcommands = entry[9] if len(entry) > 9 else []
        if subcommands:
            for each in subcommands:
                add(each)
        else:
            found[name] = entry[1], {flag.decode() for flag in entry[2]}

    for entry in connection.read_response():
        add(entry)
    client.connection_pool.release(connection)
    return found


def _names(admin, tenant, name):
    """One key of each kind that a repository has, its alias and an index."""
    prefix = repository_prefix(tenant, name)
    kinds = {}
    for key in sorted(admin.scan_iter(match=f"{prefix}*", count=1000)):
        kinds.setdefault(admin.type(key), key.decode())
    indexes = [
        each.decode() for each in admin.execute_command("FT._LIST") if each.startswith(prefix.encode())
    ]
    assert len(kinds) >= 4
    assert indexes
    return [*kinds.values(), indexes[0], indexes[0].rpartition(".")[0]]


def _state(admin, keys):
    """What is stored of others, to the byte."""
    prefixes = {key.partition("}:")[0] for key in keys}
    every = sorted(key for prefix in prefixes for key in admin.scan_iter(match=f"{prefix}*", count=1000))
    return {key: admin.dump(key) for key in every}, sorted(admin.execute_command("FT._LIST"))


def _let_in(connection, commands: dict[str, tuple[int, set[str]]], key: str) -> Iterator[tuple[str, bool]]:
    """Each command, sent to a key, and whether it may be; all are on their way before the first is answered."""
    sent = []
    for name, (arity, _) in commands.items():
        if name in BEFORE_LOGIN:
            continue
        words = name.upper().split("|")
        sent.append((name, [*words, *[key] * max(abs(arity) - len(words), 0 if arity > 0 else 1)]))
        if name == "multi":
            sent.append(("discard", ["DISCARD"]))
    connection.send_packed_command(connection.pack_commands([words for _, words in sent]))
    for name, words in sent:
        let_in = _was_let_in(connection, name)
        if words != ["DISCARD"]:
            yield name, let_in


def _was_let_in(connection, name: str) -> bool:
    try:
        connection.read_response(disconnect_on_error=False)
    except redis.exceptions.NoPermissionError:
        return False
    except redis.ResponseError as error:
        said = str(error).lower()
        assert "wrong number of arguments" not in said or name.startswith("ft."), (name, said)
        return not ("permission" in said or "noperm" in said or "command not allowed" in said)
    return True
