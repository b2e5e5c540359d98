"""What lists call a repository without a URL is what other commands take, and nothing is done for a name of nothing."""

import json

import pytest

from installed_command import run_command, variables
from wherein.store.redis.connection.address import parse
from wherein.store.redis.prefixes import repository_id, repository_prefix
from wherein.store.redis.quota.limits import of_tenant


@pytest.fixture
def run(redis_url, tmp_path):
    def words(*given, folder=tmp_path, store=redis_url):
        environment = variables(WHEREIN_STORE=store, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        return run_command(*given, folder=folder, environment=environment)

    return words


@pytest.fixture
def tenant(redis_url):
    return parse(redis_url).tenant


@pytest.fixture
def short(run, make_repo):
    """The name under which a repository that has no URL is shown."""
    web = make_repo("web")
    web.commit({"a.py": "def one():\n    return 1\n"})
    assert run("index", folder=web.root).returncode == 0
    shown = run("repo", "list").stdout.partition("\t")[0]
    assert shown == "web"
    return shown


@pytest.fixture
def whole(run, short):
    (entry,) = json.loads(run("repo", "list", "--json").stdout)["repositories"]
    assert entry["repository"].startswith("web@")
    return entry["repository"]


def test_a_repository_is_cleaned_by_the_name_that_lists_show(run, short):
    done = run("gc", short)
    assert done.returncode == 0, done.stderr


def test_a_limit_is_set_on_the_repository_that_lists_show(run, short, whole, redis_url):
    done = run("redis", "quota", "1GB", "--repository", short)
    assert "is not in the store" not in done.stderr
    assert of_tenant(parse(redis_url)) == {repository_id(whole): 10**9}


@pytest.mark.parametrize("written", ["shown", "whole"])
def test_a_line_is_for_the_repository_that_lists_show(run, short, whole, tenant, written):
    done = run("redis", "acl", "--role", "searcher", "--repository", short if written == "shown" else whole)
    assert repository_prefix(tenant, whole) in done.stdout
    assert "is not known" not in done.stderr


@pytest.mark.parametrize("where", ["no store", "another tenant"])
def test_a_line_for_a_name_that_cannot_be_looked_up_says_what_it_is_for(run, short, where):
    given = {"no store": {"store": "redis://127.0.0.1:1"}, "another tenant": {}}[where]
    words = [] if given else ["--tenant", "another"]
    done = run("redis", "acl", "--role", "searcher", "--repository", short, *words, **given)
    assert done.returncode == 0
    assert (
        "web is not known to the store: the line is for a repository that has just this name" in done.stderr
    )
    assert (
        "not known" not in run("redis", "acl", "--role", "searcher", "--repository", "a.org/b", *words).stderr
    )


def test_a_name_that_several_repositories_have_is_none(run, short, whole, make_repo):
    other = make_repo("other/web")
    other.commit({"b.py": "def two():\n    return 2\n"})
    assert run("index", folder=other.root).returncode == 0
    for words in (
        ("gc",),
        ("redis", "quota", "1GB", "--repository"),
        ("redis", "acl", "--role", "searcher", "--repository"),
    ):
        done = run(*words, short)
        assert done.returncode == 2, words
        assert "web may be any of" in done.stderr
        assert whole in done.stderr
        assert not done.stdout


def test_whoever_adds_a_repository_sees_whether_the_store_knew_it_and_may_undo_it(run, redis_url):
    new = run("repo", "add", "example.org/acme/wbe")
    assert new.stdout.startswith("example.org/acme/wbe is new in the store.")
    assert not new.stderr
    again = run("repo", "add", "--json", "example.org/acme/wbe", "example.org/acme/web")
    assert json.loads(again.stdout)["new"] == ["example.org/acme/web"]
    assert run("repo", "add", "example.org/acme/web").stdout.startswith(
        "example.org/acme/web was in the store already."
    )
    assert run("repo", "remove", "example.org/acme/wbe").returncode == 0
    assert run("repo", "remove", "example.org/acme/wbe").returncode == 3
    assert run("repo", "add", "example.org/acme/wbe").stdout.startswith("example.org/acme/wbe is new")


def test_a_removed_repository_that_was_only_added_leaves_nothing(run, redis_server, tenant):
    name = "example.org/acme/never-indexed"
    run("repo", "add", name)
    prefix = repository_prefix(tenant, name)

    def left():
        with redis_server.client() as look:
            indexes = [each for each in look.execute_command("FT._LIST") if prefix.encode() in each]
            return indexes, list(look.scan_iter(match=f"{prefix}*"))

    assert all(left())
    assert run("repo", "remove", name).returncode == 0
    assert left() == ([], [])


def test_a_short_name_that_the_store_does_not_know_is_added_with_a_note(run):
    done = run("repo", "add", "web")
    assert done.returncode == 0
    assert (
        "web is not known to the store: what is added is for a repository that has just this name"
        in done.stderr
    )


def test_a_short_name_that_the_store_knows_is_added_as_what_it_stands_for(run, short, whole):
    done = run("repo", "add", short)
    assert done.stdout.startswith(f"{whole} was in the store already.")
    assert not done.stderr
