"""Two writers and a collector, stopped at every command of theirs, leases that end at any moment, and a server that
loses what it was told last: what a view shows is whole all the while, and who reads on reads what is there."""

import os
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest

from redis_servers.stepping import Stepping
from redis_servers.wholeness import left_over, lost
from wherein.errors import StoreUnreachable
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, NotStored
from wherein.store.redis import keys
from wherein.store.redis.locks.right_to_write import KEPT, LEASE
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.views.following import Views

SCHEDULES = int(os.environ.get("WHEREIN_SCHEDULES", "4"))
"""An hour's run: WHEREIN_SCHEDULES=20000."""

DIMENSION = 8
HEADER = Header(SCHEMA, "c", "t", "m", DIMENSION)
ENDED = SLEPT = 0.006
"""The shares of commands after which the right to write is gone, and after which others may take it: whoever has it
slept for a minute, or for less. An operation takes some fifty, with those of who waits for it: much more, and nothing
is ever written."""

LOST = 0.05
"""The share of transactions after which the server has lost up to LOST_COMMANDS, as after a crash or a failover, just
when somebody has read what they did."""

LOST_COMMANDS = 60

DISTURBED = 1_000
"""Commands; from then on everybody comes to his end."""

READ = 0.01
"""The share after which a reader is compared with one that begins then."""


def version(name, chunks):
    records = [
        ChunkRecord(
            i + 1, i + 1, "function", f"{name}{i}", f"{name}{i}", (), (name, "", "", f"common t{i}"), b""
        )
        for i in range(chunks)
    ]
    vectors = np.eye(DIMENSION, dtype=np.float32)[[i % DIMENSION for i in range(chunks)]]
    return FileVersion(f"{name}.py", f"blob {name}", "python", "\n" * chunks, records, vectors)


VIEWS = ["base", "one", "two", "copy"]
SHARED = [version(name, 3) for name in "abc"]
BLOBS = {file.path: file.blob for file in SHARED}


def first_writer(store):
    store.write("one", put=SHARED, commit="1")
    store.write("one", put=[version("d", 5)], unlink=["a.py"], complete=True)
    store.write("one", unlink=["d.py"], complete=True)
    for i in range(4):
        store.write("one", put=[version(f"e{i}", 1)], unlink=[f"e{i - 1}.py"], complete=True)


def second_writer(store):
    link = {path: blob for path, blob in BLOBS.items() if not store.missing([(path, blob)])}
    try:
        store.write("two", link=link)
    except NotStored:
        link = {}
    store.write("two", put=SHARED, complete=True)
    store.copy_view("two", "copy")
    store.drop_view("one")


def collector(store):
    store.collect()
    store.collect()


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_every_view_is_whole_however_writers_and_a_collector_meet(redis_server, monkeypatch, seed):
    for setting in ("POLL", "LONGEST_POLL", "PAUSE"):
        monkeypatch.setattr(f"wherein.store.redis.locks.right_to_write.{setting}", 0.0005)
    monkeypatch.setattr("wherein.store.redis.writing.pacing.LONGEST_REST", 0.0005)
    for module in ("open_generation", "opening"):
        monkeypatch.setattr(f"wherein.store.redis.{module}.WAIT", 100.0)
    for setting in ("CHUNKS_AT_ONCE", "SAVED_AT_ONCE"):
        monkeypatch.setattr(f"wherein.store.redis.writing.writer.{setting}", 2)
    monkeypatch.setattr("wherein.store.redis.upkeep.garbage.CHUNKS_AT_ONCE", 3)
    monkeypatch.setattr("wherein.store.redis.terms.common_terms.FEWEST_CHUNKS", 3)
    order = random.Random(seed)
    prefix = repository_prefix(f"steps{os.getpid()}-{seed}", "r")

    def opened(url):
        return open_store(
            f"{url}?tenant=steps{os.getpid()}-{seed}", "r", HEADER, data_dir=Path(), mode="write"
        )

    with redis_server.client() as look, tempfile.TemporaryDirectory(prefix="steps") as folder:
        with opened(redis_server.url) as store:
            store.write("base", put=[SHARED[0], version("z", 4)])
            store.write("base", unlink=["z.py", "a.py"], put=[version("y", 2)], complete=True)
        steps = Stepping(redis_server.socket, Path(folder))
        stores = {
            each.__name__: opened_later(steps, opened, each)
            for each in (first_writer, second_writer, collector)
        }

        reader = opened(redis_server.url)
        before = []

        def after(name, command):
            if command in (b"EXEC", b"DEL", b"UNLINK"):
                assert lost(look, prefix) == []
            if len(before) >= DISTURBED:
                return
            before.append(kept(look, prefix) if len(before) % 10 == 0 else None)
            if command == b"EXEC" and order.random() < LOST:
                assert_reads_what_is_there(reader, look, prefix)
                set_back(look, prefix, order.choice([each for each in before[-LOST_COMMANDS:] if each]))
            if order.random() < READ:
                assert_reads_what_is_there(reader, look, prefix)
            chance = order.random()
            if chance < ENDED:
                look.delete(keys.writing(prefix))
            elif chance < ENDED + SLEPT:
                look.pexpire(keys.writing(prefix), int((KEPT - LEASE) * 1000), lt=True)

        ended = steps.run(stores, order, after)
        steps.close()
        assert lost(look, prefix) == []
        for name, error in ended.items():
            assert error is None or isinstance(error, StoreUnreachable), (name, error)
        with opened(redis_server.url) as store:
            store.collect()
            assert lost(look, prefix) == []
            assert left_over(look, prefix) == []
            assert_reads_what_is_there(reader, look, prefix)
            assert {view.name for view in store.views()} & {"one", "two", "copy"}, "nothing was written"
            names = set(reader.name_book().names)
            shown = {path.removesuffix(".py") for view in VIEWS for path in store.view_files(view)}
            assert {f"{name}0" for name in shown} <= names
        reader.close()


def kept(look, prefix):
    """Every key of a repository, as it is."""
    names = list(look.scan_iter(match=f"{prefix}*".replace("{", "\\{"), count=1_000))
    return {name: raw for name in names if (raw := look.dump(name)) is not None}


def set_back(look, prefix, before):
    """Let there be what was there before. Whoever had the right to write then is not connected any more."""
    pipe = look.pipeline()
    pipe.delete(*kept(look, prefix))
    for name, raw in before.items():
        pipe.restore(name, 0, raw)
    pipe.delete(keys.writing(prefix), keys.waiting(prefix))
    pipe.execute()


def assert_reads_what_is_there(reader, look, prefix):
    generation = keys.Keys(prefix, max(map(int, look.hvals(keys.indexes(prefix)))))
    for view in VIEWS:
        seen = Views(generation).load(look, view)
        expected = {} if seen is None else seen.contents.blobs
        assert reader.view_files(view) == expected, view


def opened_later(steps, opened, act):
    url = steps.url(act.__name__)

    def run():
        with opened(url) as store:
            act(store)

    return run
