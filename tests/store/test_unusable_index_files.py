"""Files that cannot be read, and folders that cannot be written: one sentence, a remedy, nothing lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from wherein.errors import IndexIncompatible, IndexMissing, StoreUnreachable, WhereinError
from wherein.store.protocol import Filters, Retrieval

REBUILD = "wherein index --force"


def read_everything(store):
    store.views()
    store.view_files("main")
    found = store.retrieve(Retrieval("main", terms=("common",), names=("run",)))
    store.texts([candidate.id for candidate in found.candidates])
    store.definitions("main", ["run"], Filters(), 10)


def damage(path, kind):
    size = path.stat().st_size
    if kind == "truncated":
        os.truncate(path, size // 2)
    elif kind == "truncated to its first page":
        os.truncate(path, 4096)
    elif kind == "truncated in its header":
        os.truncate(path, 50)
    elif kind == "overwritten from the second page on":
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
    elif kind == "overwritten header":
        with path.open("r+b") as file:
            file.write(b"\x00" * 100)
    elif kind == "some text":
        path.write_text("These are my notes.\n" * 100)


KINDS = [
    "truncated",
    "truncated to its first page",
    "truncated in its header",
    "overwritten from the second page on",
    "overwritten header",
    "some text",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_said_to_be_damaged_and_how_to_replace_it(filled, open_embedded, kind):
    damage(filled, kind)
    with pytest.raises(IndexIncompatible) as caught, open_embedded("read") as store:
        read_everything(store)
    assert str(filled) in caught.value.message
    assert REBUILD in caught.value.remedy


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_can_be_replaced(filled, open_embedded, version, kind):
    damage(filled, kind)
    with open_embedded(replace=True) as store:
        store.write("main", put=[version("new.py")], complete=True)
    with open_embedded("read") as store:
        assert store.view_files("main") == {"new.py": "blob of text"}
        read_everything(store)
    left = {path.suffix for path in filled.parent.iterdir()} - {".lock", ".db-wal", ".db-shm"}
    assert left == {".db", ".sums"}
    assert len(list(filled.parent.glob("*.sums"))) == 1


def test_another_program_s_database_is_not_taken_for_an_index(filled, open_embedded):
    filled.unlink()
    with closing(sqlite3.connect(filled)) as db:
        db.execute("CREATE TABLE precious (data TEXT)")
        db.commit()
    before = filled.read_bytes()
    for mode in ("read", "write"):
        with pytest.raises(IndexIncompatible, match="not an index of wherein"):
            open_embedded(mode)
    assert filled.read_bytes() == before


def test_an_index_of_a_later_version_is_refused(filled, open_embedded):
    with closing(sqlite3.connect(filled)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(IndexIncompatible, match="schema 99") as caught:
        open_embedded("read")
    assert caught.value.remedy.endswith(f"or `{REBUILD}`")


def test_an_empty_file_is_an_index_that_nobody_has_made(filled, open_embedded, version):
    filled.write_bytes(b"")
    with pytest.raises(IndexMissing):
        open_embedded("read")
    with open_embedded() as store:
        store.write("main", put=[version("a.py")])
        assert store.view_files("main") == {"a.py": "blob of text"}


@pytest.mark.timeout(60)
@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize(
    ("suffix", "mode"),
    [("", "read"), *((suffix, mode) for suffix in ("-wal", "-shm", ".sums") for mode in ("read", "write"))],
)
def test_a_pipe_in_the_place_of_a_file_is_told_and_not_waited_for(filled, open_embedded, suffix, mode):
    place = next(filled.parent.glob("*.sums")) if suffix == ".sums" else Path(f"{filled}{suffix}")
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    with pytest.raises(StoreUnreachable, match="regular file"), open_embedded(mode) as store:
        read_everything(store)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_folder_in_the_index_s_place_is_left_alone(filled, open_embedded, mode):
    filled.unlink()
    filled.mkdir()
    with pytest.raises(StoreUnreachable, match="folder"):
        open_embedded(mode)
    assert filled.is_dir()


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_file_in_the_data_folder_s_place_is_left_alone(tmp_path, open_embedded, mode):
    (tmp_path / "indexes").write_text("mine")
    with pytest.raises(WhereinError):
        open_embedded(mode)
    assert (tmp_path / "indexes").read_text() == "mine"


def test_a_log_that_outlived_its_index_is_not_taken_for_the_next_one_s(
    open_embedded, version, filled, tmp_path
):
    log = filled.with_name(filled.name + "-wal")
    with open_embedded() as store:
        store.write("main", put=[version(f"{i}.py", str(i)) for i in range(50)])
        saved = log.read_bytes()
    filled.unlink()
    log.write_bytes(saved)
    with open_embedded() as store:
        assert store.views() == []
        store.write("main", put=[version("a.py")])
        read_everything(store)


def test_a_writer_that_another_one_blocks_gives_up_in_time(filled, open_embedded, version, monkeypatch):
    monkeypatch.setattr("wherein.store.sqlite.connection.BUSY_SECONDS", 0.05)
    with open_embedded() as store, closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnreachable, match="locked"):
            store.write("main", put=[version("b.py")])
        read_everything(store)
        other.execute("ROLLBACK")
        store.write("main", put=[version("b.py")])
        assert "b.py" in store.view_files("main")


def test_an_index_that_another_process_locks_whole_is_unreachable(filled, open_embedded, monkeypatch):
    monkeypatch.setattr("wherein.store.sqlite.connection.BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnreachable, match="locked"):
            open_embedded("read")
        other.execute("ROLLBACK")


def test_a_full_disk_loses_nothing_that_was_written_before(filled, open_embedded, version):
    with open_embedded() as store:
        pages = store._writer.execute("PRAGMA page_count").fetchone()[0]
        store._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
        large = [
            version(f"large{i}.py", os.urandom(20_000).hex(), os.urandom(2_000).hex()) for i in range(20)
        ]
        with pytest.raises(StoreUnreachable, match="full") as caught:
            store.write("main", put=large, commit="2")
        assert caught.value.remedy
        assert store.view("main").commit == "1"
        assert len(store.view_files("main")) == 200
        store._writer.execute("PRAGMA max_page_count = 1000000")
        store.write("main", put=large, commit="2")
        assert len(store.view_files("main")) == 220
        read_everything(store)


@pytest.fixture
def shared_folder():
    """A folder that every user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from wherein.errors import WhereinError
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import Header
# while they can be read:
import filelock, simsimd, wherein.store.sqlite.location, wherein.store.sqlite.store
folder, repository, mode = sys.argv[1:]
if os.getuid() == 0:
    os.setuid(65534)
try:
    with open_store(None, repository, Header(SCHEMA, "c1", "t1", "m1", 8), data_dir=Path(folder), mode=mode) as store:
        if mode == "write":
            store.write("main", unlink=["src/1.py"])
        print(len(store.view_files("main")))
except WhereinError as error:
    print(type(error).__name__, error, error.remedy)
"""


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX permissions")
@pytest.mark.parametrize(("mode", "answer"), [("read", "200"), ("write", "StoreUnreachable")])
def test_an_index_in_a_folder_that_cannot_be_written_can_only_be_read(filled, shared_folder, mode, answer):
    shutil.copytree(filled.parent, shared_folder / "indexes")
    for path in [*(shared_folder / "indexes").iterdir(), shared_folder / "indexes"]:
        path.chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS, str(shared_folder), "github.com/psf/requests", mode],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    (shared_folder / "indexes").chmod(0o755)
    assert done.stdout.startswith(answer), done.stderr


def test_too_little_memory_is_no_damage(tmp_path):
    from wherein.store.sqlite.failures import reading

    with pytest.raises(MemoryError), reading(tmp_path / "a.db"):
        raise MemoryError
