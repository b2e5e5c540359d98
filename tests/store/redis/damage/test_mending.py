"""What a server lost of an index is restored by `wherein index`, for everybody who uses it."""

import random
import re

import pytest

import wherein
from redis_servers.wholeness import left_over, lost
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.errors import IndexDamaged, IndexIncompatible, IndexMissing
from wherein.store.open import list_indexes
from wherein.store.redis.keys import begun
from wherein.store.redis.prefixes import catalogue, repository_prefix
from wherein.store.redis.writing import base_tree

NAME = "acme/web"
LOST = {
    "some chunks": r":\w+:\d+$",
    "the versions": r"\d+:versions$",
    "the frequencies": r"\d+:df$",
    "the names": r"\d+:names$",
    "a tree": r"\d+:tree:",
    "the list of trees": r"\d+:trees$",
    "a difference": r"\d+:diff:",
    "the views": r"\d+:views$",
    "what was begun": r"begun$",
    "what counts": r"indexes$",
    "the facts": r"\d+:meta$",
}

FILES = 60
FEW = 20
"""Paths in which a view differs from its tree, here: so that few files make a tree."""


@pytest.fixture(autouse=True)
def trees_of_few_files(monkeypatch):
    monkeypatch.setattr(base_tree, "MOST_DIFFERENCE", FEW)
    monkeypatch.setattr(base_tree, "FIRST_DIFFERENCE", FEW)


@pytest.fixture
def opened(redis_url, tmp_path):
    held = []

    def make(place):
        settings = Settings(data_dir=tmp_path / "data", store=redis_url, index=IndexSettings(name=NAME))
        held.append(wherein.open_index(place.root, settings=settings))
        return held[-1]

    yield make
    for index in held:
        index.close()


@pytest.mark.parametrize("what", LOST)
def test_what_a_server_lost_is_restored_in_place(repo, clone, opened, redis_server, redis_url, what):
    tenant = redis_url.partition("tenant=")[2]
    prefix = repository_prefix(tenant, NAME)
    repo.commit(
        {
            f"part{i}.py": f"def part_{i}(value):\n    '''Do part {i}.'''\n    return {i}\n"
            for i in range(FILES)
        }
    )
    theirs = clone(repo, "theirs")
    theirs.write("secret.py", "def hidden_lever():\n    '''Pull it.'''\n    return 1\n")
    opened(repo).update(processes=0)
    opened(theirs).update(processes=0)
    with redis_server.client() as client:
        keys = [
            key
            for key in client.scan_iter(match=f"{prefix}*", count=1000)
            if re.search(LOST[what].encode(), key)
        ]
        assert keys
        client.delete(*(random.Random(1).sample(keys, FEW) if len(keys) > FEW else keys))
        client.hdel(catalogue(tenant), *client.hkeys(catalogue(tenant)))
        mine = opened(repo)
        with pytest.raises((IndexDamaged, IndexIncompatible, IndexMissing)) as caught:  # whichever it is
            mine.status()
        assert caught.value.remedy.startswith("wherein index")
        assert "--force" not in caught.value.remedy
        report = mine.update(processes=0, mend=True)
        assert report.files_embedded < FILES // 2
        assert report.restored or what in ("what counts", "the views")  # which the update makes anyway
        assert mine.search("part_7")[0].symbol == "part_7"
        other = opened(theirs)
        other.update(processes=0, mend=True)
        assert other.search("hidden_lever")[0].symbol == "hidden_lever"
        assert other.search("part_9")[0].symbol == "part_9"
        assert other.status().behind == mine.status().behind == 0
        other.collect()
        assert (lost(client, prefix), left_over(client, prefix)) == ([], [])
        if what not in ("what counts", "what was begun", "the views"):
            assert client.hvals(catalogue(tenant)) == [NAME.encode()]
        again = mine.update(processes=0, mend=True)
        assert (again.files_embedded, again.restored) == (0, False)


