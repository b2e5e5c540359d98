"""The names of all chunks, in a stream that several processes add to and that is made anew now and then."""

import numpy as np
import pytest

from wherein.store.protocol import ChunkRecord, FileVersion, Filters, Header
from wherein.store.redis.chunks import name_book
from wherein.store.redis.store import RedisStore
from wherein.store.spellings import fold

HEADER = Header(schema=1, chunker="c", tokenizer="t", model="m", dimension=4)


@pytest.fixture
def opened(server, request):
    held = []

    def open_one():
        held.append(RedisStore(f"{server.url}?tenant={request.node.name[5:25]}", "r", HEADER, write=True))
        return held[-1]

    yield open_one
    for store in held:
        store.close()


def version(path, *symbols):
    chunks = [
        ChunkRecord(n, n, "function", name, f"Shop.{name}", (), (name, path, "", "word"), b"")
        for n, name in enumerate(symbols, 1)
    ]
    vectors = np.zeros((len(chunks), 4), np.float32)
    return FileVersion(path, "blob", "python", "\n".join(symbols), chunks, vectors)


def found(store, beginning, limit=50):
    return {each.symbol for each in store.definitions("main", [beginning], Filters(), limit, longer=True)[0]}


def test_a_reader_is_told_what_is_new_and_what_is_gone(opened):
    writer, reader = opened(), opened()
    writer.write("main", put=[version("a.py", "open_door", "close_door")], complete=True)
    assert found(reader, "open_d") == {"open_door"}
    writer.write("main", put=[version("b.py", "open_drawer")])
    assert found(reader, "open_d") == {"open_door", "open_drawer"}
    assert set(reader.name_book().names) == {"open_door", "close_door", "open_drawer"}
    writer.write("main", unlink=["a.py"])
    writer.collect()
    assert found(reader, "open_d") == {"open_drawer"}
    assert set(reader.name_book().names) == {"open_drawer"}


def test_a_name_that_another_process_forgot_is_added_again(opened):
    writer, other = opened(), opened()
    writer.write("main", put=[version("a.py", "wind_clock")], complete=True)
    writer.write("main", unlink=["a.py"])
    other.collect()
    assert found(writer, "wind_c") == set()
    writer.write("main", put=[version("c.py", "wind_clock")])
    assert found(other, "wind_c") == {"wind_clock"}


def test_names_of_a_batch_that_was_refused_are_added_by_the_next(opened):
    writer = opened()
    writer.write("main", put=[version("a.py", "first")], complete=True)
    with pytest.raises(LookupError):
        writer.write("main", put=[version("b.py", "oil_hinge")], link={"gone.py": "nowhere"})
    writer.write("main", put=[version("b.py", "oil_hinge")])
    assert found(writer, "oil_h") == {"oil_hinge"}


def test_what_was_added_bit_by_bit_is_made_one_record(opened, server):
    writer = opened()
    names = [f"paint_{n}" for n in range(name_book.ADDED + 20)]
    for n, name in enumerate(names):
        writer.write("main", put=[version(f"{n}.py", name)], complete=True)
    with server.client() as client:
        (stream,) = [
            key
            for key in client.scan_iter(match="*:names")
            if client.type(key) == b"stream" and b"what_was_added" in key
        ]
        assert client.xlen(stream) < 40
    assert found(opened(), "paint_", limit=200) == set(names)


@pytest.mark.parametrize("beginning", ["Base::Mod", "base.mod", "mod", "Mod", "outer.base"])
def test_names_are_found_by_the_beginning_of_each_tail_in_any_case(beginning):
    entries = name_book.entries_of("Model", "outer::Base::Model", ("Helper",))
    kept = name_book.Book(b"1-0", b"1-0", frozenset(entries))
    expected = {"outer.base.model", "base.model", "model"}
    wanted = fold(beginning)
    assert set(kept.beginning(wanted)) == {name for name in expected if name.startswith(wanted)}
    assert set(kept.names.names) == {"Model", "Helper"}
