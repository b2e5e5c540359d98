"""A server that forgot some of an index is told by whoever searches, and never answers as if nothing were missing."""

from pathlib import Path

import numpy as np
import pytest

from installed_command import run_command, variables
from wherein.errors import IndexIncompatible
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Filters, Header, Retrieval
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.roles.acl import line, rules

DIMENSION = 64
HEADER = Header(SCHEMA, "c", "t", "m", DIMENSION)


@pytest.fixture
def server(start_redis):
    return start_redis(maxmemory_policy="noeviction")


@pytest.fixture
def command(repo, server, tmp_path):
    """command(words…): run in a repository of three files."""
    names = ("open_lock", "close_door", "paint_wall")
    repo.commit({f"{name}.py": f"def {name}():\n    '''Do {name}.'''\n    return 1\n" for name in names})
    repo.git("remote", "add", "origin", "https://example.org/acme/web")

    def run(*words, url=server.url):
        environment = variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command(*words, folder=repo.root, environment=environment)

    return run


def chunks_of(client):
    return sorted(client.scan_iter(match="*:c[0-9]:*", count=1000))


def test_a_search_that_lacks_chunks_says_so_until_they_are_restored(command, server):
    assert command("index").returncode == 0
    assert command("index", "--view", "main").returncode == 0
    with server.client() as admin:
        admin.execute_command(
            "ACL", "SETUSER", *line("ada", "hush", rules("searcher", tenant="default")).split()[1:]
        )
        reader = server.url.replace("unix://", "unix://ada:hush@")
        (lost,) = [key for key in chunks_of(admin) if b"lock" in admin.hget(key, "t")]
        admin.delete(lost)
        for words, url in (
            (("search", "--no-update", "open a lock"), server.url),
            (("search", "paint a wall"), server.url),
            (("search", "--view", "main", "open a lock"), reader),
        ):
            done = command(*words, url=url)
            assert (done.returncode, done.stdout) == (3, ""), (words, done)
            assert "has lost 1 of the 3 chunks" in done.stderr
            assert "wherein index" in done.stderr
            assert "Traceback" not in done.stderr
        told = command("search", "--all-repos", "open a lock")
        assert "has lost 1 of the 3 chunks" in told.stderr, told
        assert command("index").returncode == 0
        assert "open_lock" in command("search", "--view", "main", "open a lock", url=reader).stdout
        assert not [each for each in admin.acl_log() if each["username"] == "ada"]


def test_what_a_server_evicts_by_itself_is_told_and_what_others_write_or_delete_is_not(server):
    def version(name, chunks=40):
        records = [
            ChunkRecord(
                i + 1, i + 1, "function", f"{name}{i}", f"{name}{i}", (), (name, "", "", "common"), b""
            )
            for i in range(chunks)
        ]
        vectors = np.eye(DIMENSION, dtype=np.float32)[:chunks]
        return FileVersion(f"{name}.py", f"blob {name}", "python", "a line\n" * chunks, records, vectors)

    def open_it(mode="write"):
        return open_store(server.url, "r", HEADER, data_dir=Path(), mode=mode)

    ask = Retrieval("main", terms=("common",))
    with open_it() as writer, open_it("read") as reader, server.client() as admin:
        writer.write("main", put=[version("kept")], complete=True)
        writer.write("other", put=[version(f"gone{i}") for i in range(3)], complete=True)
        assert len(reader.retrieve(ask).candidates) == 40
        writer.drop_view("other")
        writer.collect()
        assert len(reader.retrieve(ask).candidates) == 40
        meta = next(admin.scan_iter(match=f"{repository_prefix('default', 'r')}*:meta"))
        admin.hincrby(meta, "chunks", 7)  # what a full server leaves that refuses to count what it deletes
        assert len(reader.retrieve(ask).candidates) == 40
        assert reader.counts().chunks == 47
        for key in chunks_of(admin):  # what has an end is what this policy evicts
            admin.expire(key, 3600)
        admin.config_set("maxmemory-policy", "volatile-random")
        admin.config_set("maxmemory", admin.info("memory")["used_memory"] - 20_000)
        admin.set("one key more", "1")
        assert 0 < len(chunks_of(admin)) < 40
        for question in (
            lambda: reader.retrieve(ask),
            lambda: reader.definitions("main", ["kept1"], Filters(), 5),
            lambda: reader.chunks_of("main", ["kept.py"]),
            lambda: reader.first_chunks("main", Filters(), 5),
            reader.counts,
        ):
            with pytest.raises(IndexIncompatible, match="of the 40 chunks"):
                question()


@pytest.mark.parametrize(
    ("lost", "question", "says"),
    [
        ("df", lambda store: store.retrieve(Retrieval("main", terms=("word",))), "frequencies of terms"),
        (
            "names",
            lambda store: store.definitions("main", ["nam"], Filters(), 9, longer=True),
            "names of chunks",
        ),
        ("names", lambda store: store.name_book(), "names of chunks"),
        ("diff:main", lambda store: store.view_files("main"), "what the view main shows"),
    ],
)
def test_a_list_that_is_gone_is_told_by_whoever_asks_for_it(redis_server, redis_url, lost, question, says):
    def version(number):
        record = ChunkRecord(
            1, 1, "function", f"name{number}", f"name{number}", (), ("word", "", "", ""), b""
        )
        return FileVersion(
            f"{number}.py", f"{number}", "python", "a", [record], np.ones((1, DIMENSION), np.float32)
        )

    def opened(mode="read"):
        return open_store(redis_url, "r", HEADER, data_dir=Path(), mode=mode)

    with opened("write") as store:
        store.write("main", put=[version(number) for number in range(600)], complete=True)
        store.write("main", put=[version(600)], complete=True)
        assert store.lacks("main") == ""
        question(store)
    with redis_server.client() as admin:
        prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
        (key,) = admin.scan_iter(match=f"{prefix}*:{lost}", count=1000)
        admin.delete(key)
        with opened() as reader:
            with pytest.raises(IndexIncompatible, match=says):
                question(reader)
            assert reader.inventory().lacks
