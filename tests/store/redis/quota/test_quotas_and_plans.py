"""How much a tenant and its repositories may take, and how much they will need."""

import pytest

import wherein
from installed_command import run_command, variables
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.errors import QuotaReached, StoreForbids
from wherein.opening import add_repository
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.quota.guard import change, spread
from wherein.store.redis.quota.limits import EACH, TENANT
from wherein.store.redis.quota.plan import BYTES_A_CHUNK, held, needed
from wherein.store.redis.repositories.catalogue import entries
from wherein.store.redis.roles.acl import line, rules

WEB = "example.org/acme/web"


@pytest.fixture
def opened(repo, tmp_path):
    held_open = []

    def make(url, name=WEB):
        settings = Settings(store=url, data_dir=tmp_path / "data", index=IndexSettings(name=name))
        held_open.append(wherein.open_index(repo.root, settings=settings))
        return held_open[-1]

    yield make
    for index in held_open:
        index.close()


def limit(url, which, most):
    change(url, which, most)
    spread(url)


def functions(first, count=30):
    return {
        f"part{i}.py": f"def part_{i}(value):\n    '''Do it.'''\n    return {i}\n"
        for i in range(first, first + count)
    }


@pytest.mark.parametrize("which", [WEB, EACH, TENANT])
def test_who_has_reached_a_limit_stores_nothing_more_and_goes_on_searching(repo, opened, redis_url, which):
    repo.commit(functions(0))
    index = opened(redis_url)
    index.update(processes=0)
    taken = index.status().bytes
    limit(redis_url, which, taken + 1_000)
    repo.write("next.py", "def one_more():\n    return 1\n")
    index.update(processes=0)  # up to the limit, and the batch that reaches it
    limit(redis_url, which, taken)
    repo.write("last.py", "def one_too_many():\n    return 1\n")
    with pytest.raises(QuotaReached, match="limit is") as caught:
        index.update(processes=0)
    assert "wherein gc" in caught.value.remedy
    assert index.search("one more", limit=1)[0].symbol == "one_more"
    (repo.root / "next.py").unlink()
    (repo.root / "last.py").unlink()
    index.update(processes=0)  # what stores nothing goes on
    assert "next.py" not in index.files()
    if which is EACH:
        limit(redis_url, WEB, taken + 1_000_000)  # its own counts, and of one that is added later
        limit(redis_url, EACH, 1)
        with pytest.raises(QuotaReached):
            opened(redis_url, "example.org/acme/later").update(processes=0)
    else:
        limit(redis_url, which, None)
    repo.write("last.py", "def one_too_many():\n    return 1\n")
    assert opened(redis_url).update(processes=0).files_embedded


def test_an_indexer_is_kept_to_the_tenants_limit_which_only_an_admin_changes(
    repo, opened, start_redis, tmp_path
):
    server = start_redis()
    repo.commit(functions(0))
    with server.client() as admin:
        for role in ("indexer", "admin"):
            given = [WEB] if role == "indexer" else []
            words = line(role, "hush", rules(role, tenant="default", repositories=given)).split()[1:]
            admin.execute_command("ACL", "SETUSER", *words)

    def login(role):
        return server.url.replace("unix://", f"unix://{role}:hush@")

    opened(server.url, "example.org/acme/other").update(processes=0)
    add_repository(WEB, Settings(store=server.url))
    limit(login("admin"), TENANT, 1_000_000)
    with pytest.raises(StoreForbids):
        change(login("indexer"), TENANT, 1 << 40)
    assert opened(login("indexer")).update(processes=0).files_embedded
    environment = variables(WHEREIN_DATA_DIR=str(tmp_path))
    # It tells as well what the others take, which an indexer of one repository may not ask.
    shown = run_command("redis", "quota", "150kB", "--store", login("admin"), environment=environment)
    assert "default (all together)" in shown.stdout, shown
    assert "of 150.0 kB" in shown.stdout
    words = ["1GB", "--repository", "example.org/acme/wed", "--store", login("admin")]
    mistyped = run_command("redis", "quota", *words, environment=environment)
    assert "example.org/acme/wed is not in the store yet" in mistyped.stderr
    repo.write("more.py", "def one_more():\n    return 1\n")
    with pytest.raises(QuotaReached, match="The repositories of default take"):
        opened(login("indexer")).update(processes=0)


def test_a_search_index_that_was_emptied_takes_next_to_nothing(repo, opened, redis_server, redis_url):
    repo.commit({"parts.py": "\n\n".join(functions(0, 600).values())})
    assert opened(redis_url).update(processes=0).chunks > 500
    (before,) = entries(redis_url)
    with redis_server.client() as client:  # as who may not drop the search index clears a repository
        prefix = repository_prefix(redis_url.partition("tenant=")[2], before.repository)
        client.delete(*client.scan_iter(match=f"{prefix}c*", count=1000))
        client.hset(f"{prefix}1:meta", "bytes", 0)
    (entry,) = entries(redis_url)
    assert 0 <= entry.bytes < before.bytes


def test_a_plan_is_told_from_what_the_server_holds_else_from_figures(
    repo, opened, redis_url, wherein_words, monkeypatch
):
    monkeypatch.setattr("wherein.store.redis.quota.plan.TELLING", 20)
    empty = needed(held(redis_url), repositories=10, lines=15_000)
    assert (empty.chunks, empty.bytes_a_chunk) == (1_000, BYTES_A_CHUNK)
    assert empty.memory > 1.3 * empty.bytes > 10 * 1_000 * BYTES_A_CHUNK
    repo.commit(functions(0))
    index = opened(redis_url)
    index.update(processes=0)
    there = held(redis_url)
    assert (there.repositories, there.chunks) == (1, index.status().chunks)
    assert there.bytes == pytest.approx(index.status().bytes, rel=0.01)
    same = needed(there, repositories=None, lines=None)
    assert same.bytes == pytest.approx(there.bytes, rel=0.6)
    more = needed(there, repositories=400, lines=None)
    assert more.bytes == pytest.approx(400 * same.bytes, rel=0.01)
    told = wherein_words("redis", "plan", "--repositories", "400", "--store", redis_url)
    assert "400 repositories of 30 chunks each" in told
    assert "holds now    1 repository, 30 chunks" in told


@pytest.fixture
def wherein_words(tmp_path):
    def run(*words):
        done = run_command(*words, environment=variables(WHEREIN_DATA_DIR=str(tmp_path)))
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
