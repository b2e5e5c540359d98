"""Hooks of real repositories, which start the installed command, and a wait for what it does in the background."""

import os
import subprocess
import time
from pathlib import Path

import pytest

import wherein
from hook_files import COMMAND
from old_gits import NEWEST, debian_git
from wherein.config.load import load_settings
from wherein.git.command import git_executable
from wherein.hooks import journal
from wherein.hooks.install import install, uninstall
from wherein.hooks.script import state_folder
from wherein_server.cli.main import _run

PATIENCE = 120.0
"""Seconds. A run takes half a second, but on a busy machine it stands behind everybody else."""


class Hooks:
    """wherein's hooks with a data folder of their own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.state = state_folder(data)

    def install(self, place, **options):
        options.setdefault("in_files", True)
        return install(place.root, self.data, options.pop("command", [str(COMMAND)]), **options)

    def uninstall(self, place, **options):
        return uninstall(place.root, self.data, **options)

    def runs(self) -> list[str]:
        """The lines of the log."""
        log = self.state / journal.LOG
        return log.read_text().splitlines() if log.exists() else []

    def wait_for(self, condition):
        """What a condition is once it is true."""
        until = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < until, self.runs()
            time.sleep(0.03)
        return found

    def at_rest(self) -> bool:
        """Whether nothing is asked for and nobody runs."""
        left = [path for path in self.state.iterdir() if path.name.startswith(("taken", "requests"))]
        return not left and not self.runner()

    def runner(self) -> int:
        """The number of the process that runs; 0 where there is none."""
        try:
            number = int((self.state / "running").read_text())
            os.kill(number, 0)
        except (OSError, ValueError):
            return 0
        return number

    def wait_for_runs(self, number: int) -> list[str]:
        """All lines of the log, once there are so many and nobody runs."""
        return self.wait_for(lambda: len(self.runs()) >= number and self.at_rest() and self.runs())

    def wait_for_commit(self, place) -> None:
        """Until the index shows what is checked out."""
        self.wait_for(lambda: self.at_rest() and self.shows(place) == place.git("rev-parse", "HEAD").strip())

    def shows(self, place) -> str | None:
        """The commit that the index shows, where that is complete and as the files are."""
        try:
            with wherein.open_index(place.root, settings=load_settings(place.root)) as index:
                status = index.status()
        except wherein.IndexMissing:
            return None
        return status.commit if status.complete and not status.behind else None

    def found(self, place, name: str) -> bool:
        with wherein.open_index(place.root, settings=load_settings(place.root)) as index:
            return bool(index.symbols(name, exact=True))


@pytest.fixture
def hooks(tmp_path, only_our_configuration, monkeypatch):
    data = tmp_path / "da ta's"
    monkeypatch.setenv("WHEREIN_DATA_DIR", str(data))
    monkeypatch.setenv("WHEREIN_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("WHEREIN_SKIP_HOOK", raising=False)
    made = Hooks(data)
    yield made
    until = time.monotonic() + PATIENCE
    while made.runner() and time.monotonic() < until:
        time.sleep(0.03)


@pytest.fixture
def command(hooks, monkeypatch, capsys):
    """The command line, in this process: what hooks start is the installed one."""

    def run(place, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(place.root)
            for name, value in environment.items():
                patch.setenv(name, value)
            code = int(_run(arguments))
        said = capsys.readouterr()
        assert "should not have" not in said.err
        return subprocess.CompletedProcess(arguments, code, said.out, said.err)

    return run


@pytest.fixture
def newest_git(monkeypatch):
    """A git that takes hooks from its configuration, in the place of this machine's."""
    try:
        folder = debian_git(NEWEST)
    except LookupError as reason:
        pytest.skip(str(reason))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    git_executable.cache_clear()
    yield
    git_executable.cache_clear()
