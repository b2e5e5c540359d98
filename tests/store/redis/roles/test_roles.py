"""The users that `wherein redis acl` prints, on real servers: each can do its work and nothing else."""

import json
import re
from pathlib import Path

import pytest
import redis

import wherein
from installed_command import run_command, variables
from redis_servers import RedisServer, programs, wait_until
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.errors import IndexDamaged
from wherein.opening import add_repository, open_stored
from wherein.store.open import list_indexes, remove_index
from wherein.store.redis.connection.address import parse
from wherein.store.redis.health.examine import examine, search_version
from wherein.store.redis.keys import SLOTS
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.roles.acl import OWNERS_SINCE, commands, line, refuse_owners, rules
from wherein.store.redis.search_index import search_index

GIVEN, PRIVATE = "acme/given", "acme/private"

CODE = '''\
def follow_redirects(response):
    """Follow redirects to the last answer."""
    return response


def count(things):
    return len(follow_redirects(things))
'''


@pytest.fixture(params=["stack", "redis_8", "valkey"])
def server(request):
    with RedisServer(getattr(programs, request.param)()) as running:
        yield running


@pytest.fixture
def login(server):
    """login("searcher", GIVEN): the URL of a user with these rights."""

    def made(role, *repositories, tenant="default", user=None):
        name = user or role
        with server.client() as admin:
            granted = rules(role, tenant=tenant, repositories=repositories)
            admin.execute_command("ACL", "SETUSER", *line(name, "hush", granted).split()[1:])
        return f"unix://{name}:hush@{server.socket}?tenant={tenant}"

    return made


@pytest.fixture
def places(make_repo):
    made = {name: make_repo(name.replace("/", "-")) for name in (GIVEN, PRIVATE)}
    for place in made.values():
        place.commit({"redirects.py": CODE})
    return made


@pytest.fixture
def opened(places, tmp_path):
    """opened(url, GIVEN): the index of a repository through a URL."""
    indexes = []

    def made(url, name):
        settings = Settings(store=url, data_dir=tmp_path / "data", index=IndexSettings(name=name))
        indexes.append(wherein.open_index(places[name].root, settings=settings))
        return indexes[-1]

    yield made
    for index in indexes:
        index.close()


@pytest.fixture
def added(server, tmp_path):
    """added(GIVEN): by the server's administrator."""

    def made(*names, tenant="default"):
        settings = Settings(store=f"{server.url}?tenant={tenant}", data_dir=tmp_path / "data")
        for name in names:
            add_repository(name, settings)

    return made


@pytest.fixture
def filled(server, opened):
    """Both repositories, indexed by the one who may do everything."""
    for name in (GIVEN, PRIVATE):
        assert opened(server.url, name).update().chunks
    return server


def denied(server):
    """What was refused since the last call: (user, what), as the server logged it."""
    with server.client() as admin:
        entries = admin.acl_log()
        admin.acl_log_reset()
    return {(entry["username"], entry["object"]) for entry in entries}


def test_no_role_may_send_what_the_store_never_sends():
    source = "\n".join(file.read_text() for file in Path(search_index.__file__).parents[1].rglob("*.py"))
    former = {"zadd", "zrem", "zrangebylex"}  # versions before schema 6
    granted = {each for role in ("searcher", "indexer", "admin") for each in commands()[role]} - former
    sent = {
        each
        for each in granted
        if re.search(rf'"{each.upper()}"|\.{each.replace(".", "")}(?:_iter)?\(', source)
    }
    assert granted - sent <= {"discard"}  # of redis-py


def test_a_searcher_can_do_all_that_reads_what_it_was_given(filled, login, opened):
    index = opened(login("searcher", GIVEN), GIVEN)
    assert index.search("follow redirects")[0].symbol == "follow_redirects"
    assert index.search("redirects", paths=["*.py"], kinds=["function"], languages=["python"])
    assert index.symbols("count")
    assert index.related("redirects.py", 1) is not None
    status = index.status()
    assert (status.complete, status.behind) == (True, 0)
    assert status.bytes > 0
    assert index.files()
    assert index.why("redirects.py")
    assert index.update().chunks == 0  # nothing to do needs no right to write
    assert denied(filled) == set()


