"""`wherein doctor` comes to an end soon, whatever the network does, and tells what it heard until then."""

import json
import os
import subprocess
import sys
import time

import pytest

from redis_servers.bad_networks import blackhole, delayed, dripping, half_open
from wherein import StoreUnreachable
from wherein.store.redis.connection.address import parse
from wherein.store.redis.health.examine import WITHIN, examine

SOON = WITHIN + 0.7
"""Seconds; doctor's own second of work goes on meanwhile."""


@pytest.fixture
def timed_examine():
    def timed(url):
        began = time.monotonic()
        try:
            return examine(parse(url))
        finally:
            assert time.monotonic() - began < SOON

    return timed


@pytest.fixture
def told(timed_examine):
    """told(url): the last that doctor says of it."""

    def last(url):
        try:
            return timed_examine(url)[-1].says
        except StoreUnreachable as error:
            return error.message

    return last


@pytest.mark.parametrize("network", [blackhole, half_open, dripping])
def test_a_network_that_swallows_or_never_ends(network, told):
    with network() as port:
        for url in (f"redis://127.0.0.1:{port}", f"redis+cluster://127.0.0.1:{port},localhost:{port}"):
            says = told(f"{url}?timeout=30")
            assert "does not answer all" in says or "in time" in says


def test_a_server_that_stops_in_between(start_redis, timed_examine):
    server = start_redis()
    server.freeze()
    with pytest.raises(StoreUnreachable, match="in time"):
        timed_examine(server.tcp_url)
    server.thaw()


def test_a_slow_network_is_told_as_such_and_a_very_slow_one_given_up(start_redis, timed_examine):
    server = start_redis()
    with delayed(server.port, 0.1) as port:
        found = {each.name: each for each in timed_examine(f"redis://127.0.0.1:{port}")}
        assert "wait for the network" in found["redis speed"].says
        assert found["redis server"].level == "ok"
    with delayed(server.port, 0.7) as port:
        *heard, last = timed_examine(f"redis://127.0.0.1:{port}")
        assert "does not answer all" in last.says
        assert any("Redis 7" in each.says for each in heard)


NEVER = (
    "import socket, sys, time\n"
    "socket.getaddrinfo = lambda *given, **more: time.sleep(600)\n"
    "from wherein_server.cli.main import run\n"
    "run(sys.argv[1:])\n"
)
"""wherein, where the system never says whose address a name is."""


SLOWLY = (
    "import sys, time\n"
    "class Late:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        time.sleep(5 if name == 'redis.client' else 0)\n"
    "sys.meta_path.insert(0, Late())\n"
    "from wherein_server.cli.main import run\n"
    "run(sys.argv[1:])\n"
)
"""wherein, where a busy machine takes long to load what asks a server."""


def test_a_busy_machine_is_no_network_that_fails(repo, redis_url, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SLOWLY, "doctor", "--json"],
        cwd=repo.root,
        env=os.environ | {"WHEREIN_DATA_DIR": str(tmp_path / "data"), "WHEREIN_STORE": redis_url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = {each["name"]: each["level"] for each in json.loads(done.stdout)["checks"]}
    assert found["redis server"] == "ok", done.stdout


def test_the_whole_of_doctor_ends_in_time_and_says_what_did_not_answer(repo, tmp_path):
    def examined(**environment):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", NEVER, "doctor", "--json"],
            cwd=repo.root,
            env=os.environ | {"WHEREIN_DATA_DIR": str(tmp_path / "data")} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        levels = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
        return levels, time.monotonic() - began, done.returncode

    _, alone, code = examined(WHEREIN_LLM_BASE_URL="http://127.0.0.1:9")
    assert code == 0
    with half_open() as silent:
        found, took, code = examined(
            WHEREIN_STORE="redis://nowhere.invalid:6379", WHEREIN_LLM_BASE_URL="http://nowhere.invalid/v1"
        )
        assert "no answer" in found["language model"]["says"]
        server = found.get("redis server", found["index"])  # a busy machine has no time to ask
        assert "does not answer" in server["says"] or "no answer" in server["says"]
        assert found["grammars"]["level"] == "ok"
        assert took < 2 * alone + 3
        found, took, _ = examined(WHEREIN_LLM_BASE_URL=f"http://127.0.0.1:{silent}/v1")
        assert found["language model"]["level"] == "warn"
        assert took < 2 * alone + 3
