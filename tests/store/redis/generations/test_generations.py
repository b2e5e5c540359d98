"""Each version of wherein has an index of its own in a store; what is made anew replaces that for some days."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError

from files_of_chunks import file_of
from redis_servers.wholeness import left_over, lost
from wherein.errors import IndexIncompatible, IndexMissing
from wherein.store.header import SCHEMA
from wherein.store.open import collect_index, go_back, list_indexes, open_store, remove_index, update_lock
from wherein.store.protocol import Header
from wherein.store.redis import keys as names
from wherein.store.redis.damage import lost_keys
from wherein.store.redis.generations import former_schemas, registry
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.prefixes import catalogue, repository_prefix
from wherein.store.redis.repositories.catalogue import add, entries
from wherein_server.cli.wording import other_index

DIMENSION = 16
OURS = Header(SCHEMA, "3 (parsers a)", "2 (Snowball 3)", "m", DIMENSION)
NEWER = replace(OURS, chunker="4 (parsers b)")
OLDER = replace(OURS, chunker="2 (parsers a)")


def version(name, chunks=4):
    return file_of(name, chunks, DIMENSION)


@pytest.fixture
def opened(redis_url):
    def make(header=OURS, mode="write", **options):
        return open_store(redis_url, "r", header, data_dir=Path(), mode=mode, **options)

    return make


@pytest.fixture
def look(redis_server, redis_url):
    """A client of the server. look.prefix: of the repository's keys; look.stored(): how many of them hold an index."""
    with redis_server.client() as client:
        client.prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
        client.list = catalogue(redis_url.partition("tenant=")[2])
        client.stored = lambda: sum(1 for _ in client.scan_iter(match=f"{client.prefix}*:*:*", count=1000))
        yield client


def indexes(client):
    return [name for name in client.execute_command("FT._LIST") if name.decode().startswith(client.prefix)]


def test_two_versions_share_a_store_and_each_keeps_its_own(opened, look):
    with opened(OLDER) as store:
        store.write("ref:main", put=[version("old")], complete=True)
    for mode in ("read", "write"):
        with pytest.raises(IndexIncompatible, match="older wherein") as caught:
            opened(OURS, mode)
        assert caught.value.remedy.startswith("wherein index, which makes one for this version beside it")
    with opened(OURS, beside=True) as new, opened(OLDER) as old:
        new.write("ref:main", put=[version("new")], complete=True)
        old.write("ref:main", put=[version("older")], complete=True)
        assert old.view_files("ref:main").keys() == {"old.py", "older.py"}
        assert new.view_files("ref:main").keys() == {"new.py"}
    collect_index(new.url, "r")
    with opened(OLDER, "read") as old, opened(OURS, "read") as new:
        assert len(old.views()) == len(new.views()) == 1


def test_a_version_that_others_have_left_behind_is_told_to_update_and_nothing_else(opened):
    with opened(NEWER) as store:
        store.write("ref:main", put=[version("new")], complete=True)
    for mode in ("read", "write"):
        with pytest.raises(IndexIncompatible, match="newer wherein") as caught:
            opened(OURS, mode)
        assert "update wherein" in caught.value.remedy
        assert "--force" not in caught.value.remedy


def test_what_an_older_version_left_goes_when_nobody_uses_it_any_more(opened, look, redis_url):
    with opened(OLDER) as old, opened(OURS, beside=True) as new:
        old.write("ref:main", put=[version("old")], complete=True)
        new.write("ref:main", put=[version("new")], complete=True)
    record = json.loads(look.hget(f"{look.prefix}1:views", "ref:main"))
    look.hset(f"{look.prefix}1:views", "ref:main", json.dumps(record | {"updated": 1.0, "unheard of": 1}))
    collect_index(redis_url, "r", unused_days=30)
    assert not list(look.scan_iter(match=f"{look.prefix}1:*", count=1000))
    with pytest.raises(IndexIncompatible, match="newer wherein"):
        opened(OLDER, "read")


def _said_of_others(url, store):
    """What `status` and `repo list` call the indexes beside the one that counts."""
    listed = [other for entry in list_indexes(Path(), url=url) for other in entry.others]
    assert listed == list(store.inventory().others)
    return {other_index(other).partition(":")[0] for other in listed}


