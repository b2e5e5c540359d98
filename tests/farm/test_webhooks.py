"""Pushes that forges tell of: signed ones are indexed at once, all others are refused, and none is taken twice."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from farms import make_farm
from redis_servers import RedisServer, wait_until
from wherein_server.farm.webhook.answer import MOST_BYTES, Answer
from wherein_server.farm.webhook.application import Counter
from wherein_server.farm.webhook.signatures import LATE, is_signed

SECRET = "it is a secret"

NAME = "git.example.org/acme/web"

KEY = base64.b64encode(b"0123456789abcdef").decode()


def mac(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def payload(commit, *, ref="refs/heads/main", address="https://git.example.org/acme/web.git", **more):
    return json.dumps({"ref": ref, "after": commit, "repository": {"clone_url": address}} | more).encode()


SIGNED = {
    "GitHub": lambda body: {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={mac(body)}"},
    "Gitea": lambda body: {"X-Gitea-Event": "push", "X-Gitea-Signature": mac(body)},
    "GitLab": lambda body: {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": SECRET},
}


@pytest.fixture(scope="module")
def farm(tmp_path_factory):
    with RedisServer() as broker:
        place = make_farm(tmp_path_factory.mktemp("farm"), broker)
        remote = place.remote("web")
        remote.commit({"a.py": "def alpha(): pass\n"})
        place.file.write_text(
            f'protocols = ["file"]\nrepositories = [{{ url = "{remote.url}", name = "{NAME}", branch = "main" }}]\n'
        )
        assert place("poll").code == 0
        (place.folder / "secret").write_text(f"an old one\n{SECRET}\n{KEY}\n")
        place.start("webhook", "--port", "0", "--secret-file", "secret", "--metrics")
        wait_until(lambda: "webhooks at" in place.log(), within=30, what=place.log)
        place.address = place.log().split("webhooks at ")[1].split(",")[0]
        place.web = remote
        yield place
        place.end()


@pytest.fixture
def post(farm):
    def posted(body, headers, path=""):
        request = urllib.request.Request(farm.address + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())["answer"]
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["answer"]

    return posted


@pytest.mark.parametrize("forge", SIGNED)
def test_a_signed_push_is_handed_out_once(farm, post, forge):
    commit = hashlib.sha1(forge.encode(), usedforsecurity=False).hexdigest()
    body = payload(commit)
    assert post(body, SIGNED[forge](body)) == (202, "queued")
    assert post(body, SIGNED[forge](body) | {"X-GitHub-Delivery": "another"}) == (200, "known")
    with farm.broker.client() as client:
        queued = client.lrange("wherein-farm:{default}:queue:push", 0, -1)
    assert [name.decode().endswith(commit) for name in queued].count(True) == 1


def test_what_was_pushed_is_indexed_as_it_is_at_the_remote(farm, post):
    commit = farm.web.commit({"b.py": "def beta(): pass\n"})
    body = payload(commit)
    assert post(body, SIGNED["GitHub"](body))[0] == 202
    assert farm("work", "--burst").code == 0
    assert farm.entry_named(NAME)["commit"] == commit
    lie = payload("b" * 40)  # by who knows the secret: what the remote says counts
    assert post(lie, SIGNED["GitHub"](lie))[0] == 202
    assert farm("work", "--burst").code == 0
    assert farm.entry_named(NAME)["commit"] == commit
    assert farm.entry_named(NAME)["state"] == "done"


def test_what_is_not_signed_as_it_should_be_is_refused(post):
    body = payload("c" * 40)
    wrong = [
        {},
        {"X-Hub-Signature-256": f"sha256={mac(body, 'another')}"},
        {"X-Hub-Signature-256": mac(body)},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()},
        {"X-Gitlab-Token": SECRET + "x"},
        {"X-Gitlab-Token": ""},
        {"X-Gitea-Signature": mac(body + b" ")},
        {"X-Gitlab-Token": SECRET, "X-Hub-Signature-256": "sha256=0"},
        {"X-Gitea-Signature": "\u00e9"},
    ]
    for headers in wrong:
        assert post(body, headers | {"X-GitHub-Event": "push"}) == (401, "refused"), headers


def test_a_signature_with_a_time_holds_for_minutes():
    now, body = time.time(), payload("d" * 40)
    stamp = str(int(now))
    key = base64.b64decode(KEY)
    signed = hmac.new(key, f"id.{stamp}.".encode() + body, hashlib.sha256).digest()
    headers = {"webhook-id": "id", "webhook-timestamp": stamp}
    headers |= {"webhook-signature": f"v1,xx v1,{base64.b64encode(signed).decode()}"}
    assert is_signed(headers, body, [f"whsec_{KEY}"], now)
    assert not is_signed(headers, body, [f"whsec_{KEY}"], now + LATE + 2)
    assert not is_signed(headers | {"webhook-id": "other"}, body, [f"whsec_{KEY}"], now)
    assert not is_signed(headers | {"webhook-timestamp": "soon"}, body, [f"whsec_{KEY}"], now)


def test_what_is_of_no_interest_does_nothing(farm, post):
    before = farm.status()["queued"]
    for body, answer in (
        (payload("e" * 40, address="https://git.example.org/other/thing"), (404, "unknown")),
        (payload("e" * 40, address="file:///etc"), (200, "ignored")),
        (payload("e" * 40, ref="refs/heads/topic"), (200, "ignored")),
        (payload("e" * 40, ref="refs/tags/v1"), (200, "ignored")),
        (payload("0" * 40), (200, "ignored")),
        (payload("--upload-pack=x"), (200, "ignored")),
        (b"[" * 100_000, (200, "ignored")),
        (b"\xff", (200, "ignored")),
        (b"[]", (200, "ignored")),
    ):
        assert post(body, SIGNED["Gitea"](body)) == answer, body[:60]
    body = payload("f" * 40)
    assert post(body, SIGNED["GitHub"](body) | {"X-GitHub-Event": "ping"}) == (200, "ignored")
    assert farm.status()["queued"] == before


def test_a_body_without_end_is_not_read(post):
    with suppress(urllib.error.URLError):  # it may hang up before all was sent
        assert post(b"x" * 25_000_001, {})[0] == 413


def test_bodies_that_are_being_read_take_a_bounded_share_of_memory():
    counter = Counter(lambda headers, body: Answer(200, "ignored"))
    piece = bytes(MOST_BYTES)

    async def taken():
        ends = asyncio.Event()

        def sender(first):
            async def receive():
                nonlocal first
                if first is None:
                    await ends.wait()
                    return {"type": "http.request", "body": b""}
                sent, first = first, None
                return {"type": "http.request", "body": sent, "more_body": True}

            return receive

        held = [asyncio.create_task(counter.hand_in({}, sender(piece))) for _ in range(4)]
        await asyncio.sleep(0)
        assert (await counter.hand_in({}, sender(b"x"))).status == 503
        ends.set()
        assert {answer.status for answer in await asyncio.gather(*held)} == {200}
        assert (await counter.hand_in({}, sender(b"x"))).status == 200

    asyncio.run(taken())


def test_a_body_that_does_not_come_leaves_its_room_to_others(monkeypatch):
    monkeypatch.setattr("wherein_server.farm.webhook.application.BODY_SECONDS", 0.05)
    counter = Counter(lambda headers, body: Answer(200, "ignored"))

    async def taken():
        begun = [{"type": "http.request", "body": bytes(MOST_BYTES), "more_body": True}]

        async def receive():
            return begun.pop() if begun else await asyncio.Event().wait()

        assert (await asyncio.wait_for(counter.hand_in({}, receive), 30)).status == 408
        assert counter._held == 0

    asyncio.run(taken())


def test_counts_are_told(farm):
    with urllib.request.urlopen(farm.address + "metrics", timeout=20) as answer:
        assert 'wherein_farm_webhooks_total{answer="refused"}' in answer.read().decode()


def test_without_a_secret_it_does_not_start(farm):
    answer = farm("webhook", "--port", "0")
    assert answer.code == 2
    assert "secret" in answer.err


def test_while_the_broker_is_away_the_forge_is_asked_to_send_again(farm, post):
    body = payload("a" * 40)
    farm.broker.stop()
    try:
        assert post(body, SIGNED["GitHub"](body)) == (503, "refused")
    finally:
        farm.broker.start()
    wait_until(lambda: post(body, SIGNED["GitHub"](body))[0] in (200, 202), within=20)
