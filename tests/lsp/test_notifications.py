"""Clients that ask for it are told when the index or the state of a repository changes."""

import socket
import subprocess
import time

import pytest

from raw_client import Failed
from redis_servers import RedisServer

INDEX, STATE = "wherein/indexChanged", "wherein/stateChanged"
ASKED = {"notify": [INDEX, STATE]}


def states(client):
    return client.named(STATE)


def last(client):
    return (states(client) or [{}])[-1]


def settled(client, timeout=30):
    client.until(lambda: last(client).get("state") == "idle" and client.named(INDEX), timeout)


@pytest.fixture
def nobody():
    """A port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return port


def test_the_first_update_ends_idle_with_an_index_that_is_whole(start, shop):
    client = start()
    client.initialize(shop.root, initializationOptions=ASKED)
    settled(client)
    client.until(lambda: client.named(INDEX)[-1]["index"]["behind"] == 0)
    told = client.named(INDEX)[-1]
    assert told["root"] == shop.root.as_uri()
    assert told["folders"] == [shop.root.as_uri()]
    assert told["index"]["complete"] is True
    searched = client.command("wherein.search", {"query": "charge a card"})["index"]
    assert {**told["index"], "behind": None} == {**searched, "behind": None}
    state = last(client)
    assert (state["root"], state["progress"], state["problem"]) == (shop.root.as_uri(), None, None)
    assert (state["store"], state["endpoint"]["state"]) == ("there", "unknown")


def test_a_saved_file_a_commit_and_a_branch_are_changes_of_the_index(start, shop):
    client = start()
    client.initialize(shop.root, initializationOptions=ASKED)
    settled(client)
    client.indexed()
    before = client.named(INDEX)[-1]["serial"]
    tax = shop.write("shop/tax.py", "def value_added_tax(amount):\n    return amount * 0.19\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": tax.as_uri()}})
    client.until(lambda: client.named(INDEX)[-1]["serial"] > before)
    shop.commit({})
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=shop.root, check=True, capture_output=True, text=True
    ).stdout.strip()
    client.until(lambda: client.named(INDEX)[-1]["index"]["commit"] == head)


def test_who_does_not_ask_is_told_nothing_and_unknown_names_do_no_harm(start, shop):
    client = start()
    client.initialize(shop.root, initializationOptions={"notify": [INDEX, "wherein/nonsense", 7]})
    client.until(lambda: client.named(INDEX))
    client.indexed()
    client.command("wherein.reindex")
    assert states(client) == []
    other = start()
    other.initialize(shop.root, initializationOptions={"notify": "everything"})
    other.indexed()
    assert other.named(INDEX) == other.named(STATE) == []


def test_while_much_is_indexed_it_is_told_a_few_times_a_second_and_progress_grows(start, make_repo):
    place = make_repo("many")
    for number in range(400):
        place.write(f"f{number}.py", f"def function_{number}(x):\n    return x + {number}\n")
    client = start()
    began = time.monotonic()
    client.initialize(place.root, initializationOptions=ASKED)
    settled(client, 120)
    seconds = time.monotonic() - began
    for name in (INDEX, STATE):
        assert len(client.named(name)) <= seconds / 0.3 + 2
    grown = [each["progress"]["files_done"] for each in states(client) if each["state"] == "indexing"]
    assert grown == sorted(grown)


def test_an_update_that_is_cancelled_stops_until_something_happens(start, make_repo):
    place = make_repo("many")
    for number in range(1500):
        place.write(f"f{number}.py", f"def function_{number}(x):\n    return x + {number}\n")
    client = start()
    client.initialize(place.root, initializationOptions=ASKED)
    create = client.until(lambda: client.named("window/workDoneProgress/create"))[0]
    client.until(lambda: client.progress(create["token"]))
    client.notify("window/workDoneProgress/cancel", {"token": create["token"]})
    client.until(lambda: any(each["state"] == "stopped" for each in states(client)))
    assert client.progress(create["token"])[-1]["kind"] == "end"
    client.command("wherein.reindex")
    client.until(lambda: last(client)["state"] == "idle")


def test_a_store_that_is_away_is_told_with_what_mends_it_and_when_it_is_back(start, shop):
    with RedisServer() as server:
        client = start()
        client.initialize(shop.root, initializationOptions={**ASKED, "store": server.url})
        settled(client)
        server.stop()
        with pytest.raises(Failed):
            client.command("wherein.search", {"query": "charge"})
        client.until(lambda: last(client)["store"] == "away")
        told = last(client)
        assert (told["state"], told["problem"]["code"]) == ("failed", -32002)
        assert told["problem"]["remedy"]
        assert "\n" not in told["problem"]["message"]
        server.start()
        client.until(lambda: last(client)["store"] == "there" and last(client)["state"] == "idle", 40)


def test_a_language_model_is_told_as_known_or_away_once_it_was_asked(start, shop, llama, nobody):
    client = start()
    options = {**ASKED, "llm": {"base_url": llama.base_url, "max_tokens": 64}}
    client.initialize(shop.root, initializationOptions=options)
    settled(client)
    client.command("wherein.ask", {"query": "how are cards charged?"})
    client.until(lambda: last(client)["endpoint"]["state"] == "known")
    assert last(client)["endpoint"]["model"] == "mistral-recital"
    other = start()
    options["llm"] = {"base_url": f"http://127.0.0.1:{nobody}/v1"}
    other.initialize(shop.root, initializationOptions=options)
    settled(other)
    with pytest.raises(Failed):
        other.command("wherein.ask", {"query": "how are cards charged?"})
    other.until(lambda: last(other)["endpoint"]["state"] == "away")
    problem = last(other)["endpoint"]["problem"]
    assert problem["code"] == -32003
    assert problem["remedy"]


def test_the_status_tells_the_same_and_the_server_s_version(start, shop):
    client = start()
    told = client.initialize(shop.root, initializationOptions=ASKED)["serverInfo"]
    settled(client)
    client.indexed()
    status = client.command("wherein.status")
    assert told == {"name": "wherein", "version": status["version"]}
    (one,) = status["indexes"]
    assert {name: one[name] for name in last(client)} == last(client)
