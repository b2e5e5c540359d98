"""Two at once, killed, interrupted, cut off: the index stays readable and the next update finishes the work."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wherein.store.open import update_lock

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")

FILES = 120


def wait_for_index(wherein, process) -> None:
    """Until something is written."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(FileNotFoundError):  # a journal that was there a moment ago
            if any(path.stat().st_size > 100_000 for path in wherein.data.glob("indexes/*")):
                return
        time.sleep(0.01)


def finish(process) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


def assert_whole(wherein) -> None:
    status = wherein("status", "--json").json
    assert status["index"]["complete"] is True
    assert status["index"]["behind"] == 0
    assert status["files"] >= FILES
    assert wherein("search", "--no-update", f"step_{FILES - 1}_3").lines[0].startswith("many/")


def test_two_processes_may_index_the_same_repository_at_once(wherein, many_files):
    many_files(FILES)
    first, second = wherein.start("index"), wherein.start("index")
    answers = [finish(first), finish(second)]
    assert [code for code, _, _ in answers] == [0, 0], answers
    assert_whole(wherein)


def test_a_search_while_another_process_indexes_answers_from_what_is_there_and_says_so(wherein, many_files):
    wherein("index")
    many_files(FILES)
    repository = wherein("status", "--json").json["index"]["repository"]
    with update_lock(repository, wherein.data) as held:  # as an update of ours would hold it
        assert held
        answer = wherein("search", "redirects followed")
    assert answer.code == 0
    assert answer.lines[0].startswith("src/courier/session.py:25:")
    assert "Another process is indexing" in answer.err
    assert wherein("index").code == 0
    assert_whole(wherein)


def test_a_search_waits_a_little_for_an_update_which_soon_ends(wherein):
    """As after a commit, when a hook has begun to index what was committed."""
    wherein("index")
    (wherein.folder / "late.py").write_text("def arrives_late(): pass\n")
    repository = wherein("status", "--json").json["index"]["repository"]
    with update_lock(repository, wherein.data) as held:
        assert held
        search = wherein.start("symbol", "arrives_late")
        time.sleep(0.4)
    code, out, err = finish(search)
    assert code == 0
    assert out.startswith("late.py:1:")
    assert "Another process" not in err


@pytest.mark.parametrize("again", ["search", "index"])
def test_after_kill_9_in_the_middle_the_next_run_finishes_the_work(wherein, many_files, again):
    many_files(FILES)
    process = wherein.start("index", start_new_session=True)
    wait_for_index(wherein, process)
    os.killpg(process.pid, signal.SIGKILL)
    finish(process)
    partial = wherein("search", "--no-update", "redirects followed")
    assert partial.code in (0, 1, 3), partial
    if partial.code != 3:
        assert "not complete" in partial.err
    assert wherein(*((again, "redirects") if again == "search" else (again,))).code == 0
    assert_whole(wherein)


LOADING = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "wherein_server.cli.lazy":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Finder())
from wherein_server.cli.entry import run
run()
"""


def test_ctrl_c_while_the_command_is_loaded_ends_it_without_a_word(tmp_path):
    ended = subprocess.run([sys.executable, "-c", LOADING], cwd=tmp_path, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.5, None])
def test_ctrl_c_at_any_moment_is_one_line_and_exit_code_130(wherein, many_files, delay):
    many_files(FILES)
    process = wherein.start("search", "redirects followed", start_new_session=True)
    if delay is None:
        wait_for_index(wherein, process)
    else:
        time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    code, out, err = finish(process)
    starting = delay == 0.05 or (delay is not None and ", in run\n" not in err)  # on a busy machine
    if starting and code in (-signal.SIGINT, 1):
        return  # Python itself was still starting
    if code == 0 and out:
        pytest.skip("it was done before the interrupt came")
    assert code == 130, (out, err)
    assert err.splitlines()[-1] == "wherein: Interrupted."
    assert "Traceback" not in err
    assert not any(
        line
        for line in err.splitlines()[:-1]
        if not any(word in line for word in ("ndexed ", "Indexing ", "Reading ", "Read "))
    ), err
    assert no_worker_is_left(process.pid)
    assert wherein("search", "redirects followed").code == 0
    assert_whole(wherein)


def no_worker_is_left(group: int) -> bool:
    """Within a moment; a zombie that nobody waits for does no harm."""
    if not Path("/proc/self/stat").exists():
        return True
    for _ in range(50):
        if not any(fields[2] == str(group) and fields[0] != "Z" for fields in process_table()):
            return True
        time.sleep(0.1)
    return False


def process_table():
    """State, parent and group of every process."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            yield stat.read_text().rpartition(")")[2].split()[:3]


def test_a_reader_that_has_enough_is_no_error(indexed):
    for form in ("text", "json", "jsonl", "vimgrep"):
        done = subprocess.run(
            ["bash", "-c", f'set -o pipefail; "$0" search --format {form} -n 50 the | head -c 1 > /dev/null',
             str(Path(sys.executable).parent / "wherein")],
            cwd=indexed.folder, env=indexed.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_cannot_be_written_is_a_sentence(indexed):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [str(Path(sys.executable).parent / "wherein"), "search", "redirects"],
            cwd=indexed.folder, env=indexed.environment, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "wherein: The output cannot be written: No space left on device.\n"


def test_a_closed_standard_output_is_no_traceback(indexed):
    done = subprocess.run(
        ["bash", "-c", '"$0" search redirects >&-', str(Path(sys.executable).parent / "wherein")],
        cwd=indexed.folder, env=indexed.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
