"""Webhooks that the server itself takes: signed by a secret, without a login, for the farm of its store."""

import hashlib
import hmac
import json
import time

import pytest

from installed_command import run_command
from redis_servers import RedisServer, wait_until
from wherein.config.settings import Settings
from wherein_server.farm.farm import open_farm
from wherein_server.farm.farmfile import FarmFile
from wherein_server.serve.access import Access

SECRET = "a secret of the forge"
NAME = "github.com/acme/shop"
LONG = 300_000
"""Bytes of a push of many commits: more than the API takes."""


def push(commit, address=f"https://{NAME}.git", padding=0):
    said = {
        "ref": "refs/heads/main",
        "after": commit,
        "repository": {"clone_url": address, "default_branch": "main"},
    }
    return json.dumps(said | {"commits": ["x" * padding]}).encode()


def signed(body, secret=SECRET):
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "github": {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={mac}"},
        "gitea": {"X-Gitea-Event": "push", "X-Gitea-Signature": mac},
        "gitlab": {"X-Gitlab-Event": "Push Hook", "X-Gitlab-Token": secret},
    }


@pytest.fixture(scope="module")
def place(start, tmp_path_factory):
    """A server that asks everybody for a login; its broker, and its farm's book."""
    folder = tmp_path_factory.mktemp("webhooks")
    (folder / "secret").write_text(f"an old one\n{SECRET}\n")
    with RedisServer() as store:
        farm = open_farm(Settings(data_dir=folder / "data", store=store.url), FarmFile())
        farm.ledger.add(NAME, f"https://{NAME}", branch="main")
        server = start(
            *(folder, "--login", "--webhook-secret-file", "secret"),
            WHEREIN_STORE=store.url,
            WHEREIN_DATA_DIR=str(folder / "data"),
        )
        yield server, store, farm
        server.stop()
        farm.ledger.client.close()


def post(server, forge, body, headers, **more):
    status, _, answer = server.ask(f"/webhooks/{forge}", "POST", body, headers=headers, **more)
    return status, answer.get("answer") or answer["error"]["message"]


@pytest.mark.parametrize("forge", ["github", "gitea", "gitlab"])
def test_a_signed_push_needs_no_login_and_is_handed_out_once(place, forge):
    server, _, farm = place
    commit = hashlib.sha1(forge.encode(), usedforsecurity=False).hexdigest()
    body = push(commit, padding=LONG)
    assert post(server, forge, body, signed(body)[forge]) == (202, "queued")
    assert post(server, forge, body, signed(body)[forge]) == (200, "known")
    assert farm.ledger.named(NAME).wanted == commit
    queued = farm.ledger.client.lrange(farm.engine.queues[0].key, 0, -1)
    assert [name.decode().endswith(commit) for name in queued].count(True) == 1
    assert server.ask("/api/v1/me")[0] == 401


def test_what_is_not_signed_unknown_too_long_or_of_a_page_is_refused(place):
    server, _, _ = place
    body = push("c" * 40)
    for headers in (
        {},
        signed(body, "another")["github"],
        signed(body + b" ")["gitea"],
        {"X-Gitlab-Token": ""},
    ):
        assert post(server, "github", body, headers | {"X-GitHub-Event": "push"})[0] == 401, headers
    stranger = push("c" * 40, "https://github.com/other/thing")
    assert post(server, "github", stranger, signed(stranger)["github"]) == (404, "unknown")
    crossing = signed(body)["gitlab"] | {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert post(server, "gitlab", body, crossing)[0] == 403
    assert server.ask("/webhooks/github")[0] == 405
    assert server.ask("/webhooks/other", "POST", body, headers=signed(body)["github"])[0] == 404
    with server.raw() as connection:  # refused by its head, before anything of it came
        connection.sendall(
            b"POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Length: 25000001\r\n\r\n"
        )
        assert b" 413 " in connection.recv(4096)


def test_its_metrics_are_the_farms_as_well(place):
    server, _, farm = place
    _, token = Access(farm.settings.data_dir).new_token("prometheus", [], metrics=True)
    status, _, text = server.ask("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert status == 200
    assert "wherein_http_requests_total" in text
    assert 'wherein_farm_webhooks_total{answer="queued"}' in text


def test_while_the_broker_is_away_the_forge_is_asked_to_send_again(place):
    server, store, _ = place
    body = push("e" * 40)
    store.stop()
    try:
        assert post(server, "gitea", body, signed(body)["gitea"]) == (503, "refused")
    finally:
        store.start()

    def again():
        time.sleep(0.2)
        return post(server, "gitea", body, signed(body)["gitea"])[0] in (200, 202)

    wait_until(again, within=30)


def test_without_a_secret_there_is_no_such_address(served):
    body = push("f" * 40)
    assert served.ask("/webhooks/github", "POST", body, headers=signed(body, "")["github"])[0] == 404


@pytest.mark.parametrize(
    ("written", "said"),
    [(None, "cannot be read"), ("\n \n", "holds no secret"), (SECRET, "no Redis is configured")],
)
def test_what_cannot_take_webhooks_does_not_start(library, tmp_path, written, said):
    if written is not None:
        (tmp_path / "secret").write_text(written)
    environment = {"WHEREIN_DATA_DIR": str(library), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    words = ("serve", "--port", "0", "--webhook-secret-file", "secret")
    done = run_command(*words, folder=tmp_path, environment=environment)
    assert done.returncode == 2
    assert said in done.stderr
