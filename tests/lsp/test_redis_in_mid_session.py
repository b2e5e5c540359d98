"""A session on a Redis store that dies, freezes and comes back."""

import time

import pytest

from raw_client import Failed
from redis_servers import RedisServer

QUERY = {"query": "charge a credit card"}


@pytest.fixture
def server():
    with RedisServer() as running:
        yield running


@pytest.fixture
def session(start, shop, server):
    client = start()
    client.initialize(shop.root, initializationOptions={"store": server.url})
    client.indexed()
    return client


def symbols(client, **query):
    return [each["symbol"] for each in client.command("wherein.search", query or QUERY)["results"]]


def problem(client):
    return client.command("wherein.status")["indexes"][0]["problem"]


def test_a_redis_that_goes_away_is_told_and_used_again_when_it_is_back(session, server, shop):
    found = symbols(session)
    assert found[0] == "charge_card"
    assert session.command("wherein.search", QUERY)["index"]["store"] == server.url
    server.stop()
    with pytest.raises(Failed) as failed:
        symbols(session)
    assert failed.value.code == -32002
    assert "\n" not in failed.value.message
    tax = shop.write("shop/tax.py", "def value_added_tax(amount):\n    return amount * 0.19\n")
    session.notify("textDocument/didSave", {"textDocument": {"uri": tax.as_uri()}})
    session.until(lambda: session.named("window/showMessage"))
    assert problem(session)["code"] == -32002
    server.start()
    session.until(lambda: problem(session) is None, timeout=40)
    assert symbols(session)[0] == "charge_card"
    session.until(lambda: "value_added_tax" in symbols(session, query="value added tax"))


def test_a_redis_that_answers_nothing_holds_up_nobody_else(session, server):
    server.freeze()
    try:
        asked = session.begin("wherein/search", QUERY)
        began = time.monotonic()
        answer = session.attempt("x/ping")
        assert answer["error"]["code"] == -32601
        assert time.monotonic() - began < 1
        session.cancel(asked)
        with pytest.raises(Failed) as failed:
            session.wait(asked, 5)
        assert failed.value.code == -32800
        session.begin("wherein/search", QUERY)
        began = time.monotonic()
        assert session.shut_down() == 0
        assert time.monotonic() - began < 2
    finally:
        server.thaw()
