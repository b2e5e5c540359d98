"""The script and the jobs of docs/ci.md, as they stand there, with real remotes and a real server."""

import os
import re
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

import kept_interpreter
from hook_files import COMMAND
from redis_servers import RedisServer, free_port, wait_until
from wherein.config.settings import Settings
from wherein.opening import add_repository
from wherein.store.redis.roles.acl import line, rules

PAGE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")

NAME = "127.0.0.1/acme/web"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


SCRIPT = blocks("sh")[0]
GITHUB, GITLAB = map(yaml.safe_load, blocks("yaml"))


@pytest.fixture
def store():
    """The URL of CI's user, who may index what was added."""
    with RedisServer() as server, server.client() as admin:
        words = line("ci", "hush", rules("indexer", tenant="default")).split()[1:]
        admin.execute_command("ACL", "SETUSER", *words)
        yield server


@pytest.fixture
def remote(repo, tmp_path):
    """A bare remote with a branch `main`, to which `repo` pushes, and its address: a git daemon's."""
    bare = tmp_path / "remotes" / "acme" / "web"
    repo.git("init", "--quiet", "--bare", str(bare))
    repo.git("remote", "add", "origin", str(bare))
    repo.git("push", "--quiet", "origin", "HEAD:main")
    port = free_port()
    place = [f"--base-path={tmp_path / 'remotes'}", "--listen=127.0.0.1", f"--port={port}"]
    program = Path(repo.git("--exec-path").strip()) / "git-daemon"
    with subprocess.Popen([program, "--export-all", "--reuseaddr", *place]) as daemon:
        wait_until(lambda: _listens(port), within=10)
        yield Remote(bare, f"git://127.0.0.1:{port}/acme/web")
        daemon.terminate()


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Remote:
    place: Path
    url: str


@pytest.fixture
def ci(store, remote, wherein, tmp_path):
    """ci("."): runs the script in `work` as CI does: exit code and what was said."""
    work = tmp_path / "work"
    (work / "ci").mkdir(parents=True)
    (work / "ci" / "index-branch").write_text(SCRIPT)
    url = f"unix://ci:hush@{store.socket}"
    folder = kept_interpreter.stand_in(COMMAND).parent
    environment = wherein.environment | {
        "PATH": f"{folder}{os.pathsep}{wherein.environment['PATH']}",
        "WHEREIN_STORE": url,
        "WHEREIN_DATA_DIR": str(tmp_path / "ci-data"),
    }

    def run(*arguments, command=("sh", "ci/index-branch"), folder=work, **more):
        done = subprocess.run(
            [*command, *map(str, arguments)], cwd=folder, env=environment | more, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    run.work = work
    run.environment = environment
    return run


@pytest.fixture
def add(store, ci):
    """add(clone): lets CI index what the clone is called in the store."""

    def added(folder):
        code, said = ci("repo", "add", "--repo", folder, command=("wherein",), WHEREIN_STORE=store.url)
        assert code == 0, said

    return added


def indexed(said):
    """The commit that the script says is indexed; it says so once, last."""
    *_, last = said.strip().splitlines()
    return last.removeprefix("index-branch: main is indexed at ")


def test_the_view_follows_the_branch_through_pushes_and_force_pushes(ci, add, store, repo, remote, wherein):
    code, said = ci("web.git", "main", remote.url)
    assert code == 3
    assert f"wherein repo add {NAME}" in said
    add("web.git")
    code, said = ci("web.git", "main", remote.url)
    assert (code, indexed(said)) == (0, repo.git("rev-parse", "HEAD").strip())
    code, said = ci("web.git", "main", remote.url)  # nothing is new: it says at what
    assert (code, indexed(said)) == (0, repo.git("rev-parse", "HEAD").strip())
    repo.write("src/early.py", "def opened_too_early():\n    return 1\n")
    repo.commit()
    repo.git("push", "--quiet", "origin", "HEAD:main")
    assert ci("web.git", "main", remote.url)[0] == 0
    assert (
        ci("search", "--view", "main", "opened too early", "--repo", "web.git", command=("wherein",))[0] == 0
    )
    repo.git("rm", "--quiet", "src/early.py")
    repo.write("src/late.py", "def closed_too_late():\n    return 1\n")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--amend", "--message", "otherwise")
    repo.git("push", "--quiet", "--force", "origin", "HEAD:main")
    code, said = ci("web.git", "main", remote.url)
    assert (code, indexed(said)) == (0, repo.git("rev-parse", "HEAD").strip())
    found = ci("search", "--view", "main", "too", "--json", "--repo", "web.git", command=("wherein",))[1]
    assert "closed_too_late" in found
    assert "opened_too_early" not in found


def test_what_goes_wrong_ends_it_with_a_reason_and_never_with_up_to_date(ci, add, store, repo, remote):
    add_repository(NAME, Settings(store=store.url))
    hidden = remote.place.with_name("hidden")
    remote.place.rename(hidden)
    code, said = ci("web.git", "main", remote.url)  # nothing was ever cloned
    assert (code, "cannot be cloned" in said) == (1, True)
    hidden.rename(remote.place)
    (ci.work / "web.git.part").mkdir()  # of a run that was killed
    assert ci("web.git", "main", remote.url)[0] == 0
    remote.place.rename(hidden)
    code, said = ci("web.git", "main", remote.url)
    assert (code, "the remote is gone" in said) == (1, True)
    hidden.rename(remote.place)
    code, said_of_a_branch = ci("web.git", "nowhere", remote.url)
    assert (code, "nothing was indexed" in said_of_a_branch) == (1, True)
    code, said_of_the_store = ci("web.git", "main", remote.url, WHEREIN_STORE="redis://127.0.0.1:1")
    assert (code, "Nothing answers" in said_of_the_store) == (4, True)
    code, said_of_no_store = ci("web.git", "main", remote.url, WHEREIN_STORE="")  # a secret that is not given
    assert (code, "WHEREIN_STORE is not set" in said_of_no_store) == (1, True)
    for each in (said, said_of_a_branch, said_of_the_store, said_of_no_store):
        assert "Up to date" not in each
        assert "is indexed at" not in each


def test_the_jobs_run_as_they_stand_in_the_checkouts_of_github_and_gitlab(ci, store, repo, remote):
    add_repository(NAME, Settings(store=store.url))
    runs = {
        "github": [step["run"] for step in GITHUB["jobs"]["index"]["steps"] if "run" in step],
        "gitlab": GITLAB["wherein"]["script"],
    }
    for name, lines in runs.items():
        job = "\n".join(each for each in lines if not each.startswith("pip "))
        assert "index-branch" in job
        checkout = ci.work / name
        clone = ["clone", "--quiet", "--depth=1", "--branch=main", remote.url, str(checkout)]
        assert ci(*clone, command=("git",))[0] == 0
        if name == "gitlab":
            assert ci("checkout", "--quiet", "--detach", command=("git",), folder=checkout)[0] == 0
        (checkout / "ci").mkdir()
        (checkout / "ci" / "index-branch").write_text(SCRIPT)
        repo.write(f"src/{name}.py", f"def pushed_for_{name}():\n    return 1\n")  # after the checkout
        repo.commit()
        repo.git("push", "--quiet", "origin", "HEAD:main")
        code, said = ci(
            "-e", "-o", "pipefail", "-c", job, command=("bash",), folder=checkout, CI_DEFAULT_BRANCH="main"
        )
        assert (code, indexed(said)) == (0, repo.git("rev-parse", "HEAD").strip()), said
