"""Commands whose connections are cut after any number of what they ask: nothing is lost, they say what happened in a
sentence, and what they left is collected."""

import os
import random
import time

import pytest

from installed_command import run_command, variables
from redis_servers import wait_until
from redis_servers.cutting_proxy import CuttingProxy
from redis_servers.wholeness import left_over, lost
from wherein.store.redis import keys
from wherein.store.redis.prefixes import repository_prefix

NAME = "example.org/acme/web"

EVERY = "WHEREIN_TEST_LONG" in os.environ
SOME = int(os.environ.get("WHEREIN_CUTS", "2"))
"""Places at which each command is cut; with WHEREIN_TEST_LONG every one."""

GRAPH = "&flat_up_to=10&m={}"


def module(number):
    return "".join(f"def task_{number}_{at}(queue):\n    return queue.take({at})\n\n\n" for at in range(4))


@pytest.fixture
def place(make_repo):
    made = make_repo("web")
    made.commit({f"src/m{number}.py": module(number) for number in range(12)})
    made.git("remote", "add", "origin", f"https://{NAME}")
    return made


class Tried:
    def __init__(self, server, proxy, place, data_dir):
        self.server, self.proxy, self.place, self.data_dir = server, proxy, place, data_dir
        self.tenant = f"cut{os.getpid()}x{time.monotonic_ns()}"
        self.prefix = repository_prefix(self.tenant, NAME)

    def run(self, *words, url=None, options=""):
        url = f"{url or self.server.url}?tenant={self.tenant}{options}"
        environment = variables(WHEREIN_STORE=url, WHEREIN_DATA_DIR=str(self.data_dir / "data"))
        return run_command(*words, folder=self.place.root, environment=environment)

    def done(self, *words, **more):
        result = self.run(*words, **more)
        assert result.returncode == 0, result
        return result.stdout

    def cut(self, after, *words, options="", then=lambda: None):
        """What the command said whose connections are cut; whether it was."""
        self.proxy.begin(after, then)
        result = self.run(*words, url=self.proxy.url, options=options)
        assert "Traceback" not in result.stderr, (after, result.stderr)
        assert result.returncode == 0 or len(result.stderr.strip().splitlines()) <= 6, (after, result.stderr)
        return self.proxy.commands >= after

    def found(self):
        listed = self.done("symbol", "task_7_3", "--view", "HEAD", "--no-update")
        assert "src/m7.py" in listed
        return listed

    def let_time_pass(self):
        """As if nobody had a right that was left, and the days were over of what was replaced."""
        with self.server.client() as client:
            for key in client.scan_iter(match=f"{self.prefix}*".replace("{", "\\{"), count=10_000):
                if key.startswith((self.prefix.encode() + b"writing", self.prefix.encode() + b"updating:")):
                    client.delete(key)
            if kept := client.hkeys(keys.replaced(self.prefix)):
                client.hset(keys.replaced(self.prefix), mapping=dict.fromkeys(kept, "1 nobody"))

    def is_whole(self):
        with self.server.client() as client:
            assert lost(client, self.prefix) == []

    def is_clean(self):
        with self.server.client() as client:
            assert lost(client, self.prefix) == []
            assert left_over(client, self.prefix) == []
            counting = client.hvals(keys.indexes(self.prefix))
            assert len(client.smembers(keys.begun(self.prefix))) == len(set(counting))


@pytest.fixture
def tried(server, place, tmp_path):
    with CuttingProxy(server.socket).running() as proxy:
        one = Tried(server, proxy, place, tmp_path)
        one.done("index", "--view", "HEAD")
        yield one


WORDS = {
    "index": ("index", "--view", "HEAD"),
    "force": ("index", "--view", "HEAD", "--force", "--yes"),
    "graph": ("index", "--view", "HEAD"),
    "gc": ("gc", NAME),
    "refresh": ("repo", "refresh", "."),
    "remove view": ("gc", NAME, "--unused", "0"),
}


@pytest.mark.parametrize("what", WORDS)
def test_a_command_may_be_cut_at_any_place(tried, what, request):
    words = WORDS[what]
    chance = random.Random(request.node.name)
    graph = 4

    def prepare():
        nonlocal graph
        graph += 1
        if what != "force":
            tried.place.commit({f"src/more{graph % 3}.py": f"MORE = {graph}\n" + module(100 + graph % 3)})
        if what == "gc":
            tried.done("index", "--view", "HEAD")
            tried.place.commit({f"src/more{graph % 3}.py": "LESS = 1\n"})
            tried.done("index", "--view", "HEAD")

    def options():
        return GRAPH.format(graph) if what == "graph" else ""

    prepare()
    tried.proxy.begin()
    result = tried.run(*words, url=tried.proxy.url, options=options())
    assert result.returncode == 0, result
    total = tried.proxy.commands
    assert total > 5
    places = range(1, total + 1) if EVERY else sorted(chance.sample(range(1, total + 1), SOME))
    for after in places:
        prepare()
        tried.cut(after, *words, options=options())
        tried.is_whole()
        if what != "remove view":
            tried.found()
        tried.let_time_pass()
        tried.done("index", "--view", "HEAD", options=options())
        tried.done("gc", NAME)
        tried.is_clean()


@pytest.mark.parametrize("what", ["index", "force", "graph", "gc"])
def test_a_command_whose_connections_break_once_goes_on_or_says_so(tried, what, request):
    words = WORDS[what]
    chance = random.Random(request.node.name)
    tried.proxy.begin()
    tried.done(*words, url=tried.proxy.url)
    total = tried.proxy.commands
    for number, after in enumerate(
        range(1, total + 1) if EVERY else sorted(chance.sample(range(1, total), SOME))
    ):
        tried.place.commit({"src/more.py": f"MORE = {number}\n"})
        options = GRAPH.format(4 + number) if what == "graph" else ""
        tried.cut(after, *words, options=options, then=lambda: tried.server.socket)
        tried.is_whole()
        tried.found()
        tried.let_time_pass()
        tried.done("index", "--view", "HEAD", options=options)
        tried.done("gc", NAME)
        tried.is_clean()


@pytest.mark.parametrize("what", ["index", "force", "gc"])
def test_a_command_goes_on_with_a_replica_that_is_promoted(server, tried, what, request, start_redis):
    """One that lags behind by what came last: it was told no more for some commands."""
    words = WORDS[what]
    chance = random.Random(request.node.name)
    tried.proxy.begin()
    tried.done(*words, url=tried.proxy.url)
    total = tried.proxy.commands
    for after in sorted(chance.sample(range(1, total), SOME // 2)):
        replica = start_redis(replicaof=f"127.0.0.1 {tried.server.port}")
        with replica.client() as client:
            wait_until(lambda: client.info("replication")["master_link_status"] == "up", within=20)
        tried.place.commit({"src/more.py": f"MORE = {after}\n"})

        def promote(replica=replica):
            with replica.client() as client:
                client.replicaof("NO", "ONE")
            return replica.socket

        tried.cut(after, *words, then=promote)
        before, tried.server = tried.server, replica
        try:
            tried.is_whole()
            tried.found()
            tried.let_time_pass()
            tried.done("index", "--view", "HEAD")
            tried.done("gc", NAME)
            tried.is_clean()
        finally:
            tried.server = before
