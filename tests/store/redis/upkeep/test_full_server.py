"""A server that takes no writes is emptied where it lets itself be, loses nothing where it does not, and is searched as
it is."""

from pathlib import Path

import numpy as np
import pytest

from installed_command import run_command, variables
from redis_servers import wait_until
from redis_servers.wholeness import left_over, lost
from wherein.errors import StoreUnreachable
from wherein.store.header import SCHEMA
from wherein.store.open import collect_index, list_indexes, open_store, remove_index
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval
from wherein.store.redis.keys import writing
from wherein.store.redis.prefixes import repository_prefix

DIMENSION = 64
HEADER = Header(SCHEMA, "c", "t", "m", DIMENSION)


def version(name, chunks=60):
    records = [
        ChunkRecord(
            i + 1, i + 1, "function", f"{name}{i}", f"{name}{i}", (), (name, "", "", f"t{i} common"), b""
        )
        for i in range(chunks)
    ]
    vectors = np.eye(DIMENSION, dtype=np.float32)[:chunks]
    return FileVersion(f"{name}.py", f"blob {name}", "python", "text of a line\n" * chunks, records, vectors)


@pytest.fixture
def server(start_redis):
    return start_redis(maxmemory_policy="noeviction")


def opened(server, mode="write"):
    return open_store(server.url, "r", HEADER, data_dir=Path(), mode=mode)


@pytest.fixture
def fill(server):
    """fill(): the server has no room from now on, and is some kilobytes beyond what it may take."""

    def full():
        with server.client() as client:
            client.config_set("maxmemory", client.info("memory")["used_memory"] - 200_000)

    return full


def test_a_full_server_is_emptied_of_what_no_view_shows(server, fill):
    with opened(server) as store:
        store.write("main", put=[version("kept")], complete=True)
        store.write("other", put=[version(f"gone{i}") for i in range(20)], complete=True)
        fill()
        with pytest.raises(StoreUnreachable, match="out of memory"):
            store.write("main", put=[version("more")])
        assert store.drop_view("other")
        assert store.collect().file_versions == 20
        assert len(store.retrieve(Retrieval("main", terms=("common",))).candidates) == 60
        assert store.counts().chunks == 60
        store.write("main", put=[version("more")], complete=True)
    with server.client() as look:
        prefix = repository_prefix("default", "r")
        assert (lost(look, prefix), left_over(look, prefix)) == ([], [])


def test_a_full_server_is_emptied_without_a_clone(server, fill):
    with opened(server) as store:
        store.write("main", put=[version("a")], complete=True)
        store.write("main", put=[version("b")], unlink=["a.py"], complete=True)
    fill()
    assert collect_index(server.url, "r").file_versions == 1
    remove_index(Path(), "r", url=server.url)
    assert list_indexes(Path(), url=server.url) == []
    with server.client() as look:
        assert not list(look.scan_iter(match="*:c[0-9]:*"))


def test_what_a_full_server_did_not_count_is_counted_by_the_next_collection(server):
    kept, gone = version("kept"), [version(f"gone{i}") for i in range(20)]
    with opened(server) as store, server.client() as admin:
        store.write("main", put=[kept], complete=True)
        store.write("other", put=gone, complete=True)
        admin.config_set("maxmemory", 1)
        assert store.drop_view("other")
        assert store.collect().file_versions == 20
        admin.config_set("maxmemory", 0)
    with opened(server) as store:
        store.write("main", put=[version("more")], complete=True)
        assert store.collect().file_versions == 0
        assert {name.rstrip("0123456789") for name in store.name_book().names} == {"kept", "more"}
    with server.client() as look:
        prefix = repository_prefix("default", "r")
        assert (lost(look, prefix), left_over(look, prefix)) == ([], [])


