"""A process opens an index more than once, beside another process: its locks must survive what it closes."""

import gc
import subprocess
import sys
from contextlib import closing, nullcontext

import pytest

from wherein.store.sqlite.connection import connect_reader
from wherein.store.sqlite.descriptors import _open

OTHER = """
import sys
from pathlib import Path
import numpy as np
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header

record = ChunkRecord(1, 1, "function", "run", "run", (), ("run", "", "", "body"), b"")
vectors = np.ones((1, 8), np.float32) / 8**0.5
header = Header(SCHEMA, "c1", "t1", "m1", dimension=8)
with open_store(None, "github.com/psf/requests", header, data_dir=Path(sys.argv[1]), mode="write") as store:
    store.write("main", put=[FileVersion(sys.argv[2], "blob", "python", "text", [record], vectors)], complete=True)
"""


@pytest.fixture
def another_writes(tmp_path):
    """another_writes(path): a process opens the index, writes a file, and closes it."""

    def write(path):
        subprocess.run([sys.executable, "-c", OTHER, str(tmp_path), path], check=True)

    return write


def test_a_reader_sees_what_another_process_writes_after_this_one_opened_and_closed_the_index_again(
    filled, open_embedded, another_writes
):
    with open_embedded("read") as reader:
        for number in range(3):
            with open_embedded("read") as again:
                assert again.view("main") is not None
            another_writes(f"new{number}.py")
            assert f"new{number}.py" in reader.view_files("main")


def test_what_a_writer_commits_after_this_process_looked_at_the_index_is_there_for_others(
    filled, open_embedded, another_writes, version
):
    with open_embedded() as writer:
        writer.write("main", put=[version("before.py")])
        connect_reader(filled).close()
        another_writes("between.py")
        writer.write("main", put=[version("after.py")], complete=True)
        another_writes("last.py")
    with open_embedded("read") as reader:
        assert {"before.py", "between.py", "after.py", "last.py"} <= set(reader.view_files("main"))


def test_a_file_stays_open_for_as_long_as_a_connection_to_it(filled, open_embedded):
    with open_embedded("read"):
        (kept,) = _open.values()
        holders = kept.holders
        with open_embedded(), closing(connect_reader(filled)):
            assert list(_open.values()) == [kept]
        assert kept.holders == holders
    assert not _open


def test_a_connection_that_nobody_closed_lets_go_of_its_file(filled):
    connection = connect_reader(filled)
    assert _open
    told = pytest.warns(ResourceWarning) if sys.version_info >= (3, 13) else nullcontext()
    with told:
        del connection
        gc.collect()  # what a connection remembers of its statements holds the connection
    assert not _open
