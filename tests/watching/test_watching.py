"""`wherein watch`: an index follows what happens to files, and the watcher ends when it is asked to."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

import wherein
from installed_command import COMMAND, variables
from kept_interpreter import stand_in
from wherein.config.settings import Settings
from wherein.git.source import MOST_TOLD, Folders
from wherein.watching import watcher as watching
from wherein.watching.remote import remote_file_system
from wherein.watching.watcher import Watcher

PATIENCE = 60


class Watched:
    """A repository with `wherein watch` at work in it."""

    def __init__(self, place, data_dir, *options, **started) -> None:
        self.place, self.data_dir = place, data_dir
        self.lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [str(stand_in(COMMAND)), "watch", *options],
            cwd=place.root,
            env=variables(WHEREIN_DATA_DIR=str(data_dir)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **started,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)

    def said(self, text: str) -> str:
        until = time.monotonic() + PATIENCE
        seen = []
        while time.monotonic() < until:
            try:
                seen.append(self.lines.get(timeout=1))
            except queue.Empty:
                continue
            if text in seen[-1]:
                return seen[-1]
        raise AssertionError(f"{text!r} is not in {seen}")

    def finds(self, name: str) -> bool:
        """Whether a symbol is found, soon."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with wherein.open_index(self.place.root, settings=Settings(data_dir=self.data_dir)) as index:
                if [hit for hit in index.symbols(name, exact=True) if hit.symbol == name]:
                    return True
            time.sleep(0.1)
        return False

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def watch(repo, data_dir):
    started = []

    def start(*options, place=repo, **how) -> Watched:
        started.append(Watched(place, data_dir, *options, **how))
        started[-1].said("until Ctrl-C")
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        each.process.stdout.close()


def function(name: str) -> str:
    return f"def {name}(given):\n    return given\n"


def test_edits_new_folders_ignored_files_and_branches_are_followed(repo, watch):
    repo.commit({"a.py": function("first"), ".gitignore": "build/\n*.log\n"})
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({f"pkg{n % 40}/m{n}.py": function(f"of_topic_{n}") for n in range(400)})
    repo.git("checkout", "--quiet", "main")
    watched = watch()
    repo.write("a.py", function("edited"))
    assert watched.finds("edited")
    repo.write("new/deep/er.py", function("in_new_folders"))
    assert watched.finds("in_new_folders")
    repo.write("new/deep/er.py", function("there_again"))
    assert watched.finds("there_again")
    repo.git("checkout", "--quiet", "--force", "topic")
    assert watched.finds("of_topic_399")
    added = 0  # also a file before; a slow checkout is seen in parts
    while added < 1 + 400:
        added += int(re.search(r"(\d+) added", watched.said(" added"))[1])
    repo.write("build/made.py", function("ignored"))
    repo.write("some.log", "ignored")
    repo.write(".git/scratch", "of git")
    repo.write("last.py", function("last"))
    assert watched.finds("last")
    assert watched.said(" read, ").startswith("1 file: 1 added; 1 read")
    assert watched.end(signal.SIGTERM) == 0


def test_polling_finds_the_same(repo, watch):
    repo.commit({"a.py": function("first")})
    watched = watch("--poll", "--json")
    repo.write("b.py", function("second"))
    assert watched.finds("second")
    assert '"files_added": 1' in watched.said('"report"')
    assert watched.end(signal.SIGINT) == 130
    assert watched.said("Interrupted.")


def run_script(script, *arguments, folder, data_dir):
    """What Python did with it, from its start to its end."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env={**os.environ, "WHEREIN_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


IN_A_FINALIZER = """
import signal, sys
from wherein.watching import watcher
from wherein_server.cli.commands import watch
from wherein_server.cli.main import run

watcher.POLL_SHARE = 0  # the second look does not wait the longer for a first one on a busy machine

class Signalled:
    def __del__(self):
        signal.raise_signal(int(sys.argv[1]))

def require_mains(settings, so_often=[]):
    so_often.append(1)
    if len(so_often) == 2:
        Signalled()

watch.require_mains = require_mains
run(["watch", "--poll"])
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_that_comes_where_python_cannot_raise_ends_it_too(repo, data_dir, number, code):
    repo.commit({"a.py": function("first")})
    ended = run_script(IN_A_FINALIZER, str(int(number)), folder=repo.root, data_dir=data_dir)
    assert ended.returncode == code, ended
    assert "Exception" not in ended.stderr
    assert "Traceback" not in ended.stderr


BETWEEN_TWO_STEPS = """
import signal, sys, threading
from wherein_server.cli.commands import watch
from wherein_server.cli.main import run

number, where = int(sys.argv[1]), sys.argv[2]

class Interrupted(threading.Condition):
    def __enter__(self):
        super().__enter__()
        if where == "taken":
            signal.raise_signal(number)

    def _acquire_restore(self, state):
        if where == "woken":
            signal.raise_signal(number)
        super()._acquire_restore(state)

condition = Interrupted(threading.Lock())

def wait():
    with threading.Condition(condition._lock):
        pass

def require_mains(settings):
    try:
        with condition:
            condition.wait(0.01)
    finally:
        threading.Thread(target=wait).start()

watch.require_mains = require_mains
run(["watch", "--poll"])
"""


