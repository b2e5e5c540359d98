"""An update leaves its worker processes to the next one of the same process, for a while."""

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
from wherein.indexing import kept_workers
from wherein.indexing import update as updating

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")

FILES = 24
FILLER = "TEXT = '''\n" + f"{'filler ' * 11}\n" * 110 + "'''\n"
"""Makes of the files several batches."""


@pytest.fixture(autouse=True)
def _workers_for_however_little(monkeypatch):
    monkeypatch.setattr(updating, "INLINE_BYTES", 0)


@pytest.fixture
def fill(repo, defining):
    """fill("alpha"): write files that define alpha_0, alpha_1, …"""

    def write(name: str) -> None:
        for i in range(FILES):
            repo.write(f"{name}/f{i}.py", defining(f"{name}_{i}") + FILLER)

    return write


def workers_now() -> list[int]:
    return children(os.getpid())


def test_the_next_update_has_the_same_workers(repo, open_index, fill, found):
    index = open_index(repo)
    fill("early")
    index.update(processes=1)
    first = workers_now()
    fill("late")
    index.update(processes=1)
    assert len(first) == 1
    assert workers_now() == first
    assert found(index, "late_7") == ["late/f7.py"]


def test_a_smaller_update_has_them_too(repo, open_index, fill, found, monkeypatch):
    index = open_index(repo)
    fill("early")
    index.update(processes=1)
    monkeypatch.setattr(updating, "INLINE_BYTES", 10**9)
    monkeypatch.setattr(updating, "Inline", None)  # would fail
    fill("late")
    index.update(processes=1)
    assert found(index, "late_7") == ["late/f7.py"]


def test_who_wants_more_of_them_or_another_environment_gets_others(repo, open_index, fill, monkeypatch):
    index = open_index(repo)
    fill("a")
    index.update(processes=1)
    one = workers_now()
    fill("b")
    index.update(processes=2)
    two = workers_now()
    monkeypatch.setenv("MARK", "1")
    fill("c")
    index.update(processes=2)
    assert (len(one), len(two), len(workers_now())) == (1, 2, 2)
    assert not {*one} & {*two}
    assert not {*two} & {*workers_now()}


def test_they_end_when_nobody_comes(repo, open_index, fill, monkeypatch):
    monkeypatch.setattr(kept_workers, "KEPT_SECONDS", 0.1)
    fill("a")
    open_index(repo).update(processes=1)
    for _ in range(100):
        if not workers_now():
            return
        time.sleep(0.1)
    raise AssertionError("they still wait")


def test_small_updates_one_after_the_other_do_not_keep_them(repo, open_index, fill, defining, monkeypatch):
    monkeypatch.setattr(kept_workers, "KEPT_SECONDS", 0.5)
    index = open_index(repo)
    fill("early")
    index.update(processes=1)
    first = workers_now()
    monkeypatch.setattr(updating, "INLINE_BYTES", 10**9)
    for saved in range(300):
        repo.write("saved.py", defining(f"saved_{saved}"))
        index.update(processes=1)
        if not {*first} & {*workers_now()}:
            return
        time.sleep(0.05)
    raise AssertionError("they still wait")


def test_one_that_was_killed_while_it_waited_costs_no_file(repo, open_index, fill, found):
    index = open_index(repo)
    fill("early")
    index.update(processes=2)
    os.kill(workers_now()[0], signal.SIGKILL)
    fill("late")
    index.update(processes=2)
    assert index.skipped() == {}
    assert all(found(index, f"late_{i}") == [f"late/f{i}.py"] for i in range(FILES))


def test_two_updates_at_once_have_workers_each_and_leave_those_of_one(make_repo, open_index, defining):
    indexes = []
    for number in range(2):
        place = make_repo(f"repo{number}")
        for i in range(FILES):
            place.write(f"f{i}.py", defining(f"step_{number}_{i}") + FILLER)
        indexes.append(open_index(place))
    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(lambda index: index.update(processes=2), indexes))
    assert [report.files_embedded for report in reports] == [FILES, FILES]
    assert len(workers_now()) == 2


UPDATE = """
    import sys
    import wherein
    import wherein.indexing.update as updating
    from pathlib import Path
    from wherein.config.settings import Settings

    updating.INLINE_BYTES = 0
    with wherein.open_index(sys.argv[1], settings=Settings(data_dir=Path(sys.argv[2]))) as index:
        index.update(processes=2)
    print("done", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("killed", [False, True])
def test_they_end_with_the_process_that_keeps_them(repo, fill, data_dir, killed):
    fill("a")
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(UPDATE), str(repo.root), str(data_dir)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "done\n"
        waiting = children(process.pid)
        assert len(waiting) == 2
        if killed:
            process.kill()
        else:
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.wait(timeout=30) == (-signal.SIGKILL if killed else 0)
    assert all(has_ended(worker) for worker in waiting)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_leaves_them_to_its_parent(repo, open_index, fill):
    index = open_index(repo)
    fill("a")
    index.update(processes=1)
    before = workers_now()
    child = os.fork()
    if not child:
        kept_workers.end()
        os._exit(0)
    os.waitpid(child, 0)
    fill("b")
    index.update(processes=1)
    assert workers_now() == before
