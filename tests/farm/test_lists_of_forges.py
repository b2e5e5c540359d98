"""Organisations' lists, from forges that page, limit, fail and lie."""

import http.server
import json
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from wherein_server.farm.farmfile import Organisation
from wherein_server.farm.forges import listed
from wherein_server.farm.forges.listed import ListingFailed, repositories_of


class Forge(http.server.ThreadingHTTPServer):
    """Answers with what a test puts into `answers`, by path and query: (status, headers, document)."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


def sleeps_by(monkeypatch, sleep):
    """What the lists sleep by: theirs alone, since other threads of the tests sleep too."""
    monkeypatch.setattr(listed, "time", SimpleNamespace(sleep=sleep, time=time.time))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path.partition("?")[0], [(404, {}, {})])
        status, headers, document = answer.pop(0) if len(answer) > 1 else answer[0]
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def forge(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as server:
        yield server


@contextmanager
def serving():
    with Forge() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def repository(number, **more):
    url = f"https://git.example.org/acme/r{number}.git"
    return {
        "id": number,
        "name": f"r{number}",
        "clone_url": url,
        "ssh_url": f"git@git.example.org:acme/r{number}.git",
    } | more


PATHS = {
    "github": "/orgs/acme/repos",
    "gitea": "/api/v1/orgs/acme/repos",
    "gitlab": "/api/v4/groups/acme/projects",
}


def of(forge, kind="github", **more):
    return Organisation(kind, "acme", forge.url, **more)


@pytest.mark.parametrize("kind", PATHS)
def test_all_pages_are_read_with_the_token(forge, kind, monkeypatch):
    monkeypatch.setenv("A_TOKEN", "hush")
    renamed = (
        {"http_url_to_repo": "https://git.example.org/acme/r1.git", "path": "r1"} if kind == "gitlab" else {}
    )
    last = [repository(3, http_url_to_repo="https://git.example.org/acme/r3.git")]
    forge.answers[PATHS[kind]] = [
        (200, {"Link": f'<{forge.url}{PATHS[kind]}?page=2>; rel="next"'}, [repository(1, **renamed)]),
        (200, {}, last),
    ]
    found = repositories_of(of(forge, kind, token_env="A_TOKEN"))
    assert [each.url for each in found] == [
        f"https://git.example.org/acme/r{number}.git" for number in (1, 3)
    ]
    sent = {name.lower(): value for name, value in forge.asked[-1][1].items()}
    assert "hush" in sent.get("private-token" if kind == "gitlab" else "authorization", "")


def test_archived_ones_forks_and_excluded_ones_are_left_out_unless_they_are_wanted(forge):
    forge.answers[PATHS["github"]] = [
        (200, {}, [repository(1), repository(2, archived=True), repository(3, fork=True), repository(4)])
    ]
    assert [each.id for each in repositories_of(of(forge, exclude=("*4",)))] == ["github:1"]
    assert len(repositories_of(of(forge, archived=True, forks=True))) == 4
    assert repositories_of(of(forge, ssh=True))[0].url == "git@git.example.org:acme/r1.git"


def test_an_organisation_that_is_a_user_is_listed_as_one(forge):
    forge.answers["/users/acme/repos"] = [(200, {}, [repository(1)])]
    assert len(repositories_of(of(forge))) == 1


def test_a_forge_that_limits_is_asked_again_when_it_says(forge, monkeypatch):
    waited = []
    sleeps_by(monkeypatch, waited.append)
    forge.answers[PATHS["github"]] = [
        (429, {"Retry-After": "7"}, {}),
        (403, {"X-RateLimit-Remaining": "0", "Retry-After": "3"}, {}),
        (200, {}, [repository(1)]),
    ]
    assert len(repositories_of(of(forge))) == 1
    assert waited == [7.0, 3.0]
    forge.answers[PATHS["github"]] = [(429, {"Retry-After": "86400"}, {})]
    with pytest.raises(ListingFailed, match="429"):
        repositories_of(of(forge))
    assert len(waited) == 2, "nobody waits a day"


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, {}),
        (401, {}, {}),
        (404, {}, {}),
        (200, {}, b"<html>"),
        (200, {}, {"message": "no"}),
        (200, {}, [{"id": 1}]),
        (200, {}, ["x"]),
        (200, {"Content-Length": "1000"}, [repository(1)]),
        (200, {"Link": '<http://127.0.0.1:1/x>; rel="next"'}, [repository(1)]),
        (302, {"Location": "http://127.0.0.1:1/x"}, {}),
    ],
)
def test_a_list_that_is_not_had_whole_is_none(forge, monkeypatch, answer):
    sleeps_by(monkeypatch, lambda _: None)
    forge.answers[PATHS["github"]] = [answer]
    with pytest.raises(ListingFailed):
        repositories_of(of(forge))


def test_a_farm_follows_the_list_and_keeps_the_last_one_where_the_forge_dies(farm):
    first, second = farm.remote("first"), farm.remote("second")
    for remote in (first, second):
        remote.commit({"a.py": "def alpha(): pass\n"})
    with serving() as forge:
        farm.configure(f'[[organisations]]\nforge = "gitea"\nname = "acme"\napi = "{forge.url}"\n')
        path = PATHS["gitea"]
        forge.answers[path] = [
            (200, {}, [repository(n, clone_url=r.url) for n, r in ((1, first), (2, second))])
        ]
        assert farm("poll", NO_PROXY="127.0.0.1").code == 0
        assert set(farm.states()) == {first.name, second.name}

        forge.answers[path] = [(503, {}, {})]
        assert "are kept" in farm("poll", NO_PROXY="127.0.0.1").err
        status = farm.status()
        assert {each["name"] for each in status["repositories"]} == {first.name, second.name}
        assert "503" in next(iter(status["lists"].values()))["problem"]
        assert "503" in farm("status").out

        forge.answers[path] = [(200, {}, [])]
        assert "no longer lists anything" in farm("poll", NO_PROXY="127.0.0.1").err
        assert set(farm.states()) == {first.name, second.name}

        renamed = farm.remote("renamed")
        renamed.commit({"a.py": "def alpha(): pass\n"})
        forge.answers[path] = [(200, {}, [repository(1, clone_url=renamed.url)])]
        said = farm("poll", NO_PROXY="127.0.0.1").err
        assert f"{first.name} is now called {renamed.name}" in said
        assert set(farm.states()) == {renamed.name}
        assert farm.entry(renamed)["renamed_from"] == first.name


def test_who_was_named_keeps_the_branch_that_was_named_though_a_forge_lists_it_too(farm):
    by_hand, in_file, listed_alone = (
        farm.remote("by_hand"),
        farm.remote("in_file"),
        farm.remote("listed_alone"),
    )
    remotes = (by_hand, in_file, listed_alone)
    for remote in remotes:
        remote.commit({"a.py": "def alpha(): pass\n"})
        remote.git("branch", "dev")
    with serving() as forge:
        organisation = f'[[organisations]]\nforge = "gitea"\nname = "acme"\napi = "{forge.url}"\n'
        farm.file.write_text(
            f'protocols = ["file"]\nrepositories = [{{ url = "{in_file.url}", branch = "dev" }}]\n{organisation}'
        )
        everything = [repository(n, clone_url=each.url) for n, each in enumerate(remotes)]
        forge.answers[PATHS["gitea"]] = [(200, {}, everything)]
        assert farm("add", by_hand.url, "--branch", "dev").code == 0
        assert farm("poll", "--all", NO_PROXY="127.0.0.1").code == 0
        assert [farm.entry(each)["branch"] for each in remotes] == ["dev", "dev", "main"]
        assert [farm.entry(each)["source"] for each in remotes][:2] == ["hand", "file"]

        forge.answers[PATHS["gitea"]] = [(200, {}, everything[1:])]
        assert farm("poll", NO_PROXY="127.0.0.1").code == 0
        assert by_hand.name in farm.states()
