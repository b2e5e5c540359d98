"""An index that another process deletes, or deletes and makes anew, while this one opens it."""

import shutil
import threading
import time
from contextlib import suppress

import pytest

from wherein.errors import IndexMissing
from wherein.store.sqlite import connection
from wherein.store.sqlite.connection import connect_reader
from wherein.store.sqlite.file import remove

SECONDS = 2.0


def test_a_file_whose_log_is_deleted_first_is_missing_once_it_is_deleted_too(
    filled, open_embedded, version, tmp_path, monkeypatch
):
    monkeypatch.setattr(connection, "PAUSES", (0.0, *[0.02] * 1_000))
    with open_embedded() as writer:
        writer.write("main", put=[version("new.py")], commit="2", complete=True)
        half = tmp_path / "half"
        shutil.copytree(filled.parent, half, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    path = half / filled.name

    def delete_once_it_is_open():
        while not path.with_name(f"{path.name}-shm").exists():
            time.sleep(0.001)
        remove(path)

    deleting = threading.Thread(target=delete_once_it_is_open, daemon=True)
    deleting.start()
    with pytest.raises(IndexMissing):
        connect_reader(path)
    deleting.join()


def test_one_that_is_made_anew_again_and_again_is_never_damaged(filled, open_embedded, version):
    over = threading.Event()

    def delete_and_make():
        number = 0
        while not over.is_set():
            remove(filled)
            with open_embedded() as writer:
                writer.write("main", put=[version(f"{number}.py")], commit="1", complete=True)
            number += 1

    thread = threading.Thread(target=delete_and_make)
    thread.start()
    opened, until = 0, time.monotonic() + SECONDS
    try:
        while time.monotonic() < until:
            with suppress(IndexMissing):
                connect_reader(filled).close()
                opened += 1
    finally:
        over.set()
        thread.join()
    assert opened
