"""Clones, branches and what is on somebody's disk share what is stored, and see only their own."""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import wherein
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.opening import open_stored
from wherein.store.open import collect_index
from wherein.store.redis.search_index import search_index


@pytest.fixture
def open_shared(redis_url, data_dir):
    """open_shared(place, view=…): an index in one store for all."""
    opened = []

    def make(place, *, view=None, **index):
        settings = Settings(data_dir=data_dir, store=redis_url, index=IndexSettings(name="acme/web", **index))
        opened.append(wherein.open_index(place.root, view=view, settings=settings))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def project(repo):
    body = "    return value\n"
    files = {f"src/part{i}.py": f"def part_{i}(value):\n    '''Do part {i}.'''\n{body}" for i in range(30)}
    repo.commit(files | {"main.py": "def run():\n    '''Start the engine.'''\n    return 1\n"})
    return repo


@pytest.fixture
def stored_chunks(redis_server):
    """How many chunks lie on the server, of whatever store."""

    def count():
        with redis_server.client() as client:
            return sum(1 for _ in client.scan_iter(match="*:c[0-9]:*", count=1000))

    return count


def test_a_clone_of_an_indexed_commit_writes_only_a_view(project, clone, open_shared, stored_chunks):
    open_shared(project, view="main").update()
    before = stored_chunks()
    mine = open_shared(clone(project, "mine"))
    report = mine.update()
    assert (report.files_added, report.files_embedded, report.chunks) == (31, 0, 0)
    assert stored_chunks() == before
    assert mine.search("start the engine")[0].symbol == "run"


def test_a_bare_clone_feeds_the_branch_that_everybody_searches(project, clone, open_shared):
    bare = clone(project, "server.git", "--bare")
    assert open_shared(bare, view="main").update().files_embedded == 31
    assert open_shared(project).update().files_embedded == 0


def test_what_differs_on_a_disk_is_seen_there_only(project, clone, open_shared):
    open_shared(project, view="main").update()
    mine, yours = clone(project, "mine"), clone(project, "yours")
    mine.write("src/part1.py", "def secret_plan():\n    '''Take over the moon.'''\n    return 2\n")
    mine.write("new.py", "def hidden_lever():\n    '''Pull the hidden lever.'''\n    return 3\n")
    first, second, branch = open_shared(mine), open_shared(yours), open_shared(project, view="main")
    assert first.update().files_embedded == 2
    second.update()
    for query in ("secret_plan", "take over the moon", "hidden_lever", "part_1"):
        for other in (second, branch):
            for mode in ("hybrid", "semantic", "lexical", "symbol"):
                found = {hit.symbol for hit in other.search(query, mode=mode)}
                assert not found & {"secret_plan", "hidden_lever"}, (query, mode)
            assert other.search("part_1")[0].symbol == "part_1"
    assert first.search("take over the moon")[0].symbol == "secret_plan"
    assert first.search("part_2")[0].symbol == "part_2", "the union of what is shared and what is mine"
    assert "part_1" not in {hit.symbol for hit in first.search("part_1")}


def test_what_nothing_shows_any_more_is_collected(project, clone, open_shared, stored_chunks):
    open_shared(project, view="main").update()
    before = stored_chunks()
    mine = clone(project, "mine")
    mine.write("new.py", "def hidden_lever():\n    return 3\n")
    index = open_shared(mine)
    index.update()
    assert stored_chunks() > before
    (mine.root / "new.py").unlink()
    index.update()
    index.collect()
    assert stored_chunks() == before


def test_readers_are_served_while_much_is_collected(project, clone, open_shared):
    open_shared(project, view="main").update()
    other = clone(project, "other")
    for i in range(300):
        other.write(f"extra/{i}.py", f"def extra_{i}():\n    return {i}\n")
    index = open_shared(other)
    index.update()
    shutil.rmtree(other.root / "extra")
    index.update()
    branch = open_shared(project, view="main")
    branch.search("part_1")
    with ThreadPoolExecutor() as pool:
        collecting = pool.submit(index.collect)
        searches = 0
        while not collecting.done() or not searches:
            assert branch.search("part_1")[0].symbol == "part_1"
            searches += 1
        assert collecting.result().file_versions == 300