@pytest.mark.parametrize("where", ["taken", "woken"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_between_two_steps_of_a_lock_for_which_a_thread_waits_ends_it_too(
    repo, data_dir, number, code, where
):
    """One leaves the lock taken; the other's place is taken by the complaint that it is not."""
    repo.commit({"a.py": function("first")})
    ended = run_script(BETWEEN_TWO_STEPS, str(int(number)), where, folder=repo.root, data_dir=data_dir)
    assert ended.returncode == code, ended
    assert ended.stderr.strip() == ("wherein: Interrupted." if code else "")


def test_a_plain_folder_is_watched_too(folder, watch):
    folder.write("a.py", function("first"))
    watched = watch("--yes", place=folder)
    folder.write("sub/b.py", function("second"))
    assert watched.finds("second")
    folder.write("sub/b.py", function("third"))
    assert watched.finds("third")


def test_it_ends_in_the_middle_of_an_update_and_what_is_written_is_whole(repo, data_dir, watch):
    repo.commit({"a.py": function("first")})
    watched = watch()
    for n in range(1500):
        repo.write(f"p{n % 50}/m{n}.py", "\n".join(function(f"f_{n}_{i}") for i in range(15)))
    time.sleep(1.5)
    began = time.monotonic()
    assert watched.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < 5, "it ends at once; the rest is for busy cores"
    with wherein.open_index(repo.root, settings=Settings(data_dir=data_dir)) as index:
        assert index.status().files >= 1
        index.update(processes=0)
        assert index.status().behind == 0


def test_a_repository_that_goes_is_told_in_a_sentence(repo, watch):
    repo.commit({"a.py": function("first")})
    watched = watch()
    (repo.root / ".git").rename(repo.root.parent / "gone.git")
    for file in sorted(repo.root.iterdir()):
        file.unlink()
    repo.root.rmdir()
    assert watched.process.wait(PATIENCE) == 2
    assert "does not exist" in watched.said("does not exist")


def test_where_the_system_tells_of_no_more_folders_it_is_said_how_to_have_more_and_files_are_looked_at(
    repo, watch, monkeypatch
):
    """Without a free descriptor the system has no more to give, as where its own limit is reached."""
    said = []

    def refuse(*arguments):
        raise OSError(28, "OS file watch limit reached.")

    monkeypatch.setattr("watchfiles._rust_notify.RustNotify", refuse)
    monkeypatch.setattr(watching, "POLL_SHARE", 0)
    watcher = Watcher(repo.root, lambda: Folders([repo.root]), say=said.append, poll_seconds=0.01)
    stop = threading.Event()
    assert watcher.wait(stop)
    assert watcher.polls
    assert "sysctl fs.inotify.max_user_watches" in said[0]
    assert watcher.wait(stop)
    stop.set()
    assert not watcher.wait(stop)


def test_after_a_sleep_of_the_machine_there_is_a_look(repo, monkeypatch):
    monkeypatch.setattr(watching, "SLICE_SECONDS", 0.1)
    watcher = Watcher(repo.root, lambda: Folders([repo.root]), say=print)
    stop = threading.Event()
    assert watcher.wait(stop)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600)
    assert watcher.wait(stop)


def test_what_changes_while_nobody_waits_is_taken_and_little_of_it_kept(repo):
    """As while an update takes minutes, and a build writes a million files."""
    repo.write("folder/kept.py")
    folder = repo.root / "folder"
    with closing(Watcher(repo.root, lambda: Folders([repo.root, folder]), say=print)) as watcher:
        stop = threading.Event()
        assert watcher.wait(stop)
        (folder / "one.py").write_text("1")
        assert soon(lambda: watcher.names_kept == 1)
        most = 0
        for number in range(MOST_TOLD * 3):
            (folder / f"built{number}.o").write_text("")
            most = max(most, watcher.names_kept)
        assert soon(lambda: watcher.names_kept == 0)
        assert most <= MOST_TOLD
        assert watcher.wait(stop)
        assert watcher.told is None
        two = folder / "two.py"
        while watcher.told != {str(two)}:  # the last of the others may come yet
            two.write_text("2")
            assert watcher.wait(stop)


def soon(holds) -> bool:
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def test_a_look_that_is_due_is_a_reason_where_nothing_happens(repo):
    watcher = Watcher(repo.root, lambda: Folders([repo.root]), say=print)
    stop = threading.Event()
    assert watcher.wait(stop)
    assert watcher.wait(stop, time.monotonic() + 0.2)
    assert watcher.told is None


@pytest.mark.parametrize(
    ("kind", "expected"), [("nfs4", "nfs4"), ("fuse.sshfs", "fuse.sshfs"), ("ext4", ""), ("9p", "9p")]
)
def test_a_file_system_of_another_machine_is_known(tmp_path, kind, expected):
    mounts = tmp_path / "mountinfo"
    place = tmp_path / "a b"
    place.mkdir()
    shown = str(place).replace(" ", "\\040")
    mounts.write_text(
        f"22 1 8:1 / / rw - ext4 /dev/sda rw\n36 22 0:3 / {shown} rw,noatime shared:1 - {kind} there rw\n"
    )
    assert remote_file_system(place / "deep", mounts) == expected
    assert remote_file_system(tmp_path, mounts) == ""


def test_ignored_folders_and_repositories_of_their_own_are_not_watched(repo, make_repo, open_index):
    library = make_repo("library")
    library.commit({"l.py": function("library")})
    repo.git("submodule", "--quiet", "add", str(library.root), "lib")
    repo.commit({"a/b/c.py": function("first"), ".gitignore": "build/\n"})
    repo.write("build/x/y.py")
    repo.write("empty_yet/.keep")
    (repo.root / "nested").mkdir()
    repo.git("init", "--quiet", "nested")
    folders = open_index(repo).folders()
    below = {str(folder.relative_to(repo.root)) for folder in folders.content}
    assert below == {".", "a", "a/b", "empty_yet", "lib"}
    assert repo.root / ".git" in folders.git
    assert repo.root / ".git/modules/lib" in folders.git
