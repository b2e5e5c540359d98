"""What hooks start: one run at a time, the last request wins, and no command of git is in its way."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from hook_files import COMMAND, Beside, executable, plain_environment
from wherein.hooks import journal

MANY = int(os.environ.get("WHEREIN_TEST_COMMITS", "25"))
"""1000 by hand: `WHEREIN_TEST_COMMITS=1000` commits and rebases so many, which takes some minutes."""


@pytest.fixture
def counted(hooks, tmp_path):
    """wherein behind a script that notes each start."""
    starts = tmp_path / "starts"
    started = executable(tmp_path / "counted", f'#!/bin/sh\necho start >>"{starts}"\nexec "{COMMAND}" "$@"\n')

    def count() -> int:
        return len(starts.read_text().splitlines()) if starts.exists() else 0

    hooks.counted = [str(started)]
    return count


def test_of_many_commits_few_are_indexed_and_the_last_is(repo, hooks, counted):
    hooks.install(repo, command=hooks.counted)
    began = time.monotonic()
    for number in range(MANY):
        repo.write("a.py", f"def number_{number}(): pass\n")
        repo.git("add", "a.py")
        repo.git("commit", "--quiet", "--message", "x")
    seconds = time.monotonic() - began
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, f"number_{MANY - 1}")
    assert len(hooks.runs()) <= 3 + seconds / 2
    assert counted() <= 3 + seconds / 2


def test_a_rebase_is_one_or_two_runs(repo, hooks, counted):
    repo.commit({"base.py": "def base(): pass\n"})
    repo.git("branch", "above")
    for number in range(MANY):
        repo.commit({f"a{number}.py": f"def number_{number}(): pass\n"})
    repo.git("checkout", "--quiet", "above")
    repo.commit({"above.py": "def above(): pass\n"})
    repo.git("checkout", "--quiet", "main")
    hooks.install(repo, command=hooks.counted)
    repo.git("rebase", "--quiet", "above")
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "above")
    assert hooks.found(repo, f"number_{MANY - 1}")
    assert len(hooks.runs()) <= 2
    assert counted() <= 2


def test_a_bisection_is_one_or_two_runs_and_its_end_is_indexed(repo, hooks):
    commits = [repo.commit({"a.py": f"def number_{number}(): pass\n"}) for number in range(6)]
    hooks.install(repo)
    repo.git("bisect", "start", commits[-1], commits[0])
    repo.git("bisect", "run", "true")
    repo.git("bisect", "reset")
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "number_5")
    assert len(hooks.runs()) <= 2


def test_a_run_that_is_killed_is_gone_on_with_by_the_next(repo, hooks):
    hooks.install(repo)
    repo.commit({f"a{number}.py": f"def number_{number}(): pass\n" for number in range(30)})
    os.kill(hooks.wait_for(hooks.runner), signal.SIGKILL)
    other = repo.root.parent / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    subprocess.run(["git", "config", "core.hooksPath", str(repo.root / ".git/hooks")], cwd=other, check=True)
    subprocess.run(["git", "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=other, check=True)
    hooks.wait_for_commit(repo)
    assert hooks.found(repo, "number_29")


def test_a_run_renews_the_script_that_an_earlier_version_has_written(repo, hooks):
    hooks.install(repo)
    script = hooks.state / "request"
    written = script.read_bytes()
    script.write_bytes(written.replace(b"umask 077\n", b"umask 077 # once\n"))
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    assert script.read_bytes() == written


def test_a_run_whose_number_another_process_has_by_now_is_no_run(repo, hooks):
    hooks.install(repo)
    (hooks.state / "running").write_text(f"{os.getpid()}\n")  # of a run before the machine was started anew
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for(lambda: hooks.shows(repo))
    (hooks.state / "running").unlink(missing_ok=True)


def test_the_commit_is_done_before_the_run_and_holds_nothing_that_it_waits_for(repo, hooks, tmp_path):
    slow = executable(tmp_path / "wherein", '#!/bin/sh\nsleep 5\ntouch "$0.ended"\n')
    hooks.install(repo, command=[str(slow)])
    began = time.monotonic()
    done = subprocess.run(  # its pipes are at their end only when all who hold them are
        "exec 3>&1; git commit --allow-empty --message x",
        shell=True,
        cwd=repo.root,
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert time.monotonic() - began < 4
    assert done.stderr == b""
    assert not (tmp_path / "wherein.ended").exists()
    os.kill(hooks.wait_for(hooks.runner), signal.SIGKILL)


def test_it_can_be_turned_off_for_a_command(repo, hooks, monkeypatch):
    hooks.install(repo)
    monkeypatch.setenv("WHEREIN_SKIP_HOOK", "1")
    repo.commit({"a.py": "def alpha(): pass\n"})
    time.sleep(0.3)
    assert hooks.at_rest()
    assert not hooks.runs()


def test_git_s_variables_and_those_of_a_commit_in_progress_do_not_reach_the_index(repo, hooks, make_repo):
    other = make_repo("other")
    other.commit({"wrong.py": "def wrong(): pass\n"})
    hooks.install(repo)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    leaking = {
        "GIT_INDEX_FILE": str(repo.root / ".git/other-index"),
        "GIT_OBJECT_DIRECTORY": str(repo.root / ".git/objects"),
        "GIT_NAMESPACE": "elsewhere",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TRACE": str(repo.root / ".git/trace"),
        "GIT_EXTERNAL_DIFF": "false",
    }
    shutil.copy(repo.root / ".git/index", repo.root / ".git/other-index")
    repo.write("b.py", "def beta(): pass\n")
    subprocess.run(["git", "add", "b.py"], cwd=repo.root, env=os.environ | leaking, check=True)
    command = ["git", "-c", "core.worktree=.", "commit", "--quiet", "--message", "x"]
    subprocess.run(command, cwd=repo.root, env=os.environ | leaking, check=True)
    before = len(hooks.runs())
    hooks.wait_for_runs(before)
    hooks.wait_for(lambda: hooks.found(repo, "beta"))
    done = {"GIT_DIR": str(other.root / ".git"), "GIT_WORK_TREE": str(other.root)}
    subprocess.run(
        [str(repo.root / ".git/hooks/post-commit")], cwd=repo.root, env=os.environ | done, check=True
    )
    hooks.wait_for_runs(len(hooks.runs()))
    time.sleep(0.2)
    hooks.wait_for(hooks.at_rest)
    assert not hooks.found(repo, "wrong")


def test_a_git_folder_elsewhere_does_not_make_its_work_tree_an_index(repo, hooks, tmp_path):
    """As where a home folder's settings are kept in a repository: all of the home would be indexed."""
    home = tmp_path / "ada"
    home.mkdir()
    (home / "private.py").write_text("def private(): pass\n")
    hooks.install(repo)
    git = ["git", f"--git-dir={repo.root / '.git'}", f"--work-tree={home}"]
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "x"], cwd=home, check=True)
    lines = hooks.wait_for_runs(1)
    assert "skipped" in lines[-1]
    assert "not the root of a repository" in lines[-1]
    assert not list((hooks.data).glob("indexes/*"))