def test_the_index_before_one_that_was_made_anew_is_kept_and_can_be_gone_back_to(opened, look, redis_url):
    with pytest.raises(IndexMissing):
        go_back(redis_url, "r", OURS)
    with opened() as store:
        store.write("ref:main", put=[version("good")], complete=True)
    with opened(replace=True) as store:
        store.write("ref:main", put=[version("bad")], complete=True)
        assert store.view_files("ref:main").keys() == {"bad.py"}
        store.collect()
        go_back(redis_url, "r", OURS)
        assert store.view_files("ref:main").keys() == {"good.py"}
        assert _said_of_others(redis_url, store) == {"as it was after a rebuild that was rolled back"}
        go_back(redis_url, "r", OURS)
        assert store.view_files("ref:main").keys() == {"bad.py"}
        assert _said_of_others(redis_url, store) == {"as it was before it was rebuilt"}


def test_what_commands_that_were_killed_left_is_collected(opened, look, redis_url):
    with opened() as store:
        store.write("ref:main", put=[version("good", 40)], complete=True)
        before = look.stored()
        for _ in range(3):
            with update_lock("r", Path(), url=redis_url, view="ref:main") as held:
                killed = opened(replace=True, held=held)
                killed.write("ref:main", put=[version("half", 30)])
                assert collect_index(redis_url, "r").chunks == 0
                assert killed.view_files("ref:main"), "whoever builds one is let alone"
        left = f"{look.prefix}index-1.{look.hincrby(f'{look.prefix}made', '1:builds', 1)}"
        look.execute_command("FT.CREATE", left, "ON", "HASH", "PREFIX", 1, "nothing", "SCHEMA", "a", "TAG")
        store.collect()
        assert look.stored() == before
        assert left.encode() not in indexes(look)
        assert (lost(look, look.prefix), left_over(look, look.prefix)) == ([], [])


def test_nothing_is_left_of_a_repository_that_was_removed_whatever_a_writer_was_at(opened, look, redis_url):
    with opened(OLDER) as old, opened(OURS, beside=True) as store:
        old.write("ref:main", put=[version("old")], complete=True)
        store.write("ref:main", put=[version("good", 60)], complete=True)
    opened(OURS, replace=True).write("ref:main", put=[version("half", 30)])
    remove_index(Path(), "r", url=redis_url)
    left = {
        key.decode().removeprefix(look.prefix) for key in look.scan_iter(match=f"{look.prefix}*", count=1000)
    }
    assert left <= {"counter", "waiting", "made"}
    assert indexes(look) == []
    assert list_indexes(Path(), url=redis_url) == []


def test_a_repository_that_versions_before_this_one_wrote_is_theirs(redis_server, redis_url, opened, look):
    look.set(f"{look.prefix}current", 1)
    look.sadd(f"{look.prefix}generations", 1)
    look.set(f"{look.prefix}counter", 1)
    look.hset(
        f"{look.prefix}1:meta", mapping={"repository": "r", "schema": 3, "chunker": "2 (x)", "tokenizer": "2"}
    )
    look.hset(
        f"{look.prefix}1:meta",
        mapping={"model": "m", "dimension": 16, "vectors": "float16", "chunks": 1, "bytes": 10},
    )
    look.hset(f"{look.prefix}1:versions", "ab", "1 10")
    look.hset(f"{look.prefix}1:c:ab:0", "s", "word")
    look.set(f"{look.prefix}1:t:ab", "text")
    with pytest.raises(IndexIncompatible, match="schema 3 instead of"):
        opened(mode="read")
    with opened(beside=True) as store:
        store.write("ref:main", put=[version("new")], complete=True)
        store.collect()
        (other,) = list(store.inventory().others)
        assert (other.age, other.chunks) == ("older", 1)
    assert look.get(f"{look.prefix}current") == b"1"
    assert look.hget(f"{look.prefix}1:c:ab:0", "s") == b"word"
    (entry,) = entries(redis_url)
    assert len(entry.others) == 1
    assert entry.together == entry.bytes + other.bytes > entry.bytes
    assert look.smembers(former_schemas.generations(look.prefix)) == {b"1"}
    remove_index(Path(), "r", url=redis_url)
    assert look.stored() == 0


def test_what_versions_before_this_one_wrote_alone_is_listed_and_goes_when_it_is_not_used(
    redis_url, opened, look
):
    look.set(f"{look.prefix}current", 1)
    look.sadd(f"{look.prefix}generations", 1)
    facts = {"repository": "r", "schema": 3, "chunker": "2 (x)", "tokenizer": "2", "model": "m"}
    look.hset(f"{look.prefix}1:meta", mapping=facts | {"dimension": 16, "vectors": "float16", "bytes": 7})
    look.hset(f"{look.prefix}1:views", "ref:main", json.dumps({"commit": "c", "updated": 1.0}))
    look.hset(look.list, "id", "r")
    (entry,) = list_indexes(Path(), url=redis_url)
    assert (entry.repository, entry.bytes) == ("r", 7)
    collect_index(redis_url, "r", unused_days=30)
    assert look.exists(f"{look.prefix}1:meta"), "nobody has another one"
    with opened(beside=True) as store:
        store.write("ref:main", put=[version("new")], complete=True)
    collect_index(redis_url, "r")
    assert look.exists(f"{look.prefix}1:meta")
    collect_index(redis_url, "r", unused_days=30)
    assert not look.exists(former_schemas.current(look.prefix), *look.scan_iter(match=f"{look.prefix}1:*"))


