"""An update that ends at any point leaves an index that can be read, and says that it is not complete."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from child_processes import children, has_ended
from wherein.indexing import update as updating
from wherein.parsing import bounded
from wherein.store.open import update_lock

FILES = 200
"""More than are prepared in one process."""

FILLER = "# filler\n" * 100
"""Makes of them several batches."""


@pytest.fixture
def many(repo, defining):
    """A repository of FILES files; file i defines step_i."""
    repo.commit({f"m{i % 7}/f{i}.py": defining(f"step_{i}") + FILLER for i in range(FILES)})
    return repo


def assert_whole(index) -> None:
    status = index.status()
    assert (status.complete, status.behind, status.files) == (True, 0, FILES)
    for i in (0, FILES // 2, FILES - 1):
        assert index.search(f"step_{i}")[0].symbol == f"step_{i}"


class Stop(BaseException):
    """Neither Exception nor KeyboardInterrupt."""


@pytest.mark.parametrize(
    ("error", "processes"),
    [(KeyboardInterrupt, 0), (RuntimeError, 0), (Stop, 0), (KeyboardInterrupt, 2), (Stop, 2)],
)
def test_an_update_that_is_cut_short_is_finished_by_the_next(many, open_index, error, processes, monkeypatch):
    monkeypatch.setattr(updating, "INLINE_BYTES", 0)
    index = open_index(many)

    def stop_after_the_first_batch(progress):
        if progress.files_done:
            raise error

    with pytest.raises(error):
        index.update(stop_after_the_first_batch, processes=processes)
    bounded.end()
    assert not children(os.getpid())
    partial = index.status()
    assert not partial.complete
    assert 0 < partial.files < FILES
    assert partial.behind == FILES - partial.files
    (path, *_) = index.files()
    assert index.search(f"step_{path.partition('/f')[2].removesuffix('.py')}")[0].path == path

    report = index.update(processes=processes)
    assert report.files_embedded == FILES - partial.files, "what was written is not embedded again"
    assert_whole(index)


def test_an_update_that_fails_before_its_first_batch_leaves_an_empty_index(many, open_index):
    def stop_at_once(progress):
        raise KeyboardInterrupt

    index = open_index(many)
    with pytest.raises(KeyboardInterrupt):
        index.update(stop_at_once)
    assert index.search("step_1") == []
    assert not index.status().complete
    index.update()
    assert_whole(index)


def test_a_branch_switch_that_is_cut_short_is_told_and_finished(many, open_index, defining):
    index = open_index(many)
    index.update()
    many.commit({f"m{i % 7}/f{i}.py": defining(f"later_{i}") + FILLER for i in range(FILES)})

    def stop_after_the_first_batch(progress):
        if progress.files_done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.update(stop_after_the_first_batch, processes=0)
    status = index.status()
    assert not status.complete
    assert 0 < status.behind < FILES
    assert status.files == FILES, "what is not replaced yet is still shown"
    index.update()
    assert index.status().complete
    assert index.search("later_199")[0].symbol == "later_199"
    assert not [hit for hit in index.search("step_3") if hit.symbol.startswith("step")]


UPDATE = """
    import sys
    import wherein
    import wherein.indexing.update as updating
    from pathlib import Path
    from wherein.config.settings import Settings

    updating.INLINE_BYTES = 0  # worker processes, however little there is

    def tell(progress):
        print(progress.files_done, flush=True)

    with wherein.open_index(sys.argv[1], settings=Settings(data_dir=Path(sys.argv[2]))) as index:
        report = index.update(tell, wait=sys.argv[3] == "wait", processes=2)
        print("embedded", report.files_embedded, "busy", report.busy, flush=True)
"""


@pytest.fixture
def start_update(many, data_dir):
    """start_update("wait"): another process that updates the index of `many` and prints each step."""
    started: list[subprocess.Popen[str]] = []

    def start(waiting: str = "wait") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(UPDATE), str(many.root), str(data_dir), waiting],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for_a_batch(process) -> None:
    for line in process.stdout:
        if line.strip() not in ("", "0"):
            return
    raise AssertionError("it ended without a batch")


def embedded(process) -> int:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    words = output.splitlines()[-1].split()
    assert words[0] == "embedded"
    return int(words[1])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_after_kill_9_the_index_is_readable_and_the_next_update_finishes_it(many, open_index, start_update):
    process = start_update()
    wait_for_a_batch(process)
    workers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    index = open_index(many)
    before = index.status()
    assert before.files > 0
    assert before.complete == (before.files == FILES)
    assert index.search("step")
    report = index.update()
    assert report.files_embedded == FILES - before.files
    assert_whole(index)
    assert all(has_ended(worker) for worker in workers), "workers end with the process that they work for"


def test_two_updates_at_once_do_the_work_once(many, open_index, start_update):
    first, second = start_update(), start_update()
    assert embedded(first) + embedded(second) == FILES
    assert_whole(open_index(many))


def test_who_does_not_wait_is_told_that_another_is_at_work(repo, open_index, data_dir, defining):
    repo.commit({"a.py": defining("early")})
    index = open_index(repo)
    index.update()
    repo.write("b.py", defining("late"))
    with update_lock(index.repository, data_dir) as held:  # as an update of another process holds it
        assert held
        report = index.update(wait=False)
        assert report.busy
        assert (report.files_added, report.files_embedded) == (0, 0)
        assert [hit.symbol for hit in index.symbols("early")] == ["early"]
        assert index.symbols("late") == []
    assert not index.update(wait=False).busy
    assert [hit.symbol for hit in index.symbols("late")] == ["late"]


def test_who_waited_for_another_update_looks_again(repo, open_index, data_dir, defining):
    repo.commit({"a.py": defining("before")})
    index = open_index(repo)
    with ThreadPoolExecutor(1) as threads:
        with update_lock(index.repository, data_dir) as held:
            assert held
            waiting = threads.submit(index.update)
            while index._listing is None:
                time.sleep(0.01)
            time.sleep(0.5)
            repo.write("a.py", defining("meanwhile"))
        report = waiting.result(timeout=30)
    assert report.files_embedded == 1
    assert index.search("meanwhile")[0].symbol == "meanwhile"
    assert (index.status().behind, index.status().complete) == (0, True)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")
def test_a_worker_that_is_killed_costs_no_file(many, open_index, monkeypatch):
    killed: list[int] = []

    def kill_a_worker(progress):
        if len(killed) < 3:
            for worker in children(os.getpid())[:1]:
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    monkeypatch.setattr(updating, "INLINE_BYTES", 0)
    index = open_index(many)
    index.update(kill_a_worker, processes=2)
    assert killed
    assert index.skipped() == {}
    assert_whole(index)
