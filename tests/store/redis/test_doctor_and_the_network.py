"""`wherein doctor` comes to an end soon, whatever the network does, and tells what it heard until then."""

import time

import pytest

from redis_servers.bad_networks import blackhole, delayed, dripping, half_open
from wherein import StoreUnreachable
from wherein.store.redis.address import parse
from wherein.store.redis.health import WITHIN, examine

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