def test_all_repositories_are_searched_without_what_differs_on_others_disks(
    project, clone, open_shared, redis_url, data_dir, monkeypatch
):
    mine = clone(project, "mine")
    mine.write("new.py", "def hidden_lever():\n    return 3\n")
    open_shared(project, view="main").update()
    open_shared(mine).update()
    settings = Settings(data_dir=data_dir, store=redis_url)
    assert [index.view[:8] for index in open_stored(settings)] == ["worktree"], "one's own, used last"
    monkeypatch.setattr("wherein.store.redis.repositories.survey.owner", lambda: "somebody else")
    (index,) = open_stored(settings)
    with index:
        assert index.view == "ref:main"
        assert "hidden_lever" not in {hit.symbol for hit in index.search("hidden_lever")}


def test_a_branch_can_be_searched_as_it_was_and_rolled_back(project, open_shared):
    first = project.git("rev-parse", "HEAD").strip()
    open_shared(project, view="main").update()
    project.commit({"main.py": "def walk():\n    '''Go slowly.'''\n    return 1\n"})
    second = project.git("rev-parse", "HEAD").strip()
    branch = open_shared(project, view="main")
    assert branch.update().files_embedded == 1
    assert [hit.symbol for hit in branch.symbols("run")] == []
    past = open_shared(project, view="main@{1}")
    assert [hit.symbol for hit in past.symbols("run")] == ["run"]
    assert (past.status().commit, past.status().behind) == (first, None)
    past.restore()
    assert [hit.symbol for hit in open_shared(project, view="main@{0}").symbols("run")] == ["run"]
    assert branch.status(check=False).commit == first != second
    assert branch.update().files_embedded == 0
    assert [hit.symbol for hit in branch.symbols("walk")] == ["walk"]


def test_only_the_last_commits_are_kept(project, open_shared):
    for i in range(4):
        project.commit({"main.py": f"def step_{i}():\n    return 1\n"})
        open_shared(project, view="main", history=2).update()
    names = [record.name for record in open_shared(project).views()]
    assert len(names) == 3
    with pytest.raises(wherein.IndexMissing, match="main@"):
        open_shared(project, view="main@{3}")


def test_nobodys_short_history_drops_the_past_that_ci_keeps(project, open_shared):
    def move_on(step, history):
        project.commit({"main.py": f"def step_{step}():\n    return 1\n"})
        open_shared(project, view="main", history=history).update()

    for step in range(4):
        move_on(step, 3)
    for step in range(4, 6):
        move_on(step, 1)
    assert open_shared(project, view="main@{2}").search("step_2", limit=1)[0].symbol == "step_2"
    assert open_shared(project, view="main@{4}").search("step_0", limit=1)[0].symbol == "step_0"
    for step in range(6, 9):
        move_on(step, 3)
    assert len(open_shared(project).views()) == 4


def test_another_users_view_is_not_listed(project, clone, open_shared, redis_url, monkeypatch):
    open_shared(project, view="main").update()
    open_shared(clone(project, "mine")).update()
    assert len(open_shared(project).views()) == 2
    monkeypatch.setattr("wherein.store.redis.store.owner", lambda: "somebody else")
    assert [record.name for record in open_shared(project).views()] == ["ref:main"]


DAYS = 86_400


@pytest.fixture
def aged(redis_server, redis_url):
    """aged(days): every view was brought up to date so many days ago, by the server's clock."""

    def age(days):
        with redis_server.client() as client:
            (views,) = client.scan_iter(match=f"*{redis_url.partition('tenant=')[2]}/*:views", count=1000)
            for name, raw in client.hgetall(views).items():
                record = json.loads(raw)
                client.hset(views, name, json.dumps(record | {"updated": time.time() - days * DAYS}))

    return age


def test_a_view_of_ones_own_that_nobody_used_is_dropped(project, clone, open_shared, aged):
    open_shared(project, view="main").update()
    open_shared(clone(project, "mine")).update()
    aged(100)
    index = open_shared(project, view="main")
    index.collect()
    assert [record.name for record in index.views()] == ["ref:main"]


