"""`--view`, and what a branch showed before, in either store."""

import pytest


@pytest.fixture(params=["embedded", "redis"])
def on(request, wherein):
    """The command on a store of each kind."""
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        wherein.environment = wherein.environment | {"WHEREIN_STORE": url}
    return wherein


def test_a_branch_is_searched_as_it_is_and_as_it_was(on, repo):
    first = repo.git("rev-parse", "HEAD").strip()
    assert on("index", "--view", "main").code == 0
    repo.write("src/courier/auth.py", "def bearer_token(secret):\n    return 'Bearer ' + secret\n")
    repo.commit()
    assert on("index", "--view", "main").code == 0
    assert on("symbol", "--view", "main", "basic_auth_header").code == 1
    for past in ("main@{1}", first, first[:10]):
        found = on("symbol", "--view", past, "basic_auth_header", "--json").json
        assert [each["symbol"] for each in found["results"]] == ["basic_auth_header"], past
        assert found["index"]["commit"] == first
    assert on("search", "--view", "main@{1}", "value of an authorization header").code == 0
    assert on("symbol", "--view", "main", "bearer_token").code == 0
    views = on("repo", "views", "--json").json["views"]
    assert [each["view"] for each in views] == ["ref:main", f"ref:main@{first}"]

    assert on("repo", "rollback", "main@{1}").code == 0
    assert on("symbol", "--view", "main@{0}", "basic_auth_header").code == 0
    assert on("status", "--view", "main@{0}", "--json").json["index"]["commit"] == first


def test_what_is_on_disk_and_a_branch_are_two_views(on, repo):
    assert on("index", "--view", "main").code == 0
    repo.write("src/courier/auth.py", "def bearer_token(secret):\n    return 'Bearer ' + secret\n")
    assert on("symbol", "bearer_token").code == 0
    assert on("symbol", "--view", "main", "bearer_token").code == 1
    assert on("symbol", "--view", "main", "basic_auth_header").code == 0


def test_searching_a_shared_branch_does_not_move_it_to_an_older_clone(wherein, repo, redis_url, tmp_path):
    shared = {"WHEREIN_STORE": redis_url}
    repo.write(".wherein.toml", '[index]\nname = "acme/courier"\n')
    repo.commit()
    repo.git("clone", "--quiet", str(repo.root), str(tmp_path / "older"))
    repo.write("src/courier/auth.py", "def bearer_token(secret):\n    return 'Bearer ' + secret\n")
    repo.commit()
    assert wherein("index", "--view", "main", environment=shared).code == 0
    head = repo.git("rev-parse", "HEAD").strip()
    for options in ((), ("--no-update",)):
        found = wherein(
            *("symbol", "--view", "main", *options, "bearer_token", "--json"),
            environment=shared,
            cwd=tmp_path / "older",
        ).json
        assert found["index"]["commit"] == head
        assert [each["symbol"] for each in found["results"]] == ["bearer_token"]


@pytest.mark.parametrize(
    ("view", "code"), [("main@{7}", 3), ("no-such-branch", 2), ("deadbeef", 2), ("--x", 2), ("a b", 2)]
)
def test_a_view_that_is_not_there_is_one_sentence(on, view, code):
    assert on("index", "--view", "main").code == 0
    answer = on("search", "--view", view, "redirects")
    assert answer.code == code
    assert len(answer.err.strip().splitlines()) <= 2


def test_only_the_past_can_be_rolled_back_to(on):
    assert on("index", "--view", "main").code == 0
    answer = on("repo", "rollback", "main")
    assert answer.code == 2
    assert "not an earlier state" in answer.err
    assert on("search", "--view", "main", "--all-repos", "x").code == 2
