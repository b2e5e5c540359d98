"""A server that begins again without what it was last told, as after a crash or a failover to a replica that was
behind: who knows more neither believes that nor takes for it what was written instead."""

from pathlib import Path

import numpy as np
import pytest

from redis_servers.wholeness import left_over, lost
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Filters, Header
from wherein.store.redis.prefixes import repository_prefix

HEADER = Header(SCHEMA, "c", "t", "m", 4)


def version(name):
    record = ChunkRecord(1, 1, "function", name, f"Shop.{name}", (), (name, "", "", "common"), b"")
    return FileVersion(f"{name}.py", f"blob {name}", "python", name, [record], np.ones((1, 4), np.float32))


@pytest.fixture
def server(start_redis):
    return start_redis()


@pytest.fixture
def opened(server):
    held = []

    def open_one(mode="write"):
        held.append(open_store(server.url, "r", HEADER, data_dir=Path(), mode=mode))
        return held[-1]

    yield open_one
    for store in held:
        store.close()


def save(server):
    """What is written from now on is lost."""
    with server.client() as client:
        client.save()


def begin_again(server):
    server.kill()
    server.start()


def named(store, name):
    return {each.symbol for each in store.definitions("main", [name], Filters(), 9)[0]}


@pytest.mark.parametrize("more", [0, 1, 2])
def test_a_reader_does_not_take_another_batch_for_the_one_that_was_lost(server, opened, more):
    writer, reader, other = opened(), opened("read"), opened()
    writer.write("main", put=[version("kept")])
    save(server)
    writer.write("main", put=[version("lost")])
    assert reader.view_files("main") == {"kept.py": "blob kept", "lost.py": "blob lost"}
    begin_again(server)
    shown = {"kept.py": "blob kept"}
    for number in range(1 + more):
        other.write("main", put=[version(f"instead{number}")])
        shown[f"instead{number}.py"] = f"blob instead{number}"
    assert reader.view_files("main") == shown
    assert writer.view_files("main") == shown


def test_names_that_were_lost_are_written_again(server, opened):
    writer, reader = opened(), opened("read")
    writer.write("main", put=[version("kept")], complete=True)
    save(server)
    writer.write("main", put=[version("lost")], complete=True)
    begin_again(server)
    writer.write("main", put=[version("lost")], complete=True)
    assert named(reader, "lost") == {"lost"}
    found = reader.definitions("main", ["los"], Filters(), 9, longer=True)[0]
    assert {each.symbol for each in found} == {"lost"}
    with server.client() as look:
        prefix = repository_prefix("default", "r")
        assert (lost(look, prefix), left_over(look, prefix)) == ([], [])
