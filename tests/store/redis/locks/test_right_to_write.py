"""The right to write is for others to take when it was not renewed for some seconds; where nobody does, it stays."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from redis.exceptions import ResponseError

from redis_servers import wait_until
from wherein.errors import StoreBusy
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header
from wherein.store.redis import keys
from wherein.store.redis.locks import right_to_write
from wherein.store.redis.locks.right_to_write import Lost, Right

HEADER = Header(SCHEMA, "c", "t", "m", 4)


@pytest.fixture
def short(monkeypatch):
    """Others may take a right after .3 s."""
    monkeypatch.setattr(right_to_write, "LEASE", 0.3)
    monkeypatch.setattr(right_to_write, "RENEWED", 0.1)


@pytest.fixture
def prefix():
    return f"wherein:{{right{os.getpid()}x{time.monotonic_ns()}}}:"


@pytest.fixture
def client(redis_server):
    with redis_server.client() as client:
        yield client


def large(path, chunks):
    records = [
        ChunkRecord(i + 1, i + 1, "function", f"n{i}", f"n{i}", (), ("get value", path, "", ""), b"")
        for i in range(chunks)
    ]
    return FileVersion(path, "blob", "python", "\n" * chunks, records, np.zeros((chunks, 4), np.float32))


def test_a_write_that_takes_longer_than_the_right_lasts_is_carried_out_once(redis_url, monkeypatch, short):
    monkeypatch.setattr(right_to_write, "KEPT", 0.6, raising=False)
    monkeypatch.setattr("wherein.store.redis.writing.writer.CHUNKS_AT_ONCE", 5)
    began = []
    held = Right.held

    def noted(self, *arguments, **named):
        began.append(self)
        return held(self, *arguments, **named)

    monkeypatch.setattr(Right, "held", noted)
    commit = Right.commit

    def slow(self, commands, *, last=False):
        time.sleep(0.02)
        return commit(self, commands, last=last)

    monkeypatch.setattr(Right, "commit", slow)
    with open_store(redis_url, "r", HEADER, data_dir=Path(), mode="write") as store:
        store.write("other", put=[large("b.py", 1)])
        began.clear()
        store.write("main", put=[large("a.py", 500)])
        assert len(began) == 1
        assert store.view("main").chunks == 500


def test_who_slept_or_whose_server_stood_still_goes_on_where_nobody_else_wrote(start_redis, prefix, short):
    server = start_redis()
    calls = []
    with server.client() as client:
        mine = Right(client, prefix)

        def act(told):
            calls.append(mine.commit([("INCR", f"{prefix}first")]))
            server.freeze()
            time.sleep(0.5)
            server.thaw()
            mine.commit([("INCR", f"{prefix}second")])

        mine.while_held(act, 5)
        assert client.mget(f"{prefix}first", f"{prefix}second") == [b"1", b"1"]
        assert not client.exists(keys.writing(prefix))


def test_who_slept_begins_anew_after_another_one_wrote(client, redis_server, prefix, short):
    order, slept = [], threading.Event()
    with redis_server.client() as other_client:
        mine, other = Right(client, prefix), Right(other_client, prefix)

        def write_between():
            slept.wait(5)
            other.while_held(lambda told: order.append(other.commit([("INCR", f"{prefix}n")])[0]), 5)

        between = threading.Thread(target=write_between)
        between.start()

        def act(told):
            mine.commit([("SET", f"{prefix}begun", 1)])
            if not slept.is_set():
                slept.set()
                between.join()
            order.append(mine.commit([("INCR", f"{prefix}n"), ("INCR", f"{prefix}mine")])[0])

        mine.while_held(act, 5)
    assert order == [1, 2]
    assert client.get(f"{prefix}mine") == b"1"


@pytest.mark.parametrize("waits", [False, True])
def test_a_right_that_is_lost_as_soon_as_it_was_got_is_got_again(client, redis_server, prefix, waits):
    """As by who stood still between the two answers; he took it for his own from then on, and never got it again."""
    with redis_server.client() as other:
        mine, calls = Right(client, prefix), []
        if waits:
            other.set(keys.writing(prefix), "another's", px=100)
        lose = ("SET", keys.writing(prefix), "another's", "PX", 100)  # between taking it and looking

        def questions():
            calls.append(0)
            return [lose] if len(calls) == 1 else []

        mine.while_held(lambda told: mine.commit([("SET", f"{prefix}written", len(calls))]), 5, ask=questions)
    assert client.get(f"{prefix}written") == b"2"


def test_the_right_is_given_back_where_a_question_that_came_along_is_refused(client, prefix):
    client.set(f"{prefix}text", "no hash")
    with pytest.raises(ResponseError), Right(client, prefix).held(1, ask=[("HGETALL", f"{prefix}text")]):
        pass
    assert not client.exists(keys.writing(prefix))


def test_the_right_of_a_process_that_was_killed_is_taken_after_a_lease_and_not_before(client, prefix):
    client.set(keys.writing(prefix), b"killed 60000", px=55_000)
    with pytest.raises(StoreBusy), Right(client, prefix).held(0.1):
        pass
    client.pexpire(keys.writing(prefix), 49_000)  # as after eleven seconds
    with Right(client, prefix).held(0.1):
        assert client.get(keys.writing(prefix)).endswith(b" 60000")


def test_a_right_that_an_earlier_version_holds_is_its_own_until_it_ends(client, prefix):
    client.set(keys.writing(prefix), b"0a1b2c3d4e5f60718293", px=9_000)
    with pytest.raises(StoreBusy), Right(client, prefix).held(0.1):
        pass
    assert client.get(keys.writing(prefix)) == b"0a1b2c3d4e5f60718293"


def test_whose_rights_are_of_an_earlier_version_waits_for_the_end_of_what_was_left(start_redis, prefix):
    server = start_redis()
    with server.client() as client:
        client.execute_command("ACL", "SETUSER", "old", "on", ">secret", "~*", "+@all", "-pttl")
        client.set(keys.writing(prefix), b"killed 60000", px=500)
        with server.client(username="old", password="secret") as user:
            mine = Right(user, prefix)
            mine.while_held(lambda told: mine.commit([("SET", f"{prefix}written", 1)]), 5)
        assert client.exists(f"{prefix}written")


def test_a_full_server_is_emptied_beside_the_right_of_a_process_that_was_killed(start_redis, prefix):
    server = start_redis(maxmemory_policy="noeviction")
    with server.client() as client:
        client.set(keys.writing(prefix), b"killed 60000", px=49_000)
        client.set(f"{prefix}doomed", "x" * 1_000)
        client.config_set("maxmemory", client.info("memory")["used_memory"] - 100_000)
        mine = Right(client, prefix)
        mine.while_held(lambda told: mine.commit([("DEL", f"{prefix}doomed")], last=True), 5, to_delete=True)
        assert not client.exists(f"{prefix}doomed", keys.writing(prefix))


def test_nothing_is_written_by_who_lost_the_right_and_he_says_what_is_true(client, prefix, monkeypatch):
    for pause in ("PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(right_to_write, pause, 0.001)
    mine, calls = Right(client, prefix), []

    def act(told):
        calls.append(told)
        client.delete(keys.writing(prefix))
        mine.commit([("SET", f"{prefix}written", 1)])

    with pytest.raises(StoreBusy, match="by others, or by a server that stood still"):
        mine.while_held(act, 0)
    assert len(calls) == right_to_write.ATTEMPTS
    assert not client.exists(f"{prefix}written")


def test_who_reads_for_long_keeps_the_right(client, redis_server, prefix, short):
    mine = Right(client, prefix)
    got = threading.Event()

    def take():
        with redis_server.client() as other, Right(other, prefix).held(5):
            got.set()

    with mine.held(1):
        taking = threading.Thread(target=take)
        taking.start()
        wait_until(lambda: client.hlen(keys.waiting(prefix)) > 0, within=5)
        for _ in range(12):
            time.sleep(0.05)
            mine.keep()
        assert not got.is_set()
    assert got.wait(5)
    taking.join()
    with mine.held(1):
        client.set(keys.writing(prefix), "another's")
        with pytest.raises(Lost):
            mine.commit([("SET", f"{prefix}written", 1)])


def test_a_server_that_refuses_to_take_away_a_right_that_ended_is_told_at_once(start_redis, prefix):
    """As a master that became a replica, or whose disk is full: it was asked again and again without a pause."""
    server = start_redis()
    with server.client() as client, server.client() as waiting:
        client.set(keys.writing(prefix), b"killed 13000", px=6_000)
        refusals: list[Exception] = []

        def wait():
            try:
                Right(waiting, prefix).while_held(lambda told: None, 60)
            except ResponseError as error:
                refusals.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        wait_until(lambda: client.hlen(keys.waiting(prefix)) > 0, within=2)
        client.config_set("min-replicas-to-write", 1)
        thread.join()
        assert client.exists(keys.writing(prefix)), "it went by itself"
    assert "NOREPLICAS" in str(refusals[0])


def test_a_right_that_is_lost_within_another_act_is_got_again_by_the_outer_one(client, prefix):
    """The inner one waited for what it could not get, and kept the caller from beginning anew."""
    mine, calls = Right(client, prefix), []

    def inner(told):
        if len(calls) == 1:
            client.set(keys.writing(prefix), "another's", px=100)
        mine.commit([("SET", f"{prefix}written", len(calls))])

    def outer(told):
        calls.append(0)
        mine.while_held(inner, 3, ask=lambda: [("EXISTS", prefix)])

    mine.while_held(outer, 5)
    assert client.get(f"{prefix}written") == b"2"
