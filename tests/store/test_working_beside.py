"""The second thread of the embedded store."""

import os
import threading
from dataclasses import replace

import numpy as np
import pytest

from wherein.store.protocol import Retrieval
from wherein.store.sqlite.second_thread import OnSecondThread


def test_work_is_done_on_another_thread_while_this_one_waits():
    done = threading.Event()

    def work():
        done.set()
        return threading.current_thread().name

    piece = OnSecondThread(work)
    assert done.wait(10)
    assert piece.result() != threading.current_thread().name


def test_work_that_the_other_thread_has_no_time_for_is_done_here():
    release = threading.Event()
    busy = OnSecondThread(release.wait)
    piece = OnSecondThread(lambda: threading.current_thread().name)
    assert piece.result() == threading.current_thread().name
    release.set()
    assert busy.result() is True


def test_an_error_reaches_the_one_who_asks_for_the_result():
    def fail():
        raise LookupError("no such row")

    with pytest.raises(LookupError, match="no such row"):
        OnSecondThread(fail).result()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_has_a_second_thread_of_its_own():
    OnSecondThread(lambda: None).result()
    child = os.fork()
    if child == 0:
        done = threading.Event()
        OnSecondThread(done.set)
        os._exit(0 if done.wait(10) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_vectors_scanned_beside_are_found_as_those_scanned_here(open_embedded, version, monkeypatch):
    from wherein.store.sqlite import retrieve

    directions = np.random.default_rng(3).standard_normal((60, 8)).astype(np.float32)
    request = Retrieval("main", terms=("common",), embedding=directions[0], limit=9)
    with open_embedded() as store:
        store.write(
            "main",
            put=[
                replace(version(f"{i}.py", str(i)), embeddings=directions[i : i + 1])
                for i in range(len(directions))
            ],
        )
        here = store.retrieve(request).candidates
        monkeypatch.setattr(retrieve, "SCANNED_BESIDE", 0)
        assert store.retrieve(request).candidates == here