def test_what_another_schema_made_is_left_to_the_versions_that_understand_it(opened, look, redis_url):
    other = replace(OURS, schema=SCHEMA - 1)
    with opened(other) as store:
        store.write("ref:main", put=[version("old"), version("gone")], complete=True)
        store.write("ref:main", unlink=["gone.py"], complete=True)
        store.write("worktree:x", put=[version("mine")], complete=True)
    look.hset(f"{look.prefix}1:df", "of another schema", b"\x10")
    for key in look.scan_iter(match=f"{look.prefix}c1:1:*", count=1000):
        look.hset(key, "k", "of another schema")
    record = json.loads(look.hget(f"{look.prefix}1:views", "worktree:x"))
    look.hset(f"{look.prefix}1:views", "worktree:x", json.dumps(record | {"updated": 1.0}))
    with opened(beside=True) as store:
        store.write("ref:main", put=[version("new")], complete=True)

    def stored():
        return {key: look.dump(key) for key in look.scan_iter(match=f"{look.prefix}*1:*", count=1000)}

    before = {key: value for key, value in stored().items() if b":2:" not in key}
    for act in (
        lambda: collect_index(redis_url, "r"),
        lambda: collect_index(redis_url, "r", unused_days=30),
        lambda: add(redis_url, "r", OURS),
    ):
        act()
        assert {key: value for key, value in stored().items() if b":2:" not in key} == before
    for keys in registry.understood(look, look.prefix):
        assert lost_keys.lost(look, keys) == []
    look.hset(f"{look.prefix}1:views", "ref:main", json.dumps(record | {"updated": 1.0}))
    collect_index(redis_url, "r", unused_days=30)
    assert not [key for key in look.scan_iter(match=f"{look.prefix}*") if b":1:" in key]


def test_each_version_is_told_of_the_others(opened, look, redis_url):
    with opened(OLDER) as store:
        store.write("ref:main", put=[version("old")], complete=True)
        assert list(store.inventory().others) == []
    with opened(OURS, beside=True) as store:
        store.write("ref:main", put=[version("new", chunks=3)], complete=True)
        (other,) = list(store.inventory().others)
        assert other.made_with == "chunker 2 instead of 3"
        assert (other.age, other.chunks, other.views, other.replaced) == ("older", 4, 1, False)
        assert other.bytes > 1_000
        assert other.updated is not None
    with opened(OURS, replace=True) as store:
        store.write("ref:main", put=[version("newest")], complete=True)
        assert [(each.age, each.made_with, each.replaced) for each in list(store.inventory().others)] == [
            ("as old", "", True),
            ("older", other.made_with, False),
        ]
    with opened(OLDER, "read") as store:
        assert {each.age for each in list(store.inventory().others)} == {"newer"}
    (listed,) = entries(redis_url)
    assert [(each.age, each.made_with, each.replaced) for each in listed.others] == [
        ("as old", "", True),
        ("older", other.made_with, False),
    ]


@pytest.fixture
def cut_after(monkeypatch):
    """cut_after(word): once, the answer to a transaction that has it is lost on the way."""

    def cut(word):
        commit, lost = Right.commit, []

        def carried_out(self, commands, *, last=False):
            answers = commit(self, commands, last=last)
            if not lost and any(word in command for command in commands):
                lost.append(word)
                raise ConnectionError("cut")
            return answers

        monkeypatch.setattr(Right, "commit", carried_out)

    return cut


def test_an_index_that_was_gone_back_to_stays_where_the_answer_is_lost(opened, look, redis_url, cut_after):
    for name in ("good", "bad"):
        with opened(replace=True) as store:
            store.write("ref:main", put=[version(name)], complete=True)
    cut_after("counts")
    go_back(redis_url, "r", OURS)
    with opened(mode="read") as store:
        assert store.view_files("ref:main").keys() == {"good.py"}


def test_a_removal_whose_last_answer_is_lost_is_one_and_is_listed_no_more(opened, look, redis_url, cut_after):
    with opened() as store:
        store.write("ref:main", put=[version("good")], complete=True)
    cut_after(names.begun(look.prefix))
    assert remove_index(Path(), "r", url=redis_url) > 0
    assert not look.hlen(look.list)