def test_a_graphical_client_s_bare_environment_is_enough(repo, hooks):
    hooks.install(repo)
    repo.write("a.py", "def alpha(): pass\n")
    for arguments in (["add", "a.py"], ["commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", *arguments], cwd=repo.root, env=plain_environment(), check=True)
    hooks.wait_for_commit(repo)


def test_a_commit_from_an_editor_and_without_a_terminal_asks_as_well(repo, hooks, tmp_path):
    editor = executable(tmp_path / "editor", '#!/bin/sh\necho "written in an editor" >"$1"\n')
    hooks.install(repo)
    repo.write("a.py", "def alpha(): pass\n")
    repo.git("add", "a.py")
    subprocess.run(
        ["setsid", "git", "commit", "--quiet"],
        cwd=repo.root,
        env=os.environ | {"GIT_EDITOR": str(editor), "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        check=True,
    )
    hooks.wait_for_commit(repo)


def test_what_is_committed_in_another_worktree_is_indexed_there(repo, hooks):
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.install(repo)
    repo.git("worktree", "add", "--quiet", str(repo.root.parent / "beside"))
    beside = Beside(repo.root.parent / "beside")
    hooks.wait_for(lambda: hooks.shows(beside))
    (beside.root / "b.py").write_text("def beta(): pass\n")
    beside.git("add", "b.py")
    beside.git("commit", "--quiet", "--message", "x")
    hooks.wait_for_commit(beside)
    assert hooks.found(beside, "beta")


@pytest.mark.skipif(shutil.which("ionice") is None, reason="no ionice")
def test_a_run_stands_behind_others_on_the_processor_and_the_disk(repo, hooks):
    hooks.install(repo)
    repo.commit({f"a{number}.py": f"def number_{number}(): pass\n" for number in range(100)})
    number = hooks.wait_for(hooks.runner)
    hooks.wait_for(lambda: os.getpriority(os.PRIO_PROCESS, number) >= 10)
    hooks.wait_for(
        lambda: b"idle" in subprocess.run(["ionice", "-p", str(number)], capture_output=True).stdout
    )


def test_a_log_does_not_grow_for_ever(tmp_path):
    for number in range(3000):
        journal._log(tmp_path / "log", journal.run_in(Path("/somewhere"), number, 0.1, "done", "x" * 100))
    lines = (tmp_path / "log").read_text().splitlines()
    assert (tmp_path / "log").stat().st_size <= journal.MOST_LOG + 1000
    assert all(line.endswith("x" * 100) for line in lines)
    assert len(lines) > 500
