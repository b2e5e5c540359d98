"""How far answers are behind, as far as the server can tell: by the clone on its machine, or by the farm's book."""

import subprocess
import time

import pytest

import wherein
from redis_servers import RedisServer, wait_until
from wherein.config.settings import Settings
from wherein_server.farm.farm import open_farm
from wherein_server.farm.farmfile import FarmFile

NAME = "github.com/acme/desk"


class Clone:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", f"https://{NAME}")
        self.commit("def sit_down(): pass\n")

    def git(self, *words):
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, text):
        (self.folder / "desk.py").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "more")
        return self.git("rev-parse", "HEAD")

    def index(self, settings, view=None):
        with wherein.open_index(self.folder, settings=settings, view=view) as index:
            index.update(processes=0)


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "desk")


def ask(server, query):
    """What the tool for agents says."""
    call = {"name": "search", "arguments": {"query": query}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"Accept": "application/json, text/event-stream"}
    status, _, answer = server.ask("/mcp", "POST", body, headers=headers)
    assert status == 200, answer
    return str(answer)


def newest(server):
    time.sleep(0.1)  # one client may ask 20 times a second
    (told,) = server.get("repositories")["repositories"]
    return told["newest"]


def test_commits_that_an_index_of_a_clone_lacks_are_counted(start, clone, tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    clone.index(settings)
    server = start(settings.data_dir)
    wait_until(lambda: newest(server), within=30)
    assert newest(server)["commits"] == 0
    clone.commit("def sit_down(): return 1\n")
    head = clone.commit("def sit_down(): return 2\n")
    wait_until(lambda: newest(server)["commits"], within=30)
    wanted = {"commit": head, "seen": None, "commits": 2}
    assert newest(server) == wanted
    for found in (server.get("search", q="sit down"), server.get("symbol", name="sit_down")):
        (index,) = found["indexes"]
        assert (index["repository"], index["newest"]) == (NAME, wanted)
    place = {"repo": NAME, "path": "desk.py", "line": 1}
    assert server.get("file", repo=NAME, path="desk.py")["index"]["newest"] == wanted
    assert server.get("calls", **place)["index"]["newest"] == wanted
    assert server.get("related", **place)["index"]["newest"] == wanted
    assert "2 commits behind" in ask(server, "sit down")
    clone.index(settings)
    wait_until(lambda: newest(server)["commits"] == 0, within=30)
    assert "up to date" in ask(server, "sit down")


def test_a_branch_that_is_gone_and_a_clone_that_is_gone_tell_nothing(start, clone, tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    clone.git("branch", "topic")
    clone.index(settings, view="topic")
    server = start(settings.data_dir)
    wait_until(lambda: newest(server), within=30)
    clone.git("branch", "-D", "topic")
    wait_until(lambda: newest(server) is None, within=30)
    clone.folder.rename(tmp_path / "elsewhere")
    assert server.get("search", q="sit down")["results"]


def test_the_farms_book_tells_of_the_newest_push(start, clone, tmp_path):
    with RedisServer() as store:
        settings = Settings(data_dir=tmp_path / "data", store=store.url)
        clone.index(settings, view="main")
        head = clone.git("rev-parse", "HEAD")
        farm = open_farm(settings, FarmFile())
        farm.ledger.add(NAME, f"https://{NAME}", branch="main")
        facts = {"made_with": "", "seconds": 1, "files": 1, "chunks": 1, "embedded": 1}
        entry = farm.ledger.named(NAME)
        farm.ledger.done(entry, commit=head, branch="main", outcome="indexed", facts=facts)
        server = start(tmp_path, WHEREIN_STORE=store.url, WHEREIN_DATA_DIR=str(settings.data_dir))
        wait_until(lambda: newest(server), within=30)
        assert newest(server)["commits"] == 0
        farm.ledger.want(farm.ledger.named(NAME), "1" * 40, "main", "push")
        wait_until(lambda: newest(server)["commit"] == "1" * 40, within=30)
        told = newest(server)
        assert told["commits"] is None
        assert told["seen"] > 0
        assert "behind 1111111" in ask(server, "sit down")
        farm.ledger.client.close()
        server.stop()