def stop_writes(server):
    """As a failed snapshot does (MISCONF)."""
    (server.folder / "dump.rdb").mkdir()
    (server.folder / "dump.rdb" / "in the way").touch()
    with server.client() as client:
        client.config_set("save", "3600 1")
        client.set("a write", "1")
        client.bgsave()
        wait_until(
            lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err",
            within=10,
            what="it was saved",
        )


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("cannot save", "cannot save to its disk, and so accepts no writes"),
        ("misses its replicas", "accepts no writes, because too few of its replicas are there"),
        ("is a replica", "is a replica, which cannot be written to"),
    ],
)
def test_whatever_a_server_refuses_is_told_in_a_sentence_and_nothing_is_lost(
    server, start_redis, make_repo, tmp_path, why, told
):
    repo, url = make_repo("project"), server.url
    repo.commit({"engine.py": "def start_engine():\n    return 1\n"})
    repo.git("remote", "add", "origin", "https://example.org/acme/web")

    def run(*words):
        environment = variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command(*words, folder=repo.root, environment=environment)

    assert run("index", "--view", "main").returncode == 0
    assert run("index").returncode == 0
    repo.commit({"engine.py": "def stop_engine():\n    return 1\n"})
    assert run("index", "--view", "main").returncode == 0
    assert run("index").returncode == 0
    prefix = repository_prefix("default", "example.org/acme/web")
    with server.client() as client:
        client.set(writing(prefix), b"killed 60000", px=45_000)  # a right that has ended
        if why == "misses its replicas":
            client.config_set("min-replicas-to-write", 1)
    if why == "cannot save":
        stop_writes(server)
    elif why == "is a replica":
        replica = start_redis(replicaof=f"127.0.0.1 {server.port}", repl_diskless_sync_delay="0")
        with replica.client() as client:
            wait_until(lambda: client.info("replication")["master_link_status"] == "up", within=20)
        url = replica.url
    for words in (
        *(("gc",), ("gc", "--all", "--unused", "0"), ("clear", "--yes")),
        *(("repo", "remove", "example.org/acme/web"), ("repo", "rollback", "main@{1}"), ("index", "--force")),
    ):
        refused = run(*words)
        assert (refused.returncode, refused.stdout) == (4, ""), words
        assert told in refused.stderr, words
        assert refused.stderr.startswith("wherein: The store "), refused.stderr
    with server.client() as look:
        assert lost(look, prefix) == []
    assert "stop_engine" in run("symbol", "stop_engine", "--no-update").stdout


@pytest.mark.parametrize("why", ["full", "cannot save"])
def test_a_search_that_cannot_bring_the_index_up_to_date_answers_from_what_is_there(
    server, fill, make_repo, clone, tmp_path, why
):
    repo = make_repo("project")
    repo.commit({"engine.py": "def start_engine():\n    '''Start the engine.'''\n    return 1\n"})
    repo.git("remote", "add", "origin", "https://example.org/acme/web")
    fresh = clone(repo, "fresh")
    fresh.git("remote", "set-url", "origin", "https://example.org/acme/web")

    def run(place, *words):
        environment = variables(WHEREIN_STORE=server.url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command(*words, folder=place.root, environment=environment)

    assert run(repo, "index", "--view", "main").returncode == 0
    assert run(repo, "index").returncode == 0
    fill() if why == "full" else stop_writes(server)
    repo.write("new.py", "def pull_lever():\n    return 3\n")
    for place, told in ((repo, "from the index as it was"), (fresh, "from main as it was")):
        found = run(place, "search", "start the engine")
        assert "start_engine" in found.stdout, found
        assert found.returncode == 0
        assert told in found.stderr, found.stderr


def test_the_limits_are_shown_by_a_server_that_lets_nothing_be_noted(server, tmp_path):
    with opened(server) as store:
        store.write("main", put=[version("a")], complete=True)

    def quota(*words):
        environment = variables(WHEREIN_STORE=server.url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command("redis", "quota", *words, folder=tmp_path, environment=environment)

    assert quota("1GB").returncode == 0
    with server.client() as client:
        client.config_set("min-replicas-to-write", 1)
    for words, limit in (((), "1.0 GB"), (("--json",), "1000000000")):
        told = quota(*words)
        assert told.returncode == 4
        assert limit in told.stdout
        assert "accepts no writes, because too few of its replicas are there" in told.stderr
