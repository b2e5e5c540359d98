"""Tokens, proxies and other sites: who is let in, and what each may see."""

import json
import os
import stat

import pytest

from installed_command import run_command
from wherein.errors import WhereinError
from wherein_server.serve.access import Access
from wherein_server.serve.caller import caller, networks
from wherein_server.serve.run import is_loopback
from wherein_server.serve.sites import Sites

SHOP, GATE, VAULT = ("github.com/acme/shop", "git.example.com/acme/gate", "github.com/secret/vault")


@pytest.fixture(scope="module")
def guarded(library, start):
    """Asks for a login; a proxy at 127.0.0.9 names users."""
    return start(library, "--proxy", "127.0.0.9", "--user-header", "X-User")


def command(server, *arguments):
    done = run_command("serve", *arguments, environment=server.environment)
    assert "Traceback" not in done.stderr
    return done


def token(server, *options, name="ada"):
    done = command(server, "token", "new", name, *options)
    assert done.returncode == 0, done.stderr
    return {"Authorization": f"Bearer {done.stdout.strip()}"}


def names(answer):
    return {each["repository"] for each in answer["repositories"]}


def test_without_a_login_nothing_is_told(guarded):
    for path in ("search?q=total", "repositories", "me", "file?repo=x&path=y", "openapi.json"):
        status, headers, answer = guarded.ask(f"/api/v1/{path}")
        assert status == 401
        assert headers["www-authenticate"].startswith("Bearer")
        assert VAULT not in json.dumps(answer)
    assert guarded.ask("/metrics")[0] == 401
    assert guarded.ask("/mcp", method="POST", body={})[0] == 401
    assert guarded.ask("/healthz")[0] == guarded.ask("/")[0] == 200


def test_a_token_shows_its_repositories_and_no_others_until_it_is_revoked(guarded):
    mine = token(guarded, "--repository", "github.com/acme/*", "--repository", "git.*", name="acme")
    status, _, answer = guarded.ask("/api/v1/repositories", headers=mine)
    assert (status, names(answer)) == (200, {SHOP, GATE})
    found = guarded.ask("/api/v1/search", headers=mine, q="open the vault with the total of its codes")[2]
    assert found["searched"] == 2
    assert VAULT not in json.dumps(found)
    hidden = guarded.ask("/api/v1/file", headers=mine, repo=VAULT, path="vault.py")
    missing = guarded.ask("/api/v1/file", headers=mine, repo="github.com/secret/vaulx", path="vault.py")
    assert hidden[0] == missing[0] == 404
    assert hidden[2]["error"]["message"] == missing[2]["error"]["message"].replace("vaulx", "vault")
    assert guarded.ask("/api/v1/search", headers=mine, q="vault", repo=VAULT)[0] == 404
    assert guarded.ask("/metrics", headers=mine)[0] == 403
    assert command(guarded, "token", "revoke", "acme").returncode == 0
    assert guarded.ask("/api/v1/repositories", headers=mine)[0] == 401
    assert command(guarded, "token", "revoke", "acme").returncode == 1


def test_a_token_for_metrics_sees_metrics_alone(guarded):
    mine = token(guarded, "--metrics", name="prometheus")
    assert guarded.ask("/metrics", headers=mine)[0] == 200
    assert names(guarded.ask("/api/v1/repositories", headers=mine)[2]) == set()


def test_only_hashes_are_kept_in_a_file_of_the_owner_alone(guarded, library):
    secret = token(guarded, "--repository", "*", name="kept")["Authorization"].rpartition("_")[2]
    file = library / "serve-access.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in file.read_text()
    listed = command(guarded, "token", "list").stdout
    assert "kept" in listed
    assert secret not in listed
    assert command(guarded, "token", "new", "useless").returncode == 2


def test_lists_of_no_token_and_no_user_say_what_to_do(tmp_path):
    here = os.environ | {"WHEREIN_DATA_DIR": str(tmp_path)}
    for kind, makes in (("token", "wherein serve token new"), ("user", "wherein serve user grant")):
        done = run_command("serve", kind, "list", environment=here)
        assert (done.returncode, done.stdout) == (1, "")
        assert makes in done.stderr