def test_a_list_of_repositories_that_lost_one_gets_it_again(repo, opened, redis_server, redis_url):
    repo.commit({"a.py": "def a():\n    return 1\n"})
    opened(repo).update(processes=0)
    listed = catalogue(redis_url.partition("tenant=")[2])
    with redis_server.client() as client:
        for damage in (lambda: None, lambda: client.lpush(listed, "something else")):
            client.delete(listed)
            damage()
            assert not opened(repo).update(processes=0, mend=True).restored
            assert client.hvals(listed) == [NAME.encode()]


def test_a_search_that_finds_no_facts_of_what_counts_does_not_begin_anew(
    repo, opened, redis_server, redis_url, tmp_path
):
    prefix = repository_prefix(redis_url.partition("tenant=")[2], NAME)
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(5)})
    opened(repo).update(processes=0)
    with redis_server.client() as client:
        client.delete(*client.scan_iter(match=f"{prefix}*:meta", count=1000))
        with pytest.raises(IndexDamaged, match="lost what the index") as caught:
            opened(repo).update(processes=0)  # as a search brings the view up to date
        assert caught.value.remedy.startswith("wherein index")
        assert client.scard(begun(prefix)) == 1
        (entry,) = list_indexes(tmp_path, url=redis_url)
        assert "lost what the index" in entry.problem


def test_an_index_of_which_next_to_nothing_is_left_is_made_anew(repo, opened, redis_server, redis_url):
    prefix = repository_prefix(redis_url.partition("tenant=")[2], NAME)
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(5)})
    opened(repo).update(processes=0)
    with redis_server.client() as client:
        lists = re.compile(rb"\d+:(meta|versions|views|df|names)$")
        client.delete(*filter(lists.search, client.scan_iter(match=f"{prefix}*", count=1000)))
        index = opened(repo)
        assert index.update(processes=0, mend=True).files_embedded == 5
        assert index.search("part_3")
        index.collect()
        assert (lost(client, prefix), left_over(client, prefix)) == ([], [])


def test_a_view_whose_record_alone_was_lost_shows_nothing_of_before(repo, opened, redis_server, redis_url):
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(FEW - 5)})
    opened(repo).update(processes=0)
    prefix = repository_prefix(redis_url.partition("tenant=")[2], NAME)
    with redis_server.client() as client:
        client.delete(*client.scan_iter(match=f"{prefix}*:views", count=1000))
    (repo.root / "part3.py").unlink()
    index = opened(repo)
    index.update(processes=0, mend=True)
    assert index.status().files == FEW - 6
    assert all(hit.path != "part3.py" for hit in index.search("part_3"))


def test_what_no_list_names_any_more_nor_a_view_is_deleted(repo, opened, redis_server, redis_url):
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(5)})
    opened(repo).update(processes=0)
    repo.write("part3.py", "def part_3(value):\n    return 99\n")
    opened(repo).update(processes=0)
    prefix = repository_prefix(redis_url.partition("tenant=")[2], NAME)
    with redis_server.client() as client:
        client.delete(*client.scan_iter(match=f"{prefix}*:versions", count=1000))
        index = opened(repo)
        index.update(processes=0, mend=True)
        assert (lost(client, prefix), left_over(client, prefix)) == ([], [])
        assert index.search("part_3")[0].text.endswith("99")


def test_a_search_says_what_restores_an_index_that_lost_what_a_view_shows(
    repo, opened, redis_server, redis_url, tmp_path
):
    prefix = repository_prefix(redis_url.partition("tenant=")[2], NAME)
    repo.commit({f"part{i}.py": f"def part_{i}(value):\n    return {i}\n" for i in range(FILES)})
    opened(repo).update(processes=0)
    kept = tmp_path / "data" / "trees"
    elsewhere = kept.rename(kept.with_name("kept"))
    with redis_server.client() as client:
        (tree,) = client.scan_iter(match=f"{prefix}*:tree:*", count=1000)
        was = client.getdel(tree)
        with pytest.raises(IndexIncompatible) as caught:
            opened(repo).search("part_7")
        assert caught.value.remedy.startswith("wherein index")
        assert "--force" not in caught.value.remedy
        elsewhere.rename(kept)  # who has read it before needs no other one, and can give it back
        assert opened(repo).search("part_7")
        report = opened(repo).update(mend=True, processes=0)
        assert report.files_embedded == 0
        assert client.get(tree) == was