def test_a_searcher_sees_nothing_else(filled, login, opened, ask):
    url = login("searcher", GIVEN)
    with pytest.raises(wherein.StoreForbids, match=f"does not let this user ask for {PRIVATE}") as caught:
        opened(url, PRIVATE).search("follow redirects")
    assert f"wherein redis acl --repository {PRIVATE}" in caught.value.remedy
    with pytest.raises(wherein.StoreForbids, match="list the tenant's repositories") as caught:
        list_indexes(None, url=url)
    assert "without --repository" in caught.value.remedy
    with filled.client() as admin:
        keys = [key.decode() for key in admin.keys(f"{repository_prefix('default', PRIVATE)}*")]
        names = [name.decode() for name in admin.execute_command("FT._LIST")]
    indexes = [name for name in names if name.startswith(repository_prefix("default", PRIVATE))]
    assert keys
    assert indexes
    reads = {
        "string": ("GET",),
        "hash": ("HGETALL",),
        "set": ("EXISTS",),
        "stream": ("XRANGE", "-", "+"),
        "zset": ("ZRANGEBYLEX", "-", "+"),
    }
    with filled.client() as admin:
        kinds = {key: admin.type(key).decode() for key in keys}
    for command in (
        *((reads[kinds[key]][0], key, *reads[kinds[key]][1:]) for key in keys),
        *(("FT.SEARCH", index, "*") for index in indexes),
        *(("FT.SEARCH", index.rpartition(".")[0], "*") for index in indexes),
        *(("FT.INFO", index) for index in indexes),
        *(("FT.AGGREGATE", index, "*", "LOAD", "*") for index in indexes),
        ("KEYS", "*"),
        ("SCAN", "0"),
        ("FT._LIST",),
        ("CONFIG", "GET", "*"),
        ("ACL", "LIST"),
    ):
        with pytest.raises(wherein.StoreUnreachable, match="does not let"):
            ask(url, *command)


def test_a_searcher_cannot_write(filled, login, opened, places, ask):
    url = login("searcher", GIVEN)
    places[GIVEN].commit({"new.py": "def fresh():\n    return 1\n"})
    with pytest.raises(wherein.StoreUnreachable, match="does not let"):
        opened(url, GIVEN).update()
    for change in ("collect", "clear"):
        with pytest.raises(wherein.StoreUnreachable, match="does not let"):
            getattr(opened(url, GIVEN), change)()
    mine = repository_prefix("default", GIVEN)
    for command in (
        ("SET", f"{mine}current", "9"),
        ("SET", f"{mine}index:9", "9"),
        ("HSET", f"{mine}1:meta", "a", "b"),
        ("DEL", f"{mine}current"),
        ("EXPIRE", f"{mine}current", "1"),
        ("FT.CREATE", f"{mine}index:9", "PREFIX", "1", "", "SCHEMA", "t", "TEXT"),
        ("FT.DROPINDEX", f"{mine}index:1.1"),
        ("FT.ALIASUPDATE", f"{mine}index:1", f"{mine}index:1.1"),
        ("EVAL", "return 1", "0"),
        ("FLUSHALL",),
        ("CONFIG", "SET", "maxmemory", "1"),
        ("ACL", "SETUSER", "eve", "on", "nopass", "~*", "+@all"),
        ("SHUTDOWN",),
    ):
        with pytest.raises(wherein.StoreUnreachable, match="does not let"):
            ask(url, *command)
    assert opened(filled.url, GIVEN).search("follow redirects")


def test_an_indexer_keeps_its_repository_and_no_other(server, login, added, opened, places):
    added(GIVEN)
    index = opened(login("indexer", GIVEN), GIVEN)
    assert index.update().chunks
    places[GIVEN].commit({"new.py": "def fresh():\n    return 1\n"})
    assert index.update().files_added == 1
    assert index.search("fresh")[0].path == "new.py"
    assert index.update(force=True).chunks
    index.collect()
    assert denied(server) == set()
    opened(server.url, PRIVATE).update()
    with pytest.raises(wherein.StoreUnreachable, match="does not let"):
        opened(login("indexer", GIVEN), PRIVATE).update()
    with pytest.raises(wherein.StoreUnreachable, match="does not let"):
        opened(login("indexer", GIVEN), PRIVATE).clear()
    assert index.clear() > 0
    assert index.update().chunks  # what was added once stays


