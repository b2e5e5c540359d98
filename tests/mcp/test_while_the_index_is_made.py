"""Calls that come before the index is whole."""

import threading
import time
from dataclasses import replace

import pytest

import wherein
from redis_servers import wait_until
from wherein.config.settings import Settings
from wherein_server.mcp import repository as module
from wherein_server.mcp.repository import Repository
from wherein_server.mcp.trouble import told


@pytest.fixture
def repository(shop, data_dir, monkeypatch):
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(data_dir))
    opened = Repository(shop.root, replace(Settings(), data_dir=data_dir))
    yield opened
    opened.close()
    if opened._child is not None:
        opened._child.communicate(timeout=60)


def test_a_first_index_that_takes_long_is_told_and_not_waited_for(repository, monkeypatch):
    monkeypatch.setattr(module, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(module, "FIRST_WAIT", 0.0)
    with pytest.raises(wherein.IndexMissing) as raised:
        repository.refresh()
    assert "being made" in told(raised.value)
    assert "Use your own search (grep) and file tools for now" in told(raised.value)
    monkeypatch.setattr(module, "FIRST_WAIT", 60.0)
    assert repository.refresh() == []
    assert repository.state().complete


@pytest.mark.parametrize("most", [1, 60])
def test_after_an_upgrade_a_call_is_answered_from_an_index_that_was_made_anew(repository, monkeypatch, most):
    with monkeypatch.context() as older:
        older.setattr("wherein.chunking.chunker.CHUNKER_VERSION", "0")
        repository.refresh()
        repository.index.let_go()
    monkeypatch.setattr(module, "MOST_AT_ONCE", most)
    repository._changed.set()
    assert repository.refresh() == []
    assert repository.state().complete


def test_many_changes_are_indexed_by_another_process(repository, shop, monkeypatch):
    repository.refresh()
    monkeypatch.setattr(module, "MOST_AT_ONCE", 3)
    for number in range(5):
        shop.write(f"src/more/part_{number}.py", f"def part_{number}():\n    return {number}\n")
    repository._changed.set()
    assert repository.refresh() == []
    assert repository.index.symbols("part_4")


def test_a_file_that_cannot_be_indexed_for_good_does_not_make_calls_wait_again(repository):
    repository.refresh()
    repository.watch()
    until = time.monotonic() + 30
    while not repository._changed.is_set():  # that it watches is a reason to look once
        assert time.monotonic() < until
        time.sleep(0.02)
    assert repository.refresh() == []
    assert not repository._changed.is_set()


def test_what_cannot_be_watched_is_looked_at_by_each_call_and_watched_later(repository, shop, monkeypatch):
    may_watch = threading.Event()

    class Refusing(module.Watcher):
        def __init__(self, *place, **options):
            if not may_watch.is_set():
                raise wherein.StoreUnreachable("not now")
            super().__init__(*place, **options)

    monkeypatch.setattr(module, "Watcher", Refusing)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    repository.refresh()
    repository.watch()
    wait_until(repository._unwatched.is_set, within=30)
    for number in range(2):
        shop.write(f"src/later_{number}.py", f"def later_{number}():\n    return {number}\n")
        repository.refresh()
        assert repository.index.symbols(f"later_{number}")
    may_watch.set()
    wait_until(lambda: not repository._unwatched.is_set(), within=30)
    repository.refresh()
    assert not repository._changed.is_set()