def test_the_page_remembers_a_token_where_no_script_can_read_it(guarded):
    mine = token(guarded, "--repository", "*", name="page")["Authorization"].removeprefix("Bearer ")
    status, headers, answer = guarded.ask("/api/v1/login", method="POST", body={"token": mine})
    assert (status, answer["name"], answer["session"]) == (200, "page", True)
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    kept = {"Cookie": cookie.partition(";")[0]}
    assert names(guarded.ask("/api/v1/repositories", headers=kept)[2]) == {SHOP, GATE, VAULT}
    crossing = {**kept, "Origin": "http://evil.example"}
    assert guarded.ask("/api/v1/logout", method="POST", headers=crossing)[0] == 403
    status, headers, _ = guarded.ask("/api/v1/logout", method="POST", headers=kept)
    assert status == 200
    assert "Max-Age=0" in headers["set-cookie"]
    assert guarded.ask("/api/v1/login", method="POST", body={"token": "wherein_0_none"})[0] == 401


def test_a_user_is_who_a_trusted_proxy_says_and_nobody_elses_word_counts(guarded):
    said = {"X-User": "grace", "X-Forwarded-For": "203.0.113.7"}
    assert guarded.ask("/api/v1/me", headers=said)[0] == 401
    assert guarded.ask("/api/v1/me", headers=said, source="127.0.0.9")[0] == 403
    assert command(guarded, "user", "grant", "grace", "--repository", "*/gate").returncode == 0
    status, _, answer = guarded.ask("/api/v1/repositories", headers=said, source="127.0.0.9")
    assert (status, names(answer)) == (200, {GATE})
    assert guarded.ask("/api/v1/me", headers=said)[0] == 401
    assert guarded.ask("/api/v1/me", source="127.0.0.9")[0] == 401
    assert command(guarded, "user", "withdraw", "grace").returncode == 0
    assert guarded.ask("/api/v1/me", headers=said, source="127.0.0.9")[0] == 403


def test_who_guesses_tokens_has_to_wait(library, start):
    server = start(library, "--login")
    wrong = {"Authorization": "Bearer wherein_00000000_guessed"}
    answers = [server.ask("/api/v1/me", headers=wrong) for _ in range(12)]
    assert {status for status, *_ in answers} == {401, 429}
    assert int(answers[-1][1]["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:9"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"X-Forwarded-For": "203.0.113.7"}, 403),
        ({"Via": "1.1 proxy"}, 403),
    ],
)
def test_an_open_server_answers_its_own_page_alone(served, headers, status):
    assert served.ask("/api/v1/me", headers=headers)[0] == status


def test_a_link_from_another_site_opens_the_page_which_holds_nothing(served):
    status, _, page = served.ask("/?q=total", headers={"Sec-Fetch-Site": "cross-site"})
    assert status == 200
    assert SHOP not in page


def test_off_loopback_a_name_must_be_ours_and_the_last_untrusted_address_counts():
    sites = Sites(["code.example.com"], loopback=False)
    assert sites.knows(b"code.example.com:8443")
    assert sites.knows(b"192.0.2.1")
    assert not sites.knows(b"evil.example")
    assert not Sites([], loopback=True).knows(b"192.0.2.1")
    proxies = networks(["10.0.0.0/8"])
    headers = {b"x-forwarded-for": b"6.6.6.6, 203.0.113.7, 10.0.0.2", b"x-forwarded-proto": b"https"}
    who = caller({"client": ("10.1.1.1", 1), "scheme": "http"}, headers, proxies)
    assert (who.address, who.trusted, who.secure, who.loopback) == ("203.0.113.7", True, True, False)
    forged = caller({"client": ("203.0.113.9", 1), "scheme": "http"}, headers, proxies)
    assert (forged.address, forged.trusted, forged.secure) == ("203.0.113.9", False, False)
    with pytest.raises(WhereinError, match="not an address"):
        networks(["10.0.0.0/64x"])


@pytest.mark.parametrize(
    ("host", "open_to_all"),
    [
        *((each, True) for each in ("127.0.0.1", "127.0.0.5", "::1", "localhost")),
        *((each, False) for each in ("0.0.0.0", "::", "192.0.2.1", "code.example.com")),
    ],
)
def test_only_at_this_machine_nobody_has_to_log_in(host, open_to_all):
    assert is_loopback(host) is open_to_all


def test_a_damaged_file_lets_nobody_in(tmp_path):
    access = Access(tmp_path / "data")
    _, text = access.new_token("ada", ["*"])
    assert access.of_token(text).name == "ada"
    access.path.write_text("{")
    with pytest.raises(WhereinError, match="nobody is let in"):
        access.of_token(text)