def test_repositories_are_added_and_given_by_their_urls_and_in_any_case(server, tmp_path):
    """As people write them: what a clone calls itself is in small letters, and nobody could index what was added."""

    def run(*words):
        environment = variables(WHEREIN_STORE=f"{server.url}?tenant=urls", WHEREIN_DATA_DIR=str(tmp_path))
        return run_command(*words, folder=tmp_path, environment=environment)

    assert "Nothing is indexed" in run("repo", "list").stderr
    done = run("repo", "add", "https://github.com/Acme/NLog.git", "github.com/acme/API")
    assert done.returncode == 0, done
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "github.com/acme/nlog",
        "github.com/acme/api",
    ]
    told = json.loads(run("repo", "add", "--json", "github.com/acme/api").stdout)
    assert told["added"] == "github.com/acme/api"
    with server.client() as look:
        for name in ("github.com/acme/nlog", "github.com/acme/api"):
            assert look.exists(f"{repository_prefix('urls', name)}made"), name
    given = run("redis", "acl", "--role", "searcher", "--repository", "github.com/Acme/NLog").stdout
    assert repository_prefix("urls", "github.com/acme/nlog") in given


def test_what_was_not_added_is_told_with_who_can_do_it(server, login, added, opened):
    with pytest.raises(wherein.IndexMissing, match="was not added to the store") as caught:
        opened(login("indexer", GIVEN), GIVEN).update()
    assert caught.value.remedy == f"ask the store's administrator for `wherein repo add {GIVEN}`"
    with pytest.raises(wherein.StoreForbids, match="does not let"):
        add_repository(GIVEN, Settings(store=login("indexer", GIVEN)))
    added(GIVEN)
    assert opened(login("indexer", GIVEN), GIVEN).update().chunks


def test_an_indexer_builds_anew_as_often_as_he_likes(server, login, added, opened):
    added(GIVEN)
    index = opened(login("indexer", GIVEN), GIVEN)
    for _ in range(2 * SLOTS):
        assert index.update(force=True).chunks
        assert index.search("follow redirects")[0].symbol == "follow_redirects"
    with server.client() as admin:
        assert len(admin.execute_command("FT._LIST")) == SLOTS
        chunks = list(admin.scan_iter(match=f"{repository_prefix('default', GIVEN)}c[0-9]*", count=1000))
        assert (
            len(chunks) == SLOTS * index.status().chunks
        )  # those before the last one are kept for some days
    assert denied(server) == set()


def test_an_indexer_mends_what_a_server_lost_or_holds_otherwise(server, login, added, opened):
    added(GIVEN)
    index = opened(login("indexer", GIVEN), GIVEN)
    assert index.update().chunks
    prefix = repository_prefix("default", GIVEN)
    with server.client() as admin:
        (frequencies,) = admin.scan_iter(match=f"{prefix}*:df", count=1000)
        admin.delete(frequencies)
        admin.set(frequencies, "no list")
        (views,) = admin.scan_iter(match=f"{prefix}*:views", count=1000)
        shown = admin.hkeys(views)
        for chunk in admin.scan_iter(match=f"{prefix}c[0-9]*", count=1000):
            admin.hset(chunk, "x", "no text")
        with pytest.raises(IndexDamaged):
            index.search("follow redirects")
        assert index.update(mend=True).files_embedded
        assert index.search("follow redirects")[0].symbol == "follow_redirects"
        assert admin.hkeys(views) == shown
    assert denied(server) == {("indexer", "wherein:default:repositories")}  # the list is the administrator's


