"""Whatever happens to a request or an update: a progress that began comes to its end, once."""

from collections import Counter

REQUESTS = 120
"""1,000 by `benchmarks/large_workspace.py`."""


def save(client, path):
    client.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})


def kinds(client):
    """Token → how often each kind came."""
    told = {}
    for note in client.named("$/progress"):
        told.setdefault(note["token"], Counter())[note["value"].get("kind")] += 1
    return told


def asked(client, shop, number):
    """A request with a progress, which is cancelled, ended by its client, or left alone."""
    token = f"t{number}"
    method, params = ("wherein/reindex", {}) if number % 10 == 0 else ("wherein/search", {"query": "card"})
    identity = client.begin(method, params | {"workDoneToken": token})
    if number % 3 == 0:
        client.cancel(identity)
    if number % 7 == 0:
        client.notify("window/workDoneProgress/cancel", {"token": token})
    if number % 15 == 0:
        save(client, shop.write(f"shop/new_{number}.py", f"def new_{number}():\n    return {number}\n"))
    return identity


def test_every_progress_that_began_ends_once_also_where_it_is_cancelled(client, shop):
    for identity in [asked(client, shop, number) for number in range(REQUESTS)]:
        client.answers[identity].get(timeout=60)
    client.indexed()
    client.until(lambda: all(count["begin"] == count["end"] for count in kinds(client).values()))
    assert sum(count["begin"] for count in kinds(client).values()) > REQUESTS / 4
    assert all(count["end"] <= 1 for count in kinds(client).values())


def test_what_is_at_work_when_the_server_is_told_to_end_has_its_end_too(client, shop):
    for number in range(40):
        client.begin("wherein/search", {"query": f"charge {number}", "workDoneToken": f"t{number}"})
    client.until(lambda: kinds(client))
    client.shut_down()
    assert client.ended.wait(10)
    assert {(count["begin"], count["end"]) for count in kinds(client).values()} == {(1, 1)}, kinds(client)
