"""Whatever is missing or wrong, git's commands end as without the hook, and say nothing of it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from hook_files import executable, plain_environment, snapshot
from wherein.config.load import load_settings
from wherein.hooks.install import install
from wherein.hooks.status import hooks_status

LONGEST = 5.0
"""Seconds that a commit may take here on a busy machine; what it must not wait for takes far longer."""


IDENTITY = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


def commit(place, **environment: str) -> None:
    """A commit and a checkout that succeed, at once and in silence."""
    began = time.monotonic()
    for arguments in (["commit", "-q", "--allow-empty", "-m", "x"], ["checkout", "-q", "HEAD"]):
        done = subprocess.run(
            ["git", *arguments],
            cwd=place.root,
            env=os.environ | environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, b"")
    assert time.monotonic() - began < LONGEST


def test_wherein_was_moved_or_removed(repo, hooks, tmp_path):
    hooks.install(repo, command=[str(tmp_path / "venv/bin/wherein")])
    commit(repo, PATH="/usr/bin:/bin")
    assert not (hooks.state / "requests").exists()


def test_wherein_s_package_is_gone_and_its_python_is_not(repo, hooks):
    python = shutil.which("python3", path="/usr/bin:/bin")
    if python is None:
        pytest.skip("no python3 of the system")
    hooks.install(repo, command=[python, "-P", "-m", "wherein_server.cli_that_is_gone"])
    commit(repo)


def test_the_script_or_the_data_folder_is_gone(repo, hooks):
    hooks.install(repo)
    (hooks.state / "request").unlink()
    commit(repo)
    shutil.rmtree(hooks.data)
    commit(repo)
    assert not hooks.data.exists()


def test_a_data_folder_and_a_home_that_cannot_be_written_to(repo, hooks, tmp_path):
    """Also for root, whom no rights hinder: files stand where folders should be."""
    hooks.install(repo)
    script = (hooks.state / "request").read_bytes()
    shutil.rmtree(hooks.state)
    hooks.state.mkdir()
    (hooks.state / "request").write_bytes(script)
    (hooks.state / "requests").mkdir()
    commit(repo, HOME="/dev/null", **IDENTITY)
    assert not hooks.runs()


def test_the_store_is_away(repo, hooks, monkeypatch):
    hooks.install(repo)
    monkeypatch.setenv("WHEREIN_STORE", "redis://127.0.0.1:1/0")
    commit(repo)
    assert "failed" in hooks.wait_for_runs(1)[-1]


def test_settings_that_cannot_be_used_are_in_the_log(repo, hooks, tmp_path, command):
    hooks.install(repo)
    (tmp_path / "config.toml").write_text("[search]\nlimit = 'many'\n")
    commit(repo)
    assert "failed" in hooks.wait_for_runs(1)[-1]
    (tmp_path / "config.toml").unlink()
    assert "search.limit" in command(repo, "hook", "status").stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk(repo, hooks):
    hooks.install(repo)
    (hooks.state / "requests").symlink_to("/dev/full")
    commit(repo)
    (hooks.state / "requests").unlink()
    for name in ("log", "last.json", "running"):
        (hooks.state / name).unlink(missing_ok=True)
    (hooks.state / "log").symlink_to("/dev/full")
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)  # what cannot be noted is done all the same
    (hooks.state / "log").unlink()


def test_a_container_with_the_repository_and_nothing_else_of_its_user(repo, hooks, tmp_path):
    hooks.install(repo)
    elsewhere = tmp_path / "elsewhere"
    hooks.data.rename(elsewhere)
    environment = {name: value for name, value in plain_environment().items() if name == "PATH"}
    environment |= {"HOME": "/nonexistent", **IDENTITY}
    done = subprocess.run(
        ["git", "commit", "-q", "--allow-empty", "-m", "x"],
        cwd=repo.root,
        env=environment,
        capture_output=True,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
    assert not hooks.data.exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_no_files_in_somebody_s_data_folder(repo, hooks):
    hooks.install(repo, command=[str(shutil.which("true"))])
    before = snapshot(hooks.state)
    os.chown(hooks.state, 65534, 65534)
    asking = ["/bin/sh", str(hooks.state / "request")]  # as the hook does, but for its end
    subprocess.run(asking, cwd=repo.root, check=True)
    assert snapshot(hooks.state) == before
    os.chown(hooks.state, 0, 0)
    subprocess.run(asking, cwd=repo.root, check=True)
    assert (hooks.state / "requests").exists()


def test_a_run_that_hangs_holds_nobody_up(repo, hooks, tmp_path, make_repo):
    stuck = executable(tmp_path / "wherein", "#!/bin/sh\nsleep 30\n")
    hooks.install(repo, command=[str(stuck)])
    other = make_repo("other")
    install(other.root, hooks.data, [str(stuck)], in_files=True)
    for _ in range(3):
        commit(repo)
        commit(other)
    os.kill(hooks.wait_for(hooks.runner), 9)
    assert hooks_status(repo.root, load_settings(repo.root)).asked


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox sh"])
def test_every_shell_reads_the_script(repo, hooks, tmp_path, shell):
    program, *rest = shell.split()
    if shutil.which(program) is None:
        pytest.skip(f"no {program}")
    started = executable(tmp_path / "wherein", '#!/bin/sh\necho "$@" >"$0.started"\n')
    hooks.install(repo, command=[str(started)])
    asked = [program, *rest, str(hooks.state / "request")]
    done = subprocess.run(asked, cwd=repo.root, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "wherein.started").read_text() == "hook run --requests .\n"
    assert (hooks.state / "requests").read_bytes() == os.fsencode(repo.root) + b"\0"


def test_a_hook_of_theirs_that_waits_for_its_children_does_not_wait_for_ours(repo, hooks, tmp_path):
    slow = executable(tmp_path / "wherein", "#!/bin/sh\nsleep 20\n")
    executable(
        repo.root / ".git/hooks/post-commit", "#!/bin/bash\nset -euo pipefail\nwait\necho >&2 waited\n"
    )
    hooks.install(repo, command=[str(slow)])
    began = time.monotonic()
    done = subprocess.run(
        ["git", "commit", "-q", "--allow-empty", "-m", "x"], cwd=repo.root, capture_output=True, check=True
    )
    assert done.stderr == b"waited\n"
    assert time.monotonic() - began < LONGEST
    os.kill(hooks.wait_for(hooks.runner), 9)
