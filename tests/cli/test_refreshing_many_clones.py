"""`wherein repo refresh`, as a job that runs by the clock calls it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installed_command import run_command, variables

COMMAND = Path(sys.executable).parent / "wherein"


@pytest.fixture
def mirrors(make_repo, tmp_path):
    """A folder with a bare clone, a clone, and what is none."""
    folder = tmp_path / "mirrors"
    folder.mkdir()
    for name in ("one", "two"):
        made = make_repo(f"origin-{name}")
        made.commit({f"{name}.py": f"def from_{name}():\n    return 1\n"})
        words = ["--bare"] if name == "one" else []
        subprocess.run(["git", "clone", "-q", *words, str(made.root), str(folder / name)], check=True)
        url = f"https://example.org/acme/{name}"
        subprocess.run(["git", "-C", str(folder / name), "remote", "set-url", "origin", url], check=True)
    (folder / "none").mkdir()
    return folder


@pytest.mark.parametrize("branch", [(), ("--view", "main")])
def test_a_clone_without_a_commit_is_no_failure(mirrors, tmp_path, branch):
    for words in ((), ("--bare",)):
        subprocess.run(
            ["git", "init", "-q", "-b", "main", *words, str(mirrors / f"empty{len(words)}")], check=True
        )
    environment = variables(WHEREIN_STORE="sqlite", WHEREIN_DATA_DIR=str(tmp_path / "data"))
    done = run_command("repo", "refresh", str(mirrors), *branch, folder=tmp_path, environment=environment)
    assert done.returncode == 0, done
    assert done.stdout.count("has no commit yet") == 2
    assert done.stdout.count("1 file: 1 added") == 2


@pytest.mark.parametrize("store", ["embedded", "redis"])
def test_what_is_stale_is_embedded_anew_and_the_rest_takes_a_look(mirrors, tmp_path, store, request):
    url = "sqlite" if store == "embedded" else request.getfixturevalue("redis_url")

    def run(*words):
        environment = variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command(*map(str, words), folder=tmp_path, environment=environment)

    first = run("repo", "refresh", mirrors)
    assert first.returncode == 0, first
    assert first.stdout.count("is not indexed by this version. 1 file: 1 added") == 2
    assert "from_one" in run("symbol", "from_one", "--repo", mirrors / "one", "--view", "main").stdout
    assert run("repo", "refresh", mirrors).stdout.count("up to date") == 2
    (mirrors / "two" / "more.py").write_text("def more_of_two():\n    return 2\n")
    git = ["git", "-C", str(mirrors / "two"), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "more"], check=True)
    shutil.rmtree(mirrors / "one" / "objects")
    late = run("repo", "refresh", mirrors, "--hours", "0")
    assert "two (main): is 1 file behind; there was no time left" in late.stdout
    again = run("repo", "refresh", mirrors)
    assert "two (main): is 1 file behind. 1 file: 1 added; 1 read" in again.stdout
    assert again.returncode != 0, again  # the other one is damaged
    assert "mirrors/one" in again.stderr, again
    assert "Traceback" not in again.stderr
    (mirrors / "none" / ".git").write_text("gitdir: /nowhere\n")
    gone = run("repo", "refresh", mirrors / "none")
    assert gone.returncode != 0
    assert "mirrors/none" in gone.stderr
    (mirrors / "none" / ".git").unlink()
    nothing = run("repo", "refresh", mirrors / "none")
    assert nothing.returncode == 2
    assert "is not a clone, and contains none" in nothing.stderr