def test_a_graph_that_is_due_waits_for_the_administrator(server, login, added, opened):
    added(GIVEN)
    small = "&flat_up_to=1"
    index = opened(f"{login('indexer', GIVEN)}{small}", GIVEN)
    assert index.update().chunks
    assert index.search("follow redirects")
    key = repository_prefix("default", GIVEN)
    (told,) = [
        each for each in examine(parse(login("searcher", GIVEN)), key=key) if each.name == "redis index"
    ]
    assert (told.level, told.remedy) == ("warn", "the administrator's `wherein repo add`, once more")
    add_repository(GIVEN, Settings(store=f"{server.url}?tenant=default{small}"))
    assert "redis index" not in {each.name for each in examine(parse(login("searcher", GIVEN)), key=key)}
    assert index.search("follow redirects")[0].symbol == "follow_redirects"
    for by in (
        index,
        opened(f"{server.url}?tenant=default{small}", GIVEN),
    ):  # who may drop a graph, and who may not
        for _ in range(SLOTS):
            assert by.update(force=True).chunks
            assert by.search("follow redirects")[0].symbol == "follow_redirects"
    added(GIVEN)
    with server.client() as admin:
        assert len(admin.execute_command("FT._LIST")) == SLOTS


def test_users_of_a_whole_tenant_see_repositories_that_came_later_and_their_names(
    server, login, added, opened
):
    searcher = login("searcher")
    for name in (GIVEN, PRIVATE):
        added(name)
        opened(login("indexer"), name).update()
    settings = Settings(store=searcher)
    found = [index.search("follow redirects")[0].repository for index in open_stored(settings)]
    assert sorted(found) == [GIVEN, PRIVATE]
    assert denied(server) == set()


def test_tenants_see_nothing_of_each_other(server, login, added, opened):
    added(GIVEN, tenant="red")
    red = login("indexer", tenant="red", user="rose")
    opened(red, GIVEN).update()
    blue = login("admin", tenant="blue", user="bob")
    assert list_indexes(None, url=blue) == []
    with pytest.raises(wherein.IndexMissing):
        opened(blue, GIVEN).search("follow redirects")
    with pytest.raises(wherein.StoreUnreachable, match="does not let"):
        opened(blue.replace("tenant=blue", "tenant=red"), GIVEN).search("follow redirects")
    with server.client() as admin:
        indexes = admin.execute_command("FT._LIST")
    with redis.Redis(unix_socket_path=str(server.socket), username="bob", password="hush") as bob:
        for index in indexes:
            with pytest.raises(redis.ResponseError, match=r"(?i)perm"):
                bob.execute_command("FT.SEARCH", index, "*")


def test_an_admin_looks_after_every_repository_of_its_tenant(filled, login, opened):
    admin = login("admin")
    assert {each.repository for each in list_indexes(None, url=admin)} == {GIVEN, PRIVATE}
    opened(admin, GIVEN).collect()
    assert opened(admin, PRIVATE).clear() > 0
    assert denied(filled) == {("admin", "FT.DROPINDEX")}  # search indexes stay, empty


def test_an_admin_removes_what_was_added_by_mistake(server, login, added):
    added("github.com/acme/wbe")
    remove_index(Path(), "github.com/acme/wbe", url=login("admin"))
    with pytest.raises(wherein.IndexMissing):
        remove_index(Path(), "github.com/acme/wbe", url=login("admin"))


def test_why_an_owner_is_refused_where_nobody_asks_what_an_index_is_made_over(server, login, opened):
    blue = f"{server.url}?tenant=blue"
    opened(blue, PRIVATE).update()
    theirs = repository_prefix("blue", PRIVATE)
    own = f"{repository_prefix('red', GIVEN)}index-spy"
    login("owner", tenant="red", user="oscar")
    version = search_version(parse(blue))
    with redis.Redis(
        unix_socket_path=str(server.socket), username="oscar", password="hush", protocol=2
    ) as oscar:
        spy = ("FT.CREATE", own, "PREFIX", "1", theirs, "SCHEMA", "b", "TEXT")
        if version[0] >= OWNERS_SINCE:
            refuse_owners(version)
            with pytest.raises(redis.ResponseError, match=r"(?i)perm"):
                oscar.execute_command(*spy)
        else:
            with pytest.raises(wherein.ConfigError, match="cannot confine an owner to one tenant"):
                refuse_owners(version)
            oscar.execute_command(*spy)
            wait_until(lambda: search_index.info(oscar, own)["indexing"] in (b"0", 0), within=10)
            oscar.execute_command("FT.DROPINDEX", own, "DD")
            with server.client() as admin:
                assert not list(admin.scan_iter(match=f"{theirs}c[0-9]*", count=1000)), "all of it is gone"
