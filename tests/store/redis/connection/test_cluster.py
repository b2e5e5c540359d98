"""A real Redis Cluster: three masters with a replica each, on loopback."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

import wherein
from installed_command import run_command, variables
from redis_servers import wait_until
from redis_servers.cluster import MASTERS, RedisCluster
from redis_servers.wholeness import left_over, lost
from wherein.config.sections import IndexSettings
from wherein.config.settings import Settings
from wherein.opening import open_stored
from wherein.store.open import list_indexes, remove_index
from wherein.store.redis.connection.address import parse
from wherein.store.redis.health.examine import examine
from wherein.store.redis.keys import Keys
from wherein.store.redis.prefixes import repository_prefix
from wherein.store.redis.roles.acl import line, rules

TOPICS = ("sail", "garden", "violin")
"""Each repository has code of one; their names hash to one shard each."""

CODE = '''\
def mend_{topic}():
    """Mend the {topic} before it breaks."""
    return "{topic}"
'''

TENANT = "fleet"


@pytest.fixture(scope="module")
def cluster():
    with RedisCluster() as running:
        yield running


@pytest.fixture
def settings(cluster, tmp_path):
    def made(name: str | None = None) -> Settings:
        return Settings(
            store=f"{cluster.url}?tenant={TENANT}", data_dir=tmp_path, index=IndexSettings(name=name)
        )

    return made


@pytest.fixture
def repositories(cluster, settings, make_repo):
    """Three indexed repositories, each on a shard of its own."""
    chosen = {}
    for topic in TOPICS:
        for i in range(1_000):
            name = f"{topic}-{i}"
            master = cluster.master_of(repository_prefix(TENANT, name)).port
            if master not in chosen.values():
                chosen[name] = master
                break
    assert len(set(chosen.values())) == MASTERS
    for name in chosen:
        topic = name.partition("-")[0]
        place = make_repo(name)
        place.commit({f"{topic}.py": CODE.format(topic=topic)})
        with wherein.open_index(place.root, settings=settings(name)) as index:
            index.update()
    return dict(zip(TOPICS, chosen, strict=True))


def test_repositories_spread_and_each_is_searched_where_it_lives(cluster, settings, repositories):
    assert (
        len({cluster.master_of(repository_prefix(TENANT, name)).port for name in repositories.values()})
        == MASTERS
    )
    for topic, name in repositories.items():
        with open_named(settings(name), name) as index:
            first = index.search(f"mend the {topic}")[0]
            assert (first.path, first.symbol) == (f"{topic}.py", f"mend_{topic}")
            assert index.status(check=False).complete
            assert index.symbols(f"mend_{topic}")[0].path == f"{topic}.py"


def test_all_are_listed_and_searched(settings, repositories):
    assert {each.repository for each in list_indexes(settings().data_dir, url=settings().store)} >= set(
        repositories.values()
    )
    asked = ["search", "--all-repos", "--json", "--store", settings().store, "mend before it breaks"]
    done = run_command(*asked, environment=variables())
    assert done.returncode == 0, done.stderr
    best = json.loads(done.stdout)["results"][: len(TOPICS)]
    assert {hit["repository"] for hit in best} == set(repositories.values())
    assert {hit["path"] for hit in best} == {f"{topic}.py" for topic in TOPICS}


def test_doctor_tells_which_node_has_not_the_same_users(cluster):
    key = repository_prefix(TENANT, "any")

    def granted(*nodes, role="searcher", password="hush"):
        words = line("ada", password, rules(role, tenant=TENANT)).split()[1:]
        for node in nodes:
            with node.client() as admin:
                admin.execute_command("ACL", "SETUSER", *words)

    def told(login=""):
        url = f"{cluster.url.replace('//', f'//{login}')}?tenant={TENANT}"
        return [each.says for each in examine(parse(url), key=key) if each.name == "redis nodes"]

    granted(*cluster.nodes)
    assert told() == told("ada:hush@") == ["6 with the same users"]
    odd = next(node for node in cluster.nodes[MASTERS:] if node is not cluster.master_of(key))
    granted(odd, role="indexer")
    assert told() == [f"127.0.0.1:{odd.port} has different rules for ada"]
    (says,) = told("ada:hush@")
    assert says.startswith(f"127.0.0.1:{odd.port} has different rules for this user (")
    assert "UNLINK" in says
    granted(odd, password="another")
    assert told("ada:hush@") == [
        f"127.0.0.1:{odd.port} does not know this user, or has another password for it"
    ]
    for node in cluster.nodes:
        with node.client() as admin:
            admin.acl_deluser("ada")


def test_every_node_is_prepared(cluster, tmp_path):
    with cluster.nodes[2].client() as master, cluster.nodes[4].client() as replica:
        for client in (master, replica):
            client.config_set("hash-max-listpack-value", 64)
        environment = variables(WHEREIN_STORE=cluster.url, WHEREIN_DATA_DIR=str(tmp_path))
        said = run_command("redis", "prepare", environment=environment)
        assert said.returncode == 0, said
        changed = [line for line in said.stdout.splitlines() if line.endswith("8192 (it was 64)")]
        assert {line.split(": ")[0] for line in changed} == {
            f"127.0.0.1:{cluster.nodes[number].port}" for number in (2, 4)
        }
        named = {line.split(": ")[0] for line in said.stdout.splitlines()}
        assert named == {f"127.0.0.1:{node.port}" for node in cluster.nodes}
        for client in (master, replica):
            (now,) = client.config_get("hash-max-listpack-value").values()
            assert int(now) == 8192


def test_while_a_repository_is_moved_to_another_node_that_is_told_and_nothing_is_lost(
    cluster, settings, repositories, tmp_path
):
    topic, name = list(repositories.items())[1]
    prefix = repository_prefix(TENANT, name)
    with open_named(settings(name), name) as opened:
        expected = [(hit.path, hit.start_line) for hit in opened.search(f"mend the {topic}")]

        def ask(index):
            try:
                return [(hit.path, hit.start_line) for hit in index.search(f"mend the {topic}")]
            except wherein.StoreUnreachable as error:
                return "moving" if "is moving what is stored here" in error.message else error

        with cluster.moving(prefix) as move:
            for share in (0.0, 0.3, 0.5, 1.0):
                move(share)
                assert ask(opened) in (expected, "moving")
                with wherein.open_index(tmp_path / name, settings=settings(name)) as fresh:
                    assert ask(fresh) in (expected, "moving")
        with pytest.raises(wherein.IndexMissing, match="no such index"):
            opened.search(f"mend the {topic}")  # a search index does not move with what it is of
    with wherein.open_index(tmp_path / name, settings=settings(name)) as index:
        index.update(mend=True)
        assert ask(index) == expected


def test_a_replica_that_is_promoted_meanwhile_costs_neither_who_indexes_nor_who_searches(
    cluster, settings, repositories, tmp_path
):
    topic, name = list(repositories.items())[2]
    prefix = repository_prefix(TENANT, name)
    for number in range(120):
        (tmp_path / name / f"more{number}.py").write_text(CODE.format(topic=f"{topic}_{number}") * 20)
    with (
        open_named(settings(name), name) as reading,
        wherein.open_index(tmp_path / name, settings=settings(name)) as writing,
        ThreadPoolExecutor(1) as pool,
    ):
        done = pool.submit(writing.update, processes=0)
        with cluster.master_of(prefix).client() as client:
            stored = Keys(prefix, 1).chunks
            wait_until(
                lambda: len(client.keys(f"{stored.replace('{', '?')}*")) > 100 or done.done(), within=60
            )
        promoted = cluster.promote_the_replica_of(prefix)
        while not done.done():
            assert reading.search(f"mend the {topic}")
        assert done.result().files == 121
        assert reading.search(f"mend_{topic}_77")[0].path == "more77.py"
    with promoted.client() as client:
        assert (lost(client, prefix), left_over(client, prefix)) == ([], [])


def test_a_lost_master_makes_errors_until_its_replica_answers_and_never_a_wrong_answer(
    cluster, settings, repositories
):
    topic, name = next(iter(repositories.items()))
    gone = cluster.master_of(repository_prefix(TENANT, name))
    with open_named(settings(name), name) as before:
        expected = [(hit.path, hit.start_line) for hit in before.search(f"mend the {topic}")]
        gone.kill()
        answers, errors, told = [], 0, set()
        while not answers:
            try:
                answers = [(hit.path, hit.start_line) for hit in before.search(f"mend the {topic}")]
            except wherein.StoreUnreachable as error:
                told.add(error.message)
                errors += 1
                assert errors < 500
        assert answers == expected
        assert any(
            "lost the shard that holds this (slot" in each and f":{gone.port})" in each for each in told
        )
        cluster.wait_until_whole()
    for other_topic, other in repositories.items():
        with open_named(settings(other), other) as index:
            assert index.search(f"mend the {other_topic}")[0].path == f"{other_topic}.py"
    freed = remove_index(settings().data_dir, name, url=settings().store)
    assert freed > 0
    assert name not in {each.repository for each in list_indexes(settings().data_dir, url=settings().store)}


def open_named(settings, name):
    """The index of a repository as it is in the store."""
    return next(index for index in open_stored(settings) if index.repository == name)