@pytest.mark.parametrize("clock", [0, 400 * DAYS])
def test_neither_a_wrong_clock_nor_ones_own_setting_drops_what_others_have(
    project, clone, open_shared, aged, monkeypatch, clock
):
    open_shared(project, view="main").update()
    monkeypatch.setattr("wherein.store.redis.store.owner_of", lambda view: "somebody else")
    open_shared(clone(project, "theirs")).update()
    monkeypatch.undo()
    aged(50)
    now = time.time
    monkeypatch.setattr("time.time", lambda: now() + clock)
    mine = open_shared(clone(project, "mine"), keep_views=1)
    mine.update()
    mine.collect()
    assert len(mine.all_views()) == 3


def test_what_nobody_uses_goes_by_an_administrators_word(project, clone, open_shared, aged, redis_url):
    open_shared(project, view="main").update()
    (clone_of := clone(project, "mine")).write("new.py", "def hidden_lever():\n    return 3\n")
    open_shared(clone_of).update()
    aged(50)
    assert collect_index(redis_url, "acme/web", unused_days=60).file_versions == 0
    assert len(open_shared(project).all_views()) == 2
    open_shared(project, view="main").update()
    assert collect_index(redis_url, "acme/web", unused_days=40).file_versions == 1
    assert [record.name for record in open_shared(project).all_views()] == ["ref:main"]


def test_the_same_in_the_embedded_store(project, open_index):
    first = open_index(project, view="main")
    first.update()
    project.commit({"main.py": "def walk():\n    return 1\n"})
    open_index(project, view="main").update()
    past = open_index(project, view="main@{1}")
    assert [hit.symbol for hit in past.symbols("run")] == ["run"]
    past.restore()
    assert [hit.symbol for hit in open_index(project, view="main@{0}").symbols("run")] == ["run"]


def test_garbage_is_collected_however_many_views_share_what_is_none(
    project, open_shared, redis_url, stored_chunks, monkeypatch
):
    monkeypatch.setattr("wherein.indexing.update.GARBAGE_FLOOR", 20)
    monkeypatch.setattr("wherein.indexing.update.LOOKED_AFTER", 0.001)
    index = open_shared(project)
    index.update()
    live = stored_chunks()
    with index._opened("write") as store:
        for i in range(20):
            store.copy_view(index.view, f"worktree:copy-{i}")
    before = stored_chunks()
    for edit in range(12):
        for i in range(10):
            project.write(f"src/part{i}.py", f"def part_{i}_{edit}(value):\n    return {edit}\n")
        index.update()
    assert stored_chunks() - before < 3 * live


def test_an_index_whose_first_writer_ended_before_it_was_listed_is_listed_by_the_next(
    project, open_shared, redis_url, data_dir, monkeypatch
):
    provide = search_index.provide

    def end(*arguments):
        provide(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr("wherein.store.redis.search_index.search_index.provide", end)
        with pytest.raises(KeyboardInterrupt):
            open_shared(project, view="main").update()
    open_shared(project, view="main").update()
    assert [index.repository for index in open_stored(Settings(data_dir=data_dir, store=redis_url))]


def test_views_of_one_commit_share_what_they_show_of_a_few_files_too(
    repo, clone, open_shared, redis_server, redis_url
):
    repo.commit({f"src/part{number:03}.py": f"def part_{number}():\n    pass\n" for number in range(100)})
    open_shared(repo, view="main").update()
    mine = clone(repo, "mine")
    open_shared(mine).update()
    mine.write("src/part003.py", "def part_three():\n    pass\n")
    index = open_shared(mine)
    index.update()
    assert index.search("part_three")[0].path == "src/part003.py"
    tenant = redis_url.partition("tenant=")[2]
    with redis_server.client() as client:

        def of(kind):
            found = client.scan_iter(match=f"wherein:?{tenant}/*:{kind}:*", count=10_000)
            return [key for key in found if client.type(key) != b"stream"]

        assert len(of("tree")) == 1
        (difference,) = of("diff")
        assert client.hlen(difference) == 1
