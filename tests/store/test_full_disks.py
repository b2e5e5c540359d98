"""Rebuilding where the disk is too small: the index that there was goes on answering."""

import os
import subprocess
import sys

import pytest

from wherein.errors import WhereinError
from wherein.store.open import update_lock
from wherein.store.protocol import Retrieval

DISK_KIB = 3_072

SCRIPT = """
import os, sys
from pathlib import Path
import numpy as np
from wherein.errors import WhereinError
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval

disk, free = Path(sys.argv[1]), int(sys.argv[2])
header = Header(SCHEMA, "c1", "t1", "m1", 8)

def version(i, text):
    record = ChunkRecord(1, 1, "function", "run", "run", (), ("run", "", "", f"word{i} common"), b"")
    return FileVersion(f"{i}.py", "blob of " + text, "python", text, [record], np.ones((1, 8), np.float32))

def opened(mode, **options):
    return open_store(None, "here", header, data_dir=disk, mode=mode, **options)

def answer():
    with opened("read") as store:
        found = store.retrieve(Retrieval("main", terms=("word7", "common"))).candidates
        return sorted((each.path, text) for each, text in zip(found, store.texts([each.id for each in found])))

with opened("write") as store:
    store.write("main", put=[version(i, f"old {i}") for i in range(300)], complete=True)
before = answer()
room = os.statvfs(disk)
with open(disk / "fill", "wb") as fill:
    fill.write(b"0" * max(0, room.f_bavail * room.f_frsize - free * 1024))
try:
    with opened("write", replace=True) as store:
        for batch in range(30):
            files = range(10 * batch, 10 * batch + 10)
            store.write("main", put=[version(i, f"new {i} {os.urandom(500).hex()}") for i in files])
        store.write("main", complete=True)
    outcome = "replaced"
except WhereinError as error:
    outcome = error.message
(disk / "fill").unlink()
left = {path.suffix for path in (disk / "indexes").iterdir()} - {".db", ".db-wal", ".db-shm", ".lock", ".sums"}
left |= {".sums"} if len(list((disk / "indexes").glob("*.sums"))) > 1 else set()
print(outcome, "same" if answer() == before else "other", left or "")
"""


@pytest.fixture
def small_disk(tmp_path):
    """Runs a script as `run(script, *arguments)` where the folder it gets first is a disk of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={DISK_KIB}k none "$0" && exec "$@"'
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(disk)]

    def run(script, *arguments):
        return subprocess.run(
            [*alone, sys.executable, "-c", script, str(disk), *arguments],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )

    try:
        able = subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        able = False
    if not able:
        pytest.skip("this system lets nobody mount a small disk")
    return run


@pytest.mark.parametrize("free", [0, 20, 100, 300, 500, 700])
def test_a_rebuild_that_the_disk_has_no_room_for_leaves_the_old_index_answering(small_disk, free):
    done = small_disk(SCRIPT, str(free))
    assert done.returncode == 0, done.stderr
    assert "is full" in done.stdout or "replaced" in done.stdout, done.stdout
    if "replaced" not in done.stdout:
        assert done.stdout.split(".")[-1].split() == ["same"], done.stdout


@pytest.fixture
def no_room():
    """No file can grow, as on a full disk, until it is called."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))

    def again():
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    yield again
    again()


def test_an_index_answers_where_there_is_no_room_beside_it_and_follows_once_there_is(
    filled, open_embedded, version, no_room
):
    assert not filled.with_name(filled.name + "-shm").exists()
    with open_embedded("read") as store:
        request = Retrieval("main", terms=("common",))
        assert store.retrieve(request).chunk_count == 200
        with pytest.raises(WhereinError, match="cannot grow"), open_embedded() as writer:
            writer.write("main", put=[version("new.py")], complete=True)
        no_room()
        with open_embedded() as writer:
            writer.write("main", put=[version("new.py")], complete=True)
        assert store.retrieve(request).chunk_count == 201


def test_what_a_killed_rebuild_left_is_removed_by_the_next_update(filled, tmp_path):
    left = filled.with_name(filled.name + ".new")
    left.write_bytes(b"half of an index")
    with update_lock("github.com/psf/requests", tmp_path) as held:
        assert held
    assert not left.exists()
    assert filled.exists()


def test_a_new_index_that_is_not_whole_does_not_take_the_old_one_s_place(filled, open_embedded, version):
    with open_embedded(replace=True) as store:
        store.write("main", put=[version(f"{i}.py", str(i)) for i in range(50)])
        store._writer.execute("DELETE FROM chunk WHERE id = 7")
        with pytest.raises(WhereinError, match="was not written"):
            store.write("main", complete=True)
    with open_embedded("read") as store:
        assert len(store.view_files("main")) == 200
        assert len(store.retrieve(Retrieval("main", terms=("common",))).candidates) == 200
    assert not filled.with_name(filled.name + ".new").exists()
