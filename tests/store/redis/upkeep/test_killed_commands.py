"""Commands that end in the middle as by a lost machine: nothing is lost, and what they left is collected."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from installed_command import COMMAND, run_command, variables
from redis_servers import wait_until
from redis_servers.wholeness import left_over, lost
from wherein.store.redis.keys import Keys, indexes
from wherein.store.redis.prefixes import repository_prefix

NAME = "example.org/acme/web"
KILLS = 12 if "WHEREIN_TEST_LONG" in os.environ else 2
"""Of each command."""

GRAPH = "&flat_up_to=10&m={}"
"""Has the search index built anew as a graph."""


def module(number: int) -> str:
    return "".join(
        f"def task_{number}_{at}(queue):\n    return queue.take({number * at})\n\n\n" for at in range(8)
    )


@pytest.fixture
def place(make_repo):
    made = make_repo("web")
    made.commit({f"src/m{number}.py": module(number) for number in range(60)})
    made.git("remote", "add", "origin", f"https://{NAME}")
    return made


@pytest.fixture
def tried(redis_server, place, tmp_path):
    """What tries commands on an indexed repository, and looks at what there is."""
    return Tried(redis_server, place, tmp_path)


class Tried:
    def __init__(self, server, place, data_dir) -> None:
        self.server, self.place, self.data_dir = server, place, data_dir
        tenant = f"killed{os.getpid()}x{time.monotonic_ns()}"
        self.url = f"{server.url}?tenant={tenant}"
        self.prefix = repository_prefix(tenant, NAME)
        self.run("index", "--view", "HEAD")

    def _variables(self, options: str) -> dict[str, str]:
        return variables(WHEREIN_STORE=self.url + options, WHEREIN_DATA_DIR=str(self.data_dir / "data"))

    def run(self, *words: str, options: str = "") -> str:
        done = run_command(*words, folder=self.place.root, environment=self._variables(options))
        assert done.returncode == 0, done
        return done.stdout

    def begin(self, *words: str, options: str = "") -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [COMMAND, *words],
            cwd=self.place.root,
            env=self._variables(options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """It and its workers."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def found(self) -> list[str]:
        listed = self.run("symbol", "task_7_3", "--view", "HEAD", "--no-update")
        assert "src/m7.py" in listed
        return listed.splitlines()

    def search_indexes(self) -> list[str]:
        with self.server.client() as client:
            every = [each.decode() for each in client.execute_command("FT._LIST")]
        return [each for each in every if each.startswith(self.prefix)]

    def stored(self) -> int:
        with self.server.client() as client:
            return sum(1 for _ in client.scan_iter(match=f"{self.prefix}*".replace("{", "\\{"), count=10_000))

    def is_whole(self) -> None:
        with self.server.client() as client:
            assert lost(client, self.prefix) == []
            assert left_over(client, self.prefix) == []
            assert len(client.smembers(f"{self.prefix}begun")) == len(client.hvals(indexes(self.prefix)))


@pytest.mark.parametrize(
    "words",
    [
        ("index", "--view", "HEAD", "--force", "--yes"),
        ("gc", NAME),
        ("repo", "refresh", "."),
        ("redis", "prepare"),
    ],
    ids=lambda words: " ".join(words),
)
def test_a_command_that_was_killed_costs_nothing_and_what_it_left_is_collected(tried, words, request):
    chance = random.Random(request.node.name)
    expected = tried.found()
    for _ in range(KILLS):
        process = tried.begin(*words)
        time.sleep(0.6 + 1.4 * chance.random())
        tried.kill(process)
        assert tried.found() == expected
    if words[0] == "repo":
        tried.run(*words)  # the update it began goes on, when nobody has the right to it any more
    with tried.server.client() as client:
        kept = client.hkeys(f"{tried.prefix}replaced")
        if kept:  # as if the days of those that were replaced were over
            client.hset(f"{tried.prefix}replaced", mapping=dict.fromkeys(kept, "1 nobody"))
    wait_until(lambda: tried.run("gc", NAME) is not None and _is_clean(tried), within=60)
    tried.is_whole()
    assert tried.found() == expected


def _is_clean(tried) -> bool:
    """Whether nothing is left: a killed builder has the right to build until its lease ends."""
    with tried.server.client() as client:
        return len(client.smembers(f"{tried.prefix}begun")) == len(client.hvals(indexes(tried.prefix)))


BUILD = """
import sys
from pathlib import Path
from wherein.config.settings import Settings
import wherein
settings = Settings(store=sys.argv[2], data_dir=Path(sys.argv[3]))
with wherein.open_index(sys.argv[1], view="HEAD", settings=settings) as index:
    index.update(processes=0)
"""


def test_a_graph_whose_building_was_killed_at_its_height_is_dropped_and_built_again(tried):
    expected, before = tried.found(), tried.search_indexes()
    for m in range(4, 4 + KILLS):
        tried.place.commit({"src/more.py": f"MORE = {m}\n"})
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                BUILD,
                tried.place.root,
                tried.url + GRAPH.format(m),
                tried.data_dir / "data",
            ],
            start_new_session=True,
        )
        wait_until(lambda: len(tried.search_indexes()) > len(before), within=60)
        tried.kill(process)
        assert tried.found() == expected
    tried.run("index", "--view", "HEAD", options=GRAPH.format(24))
    with tried.server.client() as client:
        number = max(map(int, client.hvals(indexes(tried.prefix))))
        assert client.hmget(Keys(tried.prefix, number).meta, "algorithm", "m") == [b"HNSW", b"24"]
    tried.run("gc", NAME)
    assert len(tried.search_indexes()) == len(before)
    assert tried.found() == expected
    tried.is_whole()
