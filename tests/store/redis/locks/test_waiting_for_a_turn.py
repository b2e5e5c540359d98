"""Who wants an answer does not wait for minutes until others have written, as while a graph is rebuilt."""

import time

import pytest

import wherein
from wherein.config.settings import Settings
from wherein.errors import StoreBusy
from wherein.store.redis import opening
from wherein.store.redis.connection.address import parse
from wherein.store.redis.keys import writing
from wherein.store.redis.locks import update_lease
from wherein.store.redis.prefixes import repository_prefix

ORIGIN = "https://example.org/acme/web"


@pytest.fixture
def repo(make_repo):
    made = make_repo("web")
    made.commit({"engine.py": "def start_engine():\n    return 1\n"})
    made.git("remote", "add", "origin", ORIGIN)
    return made


def test_an_update_whose_turn_does_not_come_is_busy_and_the_branch_is_searched(
    repo, clone, redis_server, redis_url, tmp_path, monkeypatch
):
    monkeypatch.setattr(update_lease, "SHORTEST_TURN", 0.2)
    settings = Settings(store=redis_url, data_dir=tmp_path / "data")
    with wherein.open_index(repo.root, view="main", settings=settings) as index:
        index.update(processes=0)
    fresh = clone(repo, "fresh")
    fresh.git("remote", "set-url", "origin", ORIGIN)
    fresh.write("mine.py", "def pull_lever():\n    return 3\n")
    prefix = repository_prefix(parse(redis_url).tenant, "example.org/acme/web")
    with redis_server.client() as client:
        client.set(writing(prefix), b"a right that is renewed all the time", px=60_000)
        with wherein.open_index(fresh.root, settings=settings) as index:
            began = time.monotonic()
            assert index.update(wait=0.1, processes=0).busy
            assert time.monotonic() - began < 10
            assert index.read_instead() == "ref:main"
            assert index.search("start engine")[0].path == "engine.py"
        with wherein.open_index(fresh.root, settings=settings) as index:
            monkeypatch.setattr(opening, "WAIT", 0.2)
            with pytest.raises(StoreBusy, match="Others write to the index all the time"):
                index.update(processes=0)
            client.delete(writing(prefix))
            assert index.update(processes=0).files_added
            assert index.search("pull lever")[0].path == "mine.py"
