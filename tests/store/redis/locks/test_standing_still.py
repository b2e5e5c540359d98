"""Whoever stands still for longer than a lease lasts, a process or the server, loses nothing for itself or others."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from files_of_chunks import file_of
from installed_command import COMMAND, run_command, variables
from redis_servers import wait_until
from redis_servers.wholeness import left_over, lost
from wherein.errors import StoreBusy, UpdateLost
from wherein.store.header import SCHEMA
from wherein.store.open import open_store, update_lock
from wherein.store.protocol import Header
from wherein.store.redis import keys
from wherein.store.redis.locks.right_to_write import KEPT, Right
from wherein.store.redis.prefixes import repository_prefix

NAME = "example.org/acme/web"
DIMENSION = 16
HEADER = Header(SCHEMA, "c", "t", "m", DIMENSION)


def version(name, chunks=8):
    return file_of(name, chunks, DIMENSION)


@pytest.fixture
def wherein_in(redis_server, tmp_path):
    """wherein_in(place, "status"): what the command says, on the test's server, with settings of the place's own."""
    tenant = f"still{os.getpid()}"
    url = f"{redis_server.url}?tenant={tenant}"

    def of(place):
        return variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(tmp_path / f"data of {place.root.name}"))

    def run(place, *words):
        done = run_command(*words, folder=place.root, environment=of(place))
        assert done.returncode == 0, done
        return done.stdout

    def start(place, *words):
        """The command beginning, with what it begins in a session of its own."""
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=place.root,
            env=of(place),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    run.start = start
    run.prefix = repository_prefix(tenant, NAME)
    return run


def test_a_machine_that_slept_while_it_indexed_goes_on_beside_others(
    make_repo, clone, wherein_in, redis_server
):
    repo = make_repo("project")
    repo.git("remote", "add", "origin", f"https://{NAME}")
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(40)})
    mine = clone(repo, "mine")
    mine.git("remote", "set-url", "origin", f"https://{NAME}")
    wherein_in(repo, "index")
    made_up = random.Random(1)
    for i in range(60):
        names = [f"function_{made_up.random()}".replace("0.", "") for _ in range(20)]
        mine.write(f"new/{i}.py", "\n".join(f"def {name}(value):\n    return {i}\n" for name in names))
    prefix = wherein_in.prefix
    with redis_server.client() as look:
        sleeper = wherein_in.start(mine, "index")
        pending = f"{prefix}{int(look.hvals(keys.indexes(prefix))[0])}:pending"
        wait_until(lambda: look.hlen(pending) > 0, within=30, what="it never wrote")
        os.killpg(sleeper.pid, signal.SIGSTOP)
        left = look.hlen(pending)
        for key in look.scan_iter(match=f"{prefix.replace('{', '?')}*", count=1000):
            if key.startswith((prefix.encode() + b"writing", prefix.encode() + b"updating:")):
                look.delete(key)  # as time would have done
        wherein_in(repo, "gc")
        assert left > 0
        assert look.hlen(pending) == 0
        wherein_in(repo, "index")
        os.killpg(sleeper.pid, signal.SIGCONT)
        output, _ = sleeper.communicate(timeout=60)
        assert sleeper.returncode == 0, output
        wherein_in(repo, "gc")
        assert lost(look, prefix) == []
        assert left_over(look, prefix) == []
    shown = wherein_in(mine, "status")
    assert "100" in shown
    assert "up to date" in shown


def test_a_server_that_stood_still_loses_nothing_to_a_collector(start_redis, monkeypatch):
    monkeypatch.setattr("wherein.store.redis.locks.right_to_write.LEASE", 0.25)
    monkeypatch.setattr("wherein.store.redis.locks.right_to_write.RENEWED", 0.1)
    server = start_redis()
    over, failures = threading.Event(), []

    def collect():
        try:
            with opened(server) as store:
                while not over.is_set():
                    however_busy(store.collect)
                    time.sleep(0.03)  # who writes has his turn on a busy machine, too
        except BaseException as failure:
            failures.append(failure)

    with opened(server) as store, server.client() as look:
        store.write("base", put=[version("base")], complete=True)
        collecting = threading.Thread(target=collect)
        collecting.start()
        freezing = threading.Thread(target=freeze_now_and_then, args=(server, over))
        freezing.start()
        try:
            for number in range(20):
                however_busy(store.write, "main", put=[version(f"{number}-{i}") for i in range(6)])
                if number % 4 == 3:
                    however_busy(store.write, "main", unlink=[f"{number}-{i}.py" for i in range(6)])
        finally:
            over.set()
            collecting.join()
            freezing.join()
        assert failures == []
        store.collect()
        prefix = repository_prefix("default", "r")
        assert (lost(look, prefix), left_over(look, prefix)) == ([], [])
        assert store.view("main").files == 15 * 6


def however_busy(act, *arguments, **named):
    """Where a server stands still for most of the time, and little of the rest is one's own, to hear that others write
    is an answer: nothing was written."""
    until = time.monotonic() + 200
    while True:
        try:
            return act(*arguments, **named)
        except StoreBusy:
            assert time.monotonic() < until


def freeze_now_and_then(server, over):
    while not over.is_set():
        server.freeze()
        over.wait(0.3)  # longer than a lease
        server.thaw()
        over.wait(0.15)


def opened(server, held=None):
    return open_store(server.url, "r", HEADER, data_dir=Path(), mode="write", held=held)


def test_a_writer_whose_view_another_one_changed_ends_instead_of_writing_what_is_old(redis_server, redis_url):
    def store(held=None):
        return open_store(redis_url, "r", HEADER, data_dir=Path(), mode="write", held=held)

    with update_lock("r", Path(), url=redis_url, view="main") as held, store(held) as slept:
        slept.write("main", put=[version("old")])
        slept.view_files("main")
        with store() as other:
            other.write("main", put=[version("new")], unlink=["old.py"], complete=True)
        with pytest.raises(UpdateLost):
            slept.write("main", put=[version("older")], complete=True)
        with store() as other:
            assert other.view_files("main") == {"new.py": "blob new"}


def test_a_right_without_an_end_ends_after_whoever_waited_for_it(redis_server, redis_url):
    prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
    with redis_server.client() as look:
        look.set(keys.writing(prefix), "damaged")
        with pytest.raises(StoreBusy), Right(look, prefix).held(0.05):
            pass
        assert 0 < look.pttl(keys.writing(prefix)) <= KEPT * 1000
        look.set(keys.writing(prefix), "another's", px=100_000)
        with pytest.raises(StoreBusy), Right(look, prefix).held(0.05):
            pass
        assert look.pttl(keys.writing(prefix)) > KEPT * 1000


def test_a_lease_that_another_process_took_is_not_renewed(redis_server, redis_url, monkeypatch):
    monkeypatch.setattr("wherein.store.redis.locks.update_lease.RENEWED", 0.02)
    prefix = repository_prefix(redis_url.partition("tenant=")[2], "r")
    with redis_server.client() as look, update_lock("r", Path(), url=redis_url, view="main") as held:
        with open_store(redis_url, "r", HEADER, data_dir=Path(), mode="write", held=held) as store:
            store.write("main", put=[version("a")])
            look.delete(keys.updating(prefix, b"main"))
            wait_until(
                lambda: bool(look.exists(keys.updating(prefix, b"main"))), within=5, what="not got again"
            )
            look.set(keys.updating(prefix, b"main"), "another's")
            wait_until(lambda: held.lease.lost, within=5, what="the loss was not noticed")
            with pytest.raises(UpdateLost):
                store.write("main", put=[version("b")])
        assert look.get(keys.updating(prefix, b"main")) == b"another's"
