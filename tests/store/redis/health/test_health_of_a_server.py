"""What `wherein doctor` finds out about real servers."""

import pytest

from redis_servers import programs, wait_until
from wherein.store.redis.connection.address import parse
from wherein.store.redis.health.examine import examine
from wherein.store.redis.health.prepare import prepare
from wherein.store.redis.roles.acl import line, rules


def findings(url):
    return {each.name: each for each in examine(parse(url))}


def levels(url):
    return {each.name: each.level for each in examine(parse(url))}


def test_a_server_as_the_docs_recommend_has_nothing_to_mend(any_server):
    with any_server.client() as client:
        client.execute_command("FT.CONFIG", "SET", "ON_TIMEOUT", "FAIL")
    found = findings(any_server.url)
    assert {each.level for each in found.values()} == {"ok"}
    assert found["redis server"].says.startswith(("Redis 7.4", "Redis 8.", "Valkey 9."))
    assert "2.10" in found["redis search"].says


def test_every_finding_that_is_not_good_says_what_to_change(start_redis):
    server = start_redis(maxmemory="1gb", maxmemory_policy="allkeys-lru", appendonly="no", save="")
    for each in findings(server.url).values():
        assert bool(each.remedy) == (each.level != "ok"), each


def test_a_search_module_that_gives_parts_of_an_answer(start_redis):
    assert "part" in findings(start_redis().url)["redis search"].says


def test_a_server_without_the_search_module(start_redis):
    found = findings(start_redis(program=programs.without_search()).url)["redis search"]
    assert found.level == "fail"
    assert "docs/redis.md" in found.remedy


def test_a_server_that_evicts(start_redis):
    limited = findings(start_redis(maxmemory="1gb", maxmemory_policy="allkeys-lru").url)["redis memory"]
    assert limited.level == "fail"
    assert "CONFIG SET maxmemory-policy noeviction" in limited.remedy
    assert findings(start_redis(maxmemory_policy="volatile-ttl").url)["redis memory"].level == "warn"


def test_a_server_that_is_nearly_full(start_redis):
    compact = {"hash_max_listpack_value": "8192"}
    server = start_redis(maxmemory="20mb", maxmemory_policy="noeviction", **compact)
    assert levels(server.url)["redis memory"] == "ok"
    with server.client() as client:
        for i in range(17):
            client.set(f"filler{i}", b"x" * 1_000_000)
    assert "nearly full" in findings(server.url)["redis memory"].says
    with server.client() as client:
        client.config_set("maxmemory", "15mb")
    assert "full, it accepts nothing more" in findings(server.url)["redis memory"].says
    assert levels(server.url)["redis memory"] == "fail"


def test_a_server_that_misses_the_replicas_it_must_have(start_redis):
    server = start_redis()
    assert levels(server.url)["redis server"] == "ok"
    with server.client() as client:
        client.config_set("min-replicas-to-write", 1)
        client.execute_command("ACL", "SETUSER", *line("admin", "pw", rules("admin", tenant="t")).split()[1:])
    for url in (server.url, f"redis://admin:pw@127.0.0.1:{server.port}?tenant=t"):
        told = findings(url)["redis server"]
        assert (told.level, "accepts no writes" in told.says) == ("fail", True)


def test_a_server_that_takes_more_memory_than_it_needs(start_redis):
    server = start_redis(maxmemory_policy="noeviction")
    told = findings(server.url)["redis memory"]
    assert "more than they need" in told.says
    assert told.remedy.startswith("wherein redis prepare")
    prepare(parse(server.url))
    assert findings(server.url)["redis memory"].level == "ok"


def test_a_server_that_forgets_at_a_restart(start_redis):
    assert "empties" in findings(start_redis(appendonly="no", save="").url)["redis disk"].says
    assert "snapshots" in findings(start_redis(appendonly="no", save="3600 1").url)["redis disk"].says


@pytest.mark.parametrize("log", ["no", "yes"])
def test_a_server_that_could_not_save(start_redis, log):
    server = start_redis(appendonly=log, save="3600 1")
    with server.client() as client:
        client.set("a", "1")
        server.folder.joinpath("dump.rdb").mkdir()
        client.bgsave()
        wait_until(lambda: not client.info("persistence")["rdb_bgsave_in_progress"], within=10)
    assert levels(server.url)["redis disk"] == "fail"


def test_a_replica(start_redis):
    master = start_redis()
    replica = start_redis(replicaof=f"127.0.0.1 {master.port}")
    assert "replica" in findings(replica.url)["redis server"].says


def test_a_replica_that_does_not_know_the_users_of_its_master(start_redis):
    master = start_redis()
    replica = start_redis(replicaof=f"127.0.0.1 {master.port}", repl_diskless_sync_delay="0")
    words = line("ada", "pw", rules("admin", tenant="t")).split()[1:]
    with master.client() as client:
        client.execute_command("ACL", "SETUSER", *words)
        wait_until(lambda: "slave0" in client.info("replication"), within=20)
    for login in ("", "ada:pw@"):
        told = findings(f"redis://{login}127.0.0.1:{master.port}?tenant=t")["redis nodes"]
        assert told.level == "warn"
        assert f"127.0.0.1:{replica.port}" in told.says
        assert "aclfile" in told.remedy
    with replica.client() as client:
        client.execute_command("ACL", "SETUSER", *words)
    assert findings(f"redis://ada:pw@127.0.0.1:{master.port}?tenant=t")["redis nodes"].level == "ok"


def test_a_user_of_few_rights_is_told_what_he_may_see(start_redis):
    server = start_redis()
    with server.client() as client:
        for role in ("searcher", "admin"):
            client.execute_command("ACL", "SETUSER", *line(role, "pw", rules(role, tenant="t")).split()[1:])
    url = f"redis://{{}}:pw@127.0.0.1:{server.port}"
    assert "searcher" in findings(url.format("searcher"))["redis rights"].says
    assert "not shown" in findings(url.format("searcher"))["redis memory"].says
    assert "used" in findings(url.format("admin"))["redis memory"].says


@pytest.mark.parametrize(
    ("url", "warned"),
    [("redis://db.example.org", True), ("rediss://db.example.org", False), ("redis://127.0.0.1", False)],
)
def test_clear_text_over_a_network(url, warned):
    from wherein.store.redis.health.examine import _transport

    assert bool(list(_transport(parse(url)))) == warned
