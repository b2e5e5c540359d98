"""Hooks in git's configuration, with a git that takes them from there."""

import subprocess

import pytest

import wherein
from hook_files import executable, snapshot
from wherein.hooks import configured
from wherein.hooks.place import EVENTS, here

pytestmark = pytest.mark.usefixtures("newest_git")


def test_no_file_of_a_hook_is_touched_and_all_is_as_before_afterwards(repo, hooks, command):
    executable(repo.root / ".git/hooks/post-checkout", "#!/bin/sh\necho theirs >&2\nexit 3\n")
    repo.commit({"a.py": "def alpha(): pass\n"})
    before = snapshot(repo.root / ".git")
    told = command(repo, "hook", "install", "--dry-run")
    assert snapshot(repo.root / ".git") == before
    assert command(repo, "hook", "install").stdout == told.stdout
    installed = snapshot(repo.root / ".git")
    assert {path for path in installed if installed[path] != before.get(path)} == {"config"}
    assert "and complete" in command(repo, "hook", "install").stdout
    assert snapshot(repo.root / ".git") == installed
    assert command(repo, "hook", "status").stdout.count("whole") == len(EVENTS)
    done = subprocess.run(["git", "checkout", "-b", "x"], cwd=repo.root, capture_output=True, text=True)
    assert done.returncode == 1  # what theirs ended with
    assert "theirs" in done.stderr
    hooks.wait_for_commit(repo)
    assert command(repo, "hook", "uninstall").returncode == 0
    assert (repo.root / ".git/config").read_bytes() == before["config"][1]


def test_the_index_follows_and_a_commit_hears_nothing_of_it(repo, hooks):
    hooks.install(repo, in_files=False)
    repo.write("a.py", "def alpha(): pass\n")
    repo.git("add", "a.py")
    done = subprocess.run(["git", "commit", "-q", "-m", "x"], cwd=repo.root, capture_output=True, check=True)
    assert done.stdout + done.stderr == b""
    hooks.wait_for_commit(repo)
    repo.git("commit", "--quiet", "--amend", "--message", "y")
    hooks.wait_for_commit(repo)


def test_where_the_script_is_gone_git_ends_as_before(repo, hooks):
    repo.commit()
    hooks.install(repo, in_files=False)
    (hooks.state / "request").unlink()
    done = subprocess.run(
        ["git", "checkout", "-q", "-b", "x"], cwd=repo.root, capture_output=True, check=True
    )
    assert done.stdout + done.stderr == b""


def test_a_hooks_path_that_leads_nowhere_does_not_matter(repo, hooks):
    repo.git("config", "core.hooksPath", "/nowhere")
    hooks.install(repo, in_files=False)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)


def test_files_are_written_as_well_where_that_is_asked(repo, hooks):
    hooks.install(repo, in_files=False)
    hooks.install(repo, in_files=True)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    assert len(hooks.runs()) == 1
    hooks.uninstall(repo)
    assert not configured.read(here(repo.root))
    assert not (repo.root / ".git/hooks/post-commit").exists()


def test_status_tells_what_git_is_set_not_to_run(repo, hooks, command):
    hooks.install(repo, in_files=False)
    repo.git("config", "hook.wherein.enabled", "false")
    told = command(repo, "hook", "status")
    assert "configured not to run post-commit hooks" in told.stdout
    repo.git("config", "--unset", "hook.wherein.enabled")
    repo.git("config", "hook.wherein.command", "something else")
    told = command(repo, "hook", "status")
    assert told.returncode == 1
    assert "damaged" in told.stdout


def test_nothing_that_a_repository_configures_as_a_hook_is_run_by_looking_at_it(
    repo, hooks, tmp_path, command
):
    mark = tmp_path / "mark"
    repo.commit({"a.py": "def alpha(): pass\n"})
    repo.git("config", "hook.theirs.command", f"touch '{mark}'; :")
    events = (
        "post-index-change",
        "reference-transaction",
        "post-checkout",
        "pre-auto-gc",
        "fsmonitor-watchman",
    )
    for event in events:
        repo.git("config", "--add", "hook.theirs.event", event)
    mark.unlink(missing_ok=True)
    repo.write("a.py", "def beta(): pass\n")
    with wherein.open_index(repo.root) as index:
        index.update()
        assert index.symbols("beta", exact=True)
    for arguments in (["status"], ["hook", "status"], ["hook", "install"], ["hook", "uninstall"]):
        command(repo, *arguments)
    assert not mark.exists()


def test_a_repository_with_refs_in_tables_and_other_ids_is_followed_from_both(make_folder, hooks):
    place = make_folder("mod ern")
    place.git("init", "--quiet", "--ref-format=reftable", "--object-format=sha256")
    place.commit({"a.py": "def alpha(): pass\n"})
    for in_files in (False, True):
        hooks.install(place, in_files=in_files)
        place.commit({"a.py": f"def beta_{in_files}(): pass\n"})
        hooks.wait_for_commit(place)
        assert hooks.found(place, f"beta_{in_files}")
        place.git("checkout", "--quiet", "HEAD~1")
        hooks.wait_for_commit(place)
        place.git("checkout", "--quiet", "-")
        hooks.uninstall(place)
