"""Hooks beside those that other tools write when they are run: git-lfs out of Debian, others where they are installed.

`WHEREIN_TEST_HOOK_TOOLS=FOLDER` names a folder with node_modules (`npm install lefthook husky@9 simple-git-hooks`) and
with pre-commit in `venv/bin`.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from debian_packages import unpacked
from hook_files import snapshot

TOOLS = Path(os.environ.get("WHEREIN_TEST_HOOK_TOOLS", "nowhere"))

MARK = "sh -c 'echo ran >>ran.txt'"
"""What each tool is told to do after a commit."""


def lefthook(repo):
    repo.write("lefthook.yml", f"post-commit:\n  commands:\n    mark:\n      run: {MARK}\n")
    return [TOOLS / "node_modules/.bin/lefthook", "install"]


def husky(repo):
    repo.write(".husky/post-commit", f"{MARK}\n")
    return [TOOLS / "node_modules/.bin/husky"]


def simple_git_hooks(repo):
    repo.write(
        "package.json",
        json.dumps({"name": "x", "version": "1.0.0", "simple-git-hooks": {"post-commit": MARK}}),
    )
    return [TOOLS / "node_modules/.bin/simple-git-hooks"]


def pre_commit(repo):
    hook = {"id": "mark", "name": "mark", "entry": MARK, "language": "system", "always_run": True}
    local = {"repo": "local", "hooks": [hook | {"pass_filenames": False, "stages": ["post-commit"]}]}
    repo.write(".pre-commit-config.yaml", json.dumps({"repos": [local]}))
    return [TOOLS / "venv/bin/pre-commit", "install", "--hook-type", "post-commit"]


def run(repo, command):
    done = subprocess.run(
        list(map(str, command)), cwd=repo.root, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def hooks_of(repo):
    """All files in which hooks are."""
    return snapshot(repo.root / repo.git("rev-parse", "--git-path", "hooks").strip())


def ran(repo):
    file = repo.root / "ran.txt"
    return len(file.read_text().split()) if file.exists() else 0


@pytest.mark.skipif(not TOOLS.is_dir(), reason="WHEREIN_TEST_HOOK_TOOLS names no folder")
@pytest.mark.parametrize(
    "tool", [lefthook, husky, simple_git_hooks, pre_commit], ids=lambda tool: tool.__name__
)
def test_both_run_the_tool_may_write_again_and_ours_goes_without_a_trace(repo, hooks, command, tool):
    repo.write(".gitignore", "ran.txt\n")
    installing = tool(repo)
    run(repo, installing)
    alone = hooks_of(repo)
    hooks.install(repo)
    repo.commit({"a.py": "def alpha(): pass\n"})
    hooks.wait_for_commit(repo)
    assert ran(repo) == 1
    run(repo, installing)
    hooks.install(repo)
    assert command(repo, "hook", "status").stdout.count("whole") == 4
    repo.commit({"b.py": "def beta(): pass\n"})
    hooks.wait_for_commit(repo)
    assert ran(repo) == 2
    hooks.uninstall(repo)
    left = {
        path: content for path, content in hooks_of(repo).items() if not path.endswith((".old", ".legacy"))
    }
    assert left == alone
    assert not any(b"wherein" in content for _, content in hooks_of(repo).values())
    repo.commit({"c.py": "def gamma(): pass\n"})
    assert ran(repo) == 3


@pytest.fixture
def lfs(monkeypatch):
    try:
        folder = unpacked("git-lfs", ["git-lfs"], release="bookworm") / "usr/bin"
    except (LookupError, subprocess.CalledProcessError) as reason:
        pytest.skip(str(reason))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("lfs")
def test_git_lfs_goes_on_doing_its_own(repo, hooks, command):
    repo.git("lfs", "install", "--local")
    alone = hooks_of(repo)
    hooks.install(repo)
    repo.git("lfs", "track", "--lockable", "*.bin")
    repo.commit()
    repo.commit({"a.py": "def alpha(): pass\n", "large.bin": b"\0" * 2000})
    hooks.wait_for_commit(repo)
    assert (repo.root / "large.bin").stat().st_mode & 0o222 == 0  # its post-commit makes such files read-only
    with pytest.raises(AssertionError, match="Hook already exists"):
        repo.git("lfs", "update")  # it does not write over a hook that is not its own alone
    assert command(repo, "hook", "status").stdout.count("whole") == 4
    repo.git("lfs", "update", "--force")
    assert "missing" in command(repo, "hook", "status").stdout
    hooks.install(repo)
    repo.git("checkout", "--quiet", "-b", "topic")
    repo.commit({"b.py": "def beta(): pass\n"})
    hooks.wait_for_commit(repo)
    hooks.uninstall(repo)
    assert hooks_of(repo) == alone
