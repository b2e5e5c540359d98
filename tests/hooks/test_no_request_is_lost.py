"""Hooks and runs stopped at every step: what is asked for is done, whoever stands still for how long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hook_files import executable
from wherein.hooks.run import serve
from wherein.hooks.script import text
from wherein.hooks.spool import Spool

STEPPED = Path(__file__).parent.parent / "support" / "stepped_run.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


class Run:
    """A process that stops where it is told to."""

    def __init__(self, state):
        self._process = subprocess.Popen(
            [sys.executable, str(STEPPED), str(state), "hook", "run"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, words):
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def begin(self, stop=0):
        """Whether it stands before the line `stop`; else it is at its end, and still there."""
        self.tell(f"run {stop}")
        return self._process.stdout.readline() == "stopped\n"

    def go_on(self):
        """To its end."""
        self.tell("on")
        assert self._process.stdout.readline() == "ended\n"

    def go(self):
        """It is gone."""
        self.tell("gone")

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Asking:
    """The script that hooks run, with a wherein that notes its start."""

    def __init__(self, folder):
        self.state = folder / "hooks"
        self.state.mkdir()
        self._starts = folder / "starts"
        command = executable(folder / "wherein", f'#!/bin/sh\necho $$ >>"{self._starts}"\n')
        executable(self.state / "request", "#!/bin/sh\n" + text([str(command)]).decode())
        self._folder = folder
        self._known = 0
        self.asked = []

    def ask(self, name):
        """Ask for a folder; whether the script starts a run."""
        place = self._folder / name
        place.mkdir(exist_ok=True)
        self.asked.append(str(place))
        subprocess.run(["/bin/sh", str(self.state / "request")], cwd=place, check=True)
        starts = len(self._starts.read_text().split()) if self._starts.exists() else 0
        started, self._known = starts > self._known, starts
        return started

    def left(self):
        """What was asked for and is not done."""
        noted = self.state / "indexed"
        done = noted.read_text().splitlines() if noted.exists() else []
        return [place for place in self.asked if place not in done]


@pytest.fixture
def runs():
    made = []

    def run(state):
        made.append(Run(state))
        return made[-1]

    yield run
    for each in made:
        each.close()


def cleared(state):
    for file in state.iterdir():
        if file.name not in ("request", "lock"):
            file.unlink()


@pytest.mark.parametrize("two_asks", [True, False])
def test_what_is_asked_for_while_a_run_stands_anywhere_is_done(tmp_path, runs, two_asks):
    """A second run that no request stands behind any more is one whose script stood still after it had written."""
    asking = Asking(tmp_path)
    first, second = runs(asking.state), runs(asking.state)
    stop, stopped, seconds = 0, True, 0
    while stopped:
        stop += 1
        cleared(asking.state)
        asking.asked = []
        asking.ask("one")
        stopped = first.begin(stop)
        two = asking.ask("two") if two_asks else not (asking.state / "running").exists()
        if two:  # it may find that the first is at it, and is at its end then
            second.begin()
            seconds += 1
        if stopped:
            first.go_on()
        third = asking.ask("three")  # both are at their ends, and still there
        first.go()
        if two:
            second.go()
        if third:
            first.begin()
            first.go()
        assert not asking.left(), f"before line {stop}"
    assert stop > 40
    assert seconds > 2


def test_what_a_script_writes_late_is_asked_for_all_the_same(tmp_path, monkeypatch):
    from wherein.hooks import run

    state = tmp_path / "hooks"
    state.mkdir()
    monkeypatch.setattr(run, "QUIET", 0.0)
    seen = []
    monkeypatch.setattr(
        run, "_run", lambda place: seen.append(place) or run.journal.run_in(place, 0, 0, "done", "")
    )
    slow = os.open(state / "requests", os.O_WRONLY | os.O_CREAT | os.O_APPEND)  # and stands still
    (state / "requests").write_bytes(b"/one\0")
    assert serve(state) == 1
    os.write(slow, b"/two\0")
    os.close(slow)
    assert Spool(state).waiting()
    assert serve(state) == 2
    assert Path("/two") in seen
    assert not Spool(state).waiting()


def test_the_end_of_a_bisection_is_indexed_though_git_is_not_done_with_it_yet(
    tmp_path, repo, monkeypatch, hooks
):
    """The hook comes before git takes its own files away, and git may stand still between the two."""
    from wherein.hooks import run

    monkeypatch.setattr(run, "QUIET_IN_REBASE", 0.0)
    monkeypatch.setattr(run, "QUIET", 0.0)
    repo.commit({"a.py": "def alpha(): pass\n"})
    (repo.root / ".git/BISECT_LOG").write_text("git bisect start\n")
    hooks.state.mkdir(parents=True)
    (hooks.state / "requests").write_bytes(os.fsencode(repo.root) + b"\0")
    serve(hooks.state)
    assert "done" in hooks.runs()[-1]
    assert hooks.found(repo, "alpha")
