"""So many ask one host at the same time, however long each of them may."""

import time

import pytest

from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.connect import connect
from wherein_server.farm.hosts import HostBusy, turn
from wherein_server.farm.keys import Keys

HOST = "git.example.org"

LONG = {"most": 2, "holds": 1800.0, "patience": 0.0}

SHORT = LONG | {"holds": 60.0}


@pytest.fixture
def asked(redis_url):
    address = parse(redis_url)
    return connect(address), Keys(address.tenant), HOST


def test_a_short_turn_is_not_taken_beside_as_many_long_ones_as_there_may_be(asked):
    with turn(*asked, **LONG):
        with turn(*asked, **LONG), pytest.raises(HostBusy), turn(*asked, **SHORT):
            pass
        with turn(*asked, **SHORT):
            pass


def test_long_turns_are_remembered_although_a_short_one_came_after_them(asked):
    client, keys, _ = asked
    with turn(*asked, **LONG), turn(*asked, **SHORT):
        assert client.ttl(keys.host(HOST)) > SHORT["holds"] + 1


def test_a_turn_ends_though_its_holder_was_killed(asked):
    client, keys, _ = asked
    client.zadd(keys.host(HOST), {"killed": time.time() - 1, "killed too": time.time() - 1})
    with turn(*asked, **SHORT):
        assert client.zcard(keys.host(HOST)) == 1
