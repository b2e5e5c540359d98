"""Real servers in every state that keeps us out: each is told in one sentence, and soon."""

import re
import socket
import threading
import time
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from installed_command import run_command, variables
from redis_servers import programs, wait_until
from redis_servers.counting_proxy import CountingProxy
from wherein import ConfigError, IndexMissing, StoreForbids, StoreUnreachable, WhereinError
from wherein.errors import RightMissing, StoreSilent
from wherein.packaged import files
from wherein.redaction import without_passwords
from wherein.store.open import list_indexes, open_store
from wherein.store.protocol import Header

SOON = 1.5
"""Seconds. A refused connection takes 0.3 on an idle machine."""


@pytest.fixture
def refused(ask):
    """refused(url, *command): the error, whose message is one sentence that names the store."""

    def ask_and_fail(url, *command, kind=StoreUnreachable, **options) -> WhereinError:
        with pytest.raises(kind) as caught:
            ask(url, *command, **options)
        error = caught.value
        assert type(error) in (kind, StoreSilent)
        assert error.remedy
        assert "\n" not in error.message
        assert error.message.endswith(".")
        return error

    return ask_and_fail


def test_a_server_that_is_there_answers(redis_server, ask):
    assert ask(redis_server.url)
    assert ask(redis_server.tcp_url)


def test_a_server_that_is_not_running_is_told_soon(start_redis, refused):
    server = start_redis()
    server.kill()
    for url in (server.url, server.tcp_url):
        began = time.monotonic()
        assert server.tcp_url in refused(url).message or str(server.socket) in refused(url).message
        assert time.monotonic() - began < 2 * SOON


def test_a_server_to_which_no_connection_is_made_is_asked_once(redis_server, make_repo, tmp_path):
    place = make_repo("web")
    place.commit({"a.py": "def a():\n    pass\n"})
    with CountingProxy(redis_server.socket).running() as plain:
        store = f"rediss://127.0.0.1:{plain.port}?timeout=0.2"
        environment = variables(WHEREIN_STORE=store, WHEREIN_DATA_DIR=str(tmp_path / "data"))
        for words in (("search", "a thing"), ("symbol", "a"), ("status",), ("index",)):
            plain.reset()
            done = run_command(*words, folder=place.root, environment=environment)
            assert (done.returncode, plain.connections) == (4, 1), (words, done)
            assert "No connection to the store" in done.stderr


def test_no_advice_about_a_store_is_taken_for_an_address_with_a_password():
    told = tomllib.loads(
        files("wherein.store.redis.connection").joinpath("failures.toml").read_text(encoding="utf-8")
    )
    for failure in told["failure"]:
        assert without_passwords(failure["remedy"]) == failure["remedy"]


def test_a_socket_that_is_not_there(refused, tmp_path):
    assert "no socket" in refused(f"unix://{tmp_path}/none.sock").message


def test_a_host_without_a_name(refused):
    assert "no host" in refused("redis://wherein.invalid").message


def test_a_server_that_swallows_everything_is_given_up(start_redis, refused):
    server = start_redis()
    server.freeze()
    began = time.monotonic()
    assert "in time" in refused(server.tcp_url, timeout=0.5).message
    assert time.monotonic() - began < SOON
    server.thaw()


def test_something_else_on_that_port(refused):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        assert "not a Redis server" in refused(f"redis://127.0.0.1:{listener.getsockname()[1]}").message


def test_a_redis_without_a_search_module(start_redis, refused):
    server = start_redis(program=programs.without_search())
    assert "without a search module" in refused(server.url, "FT.SEARCH", "i", "x").message


def test_an_index_that_is_not_there(any_server, refused):
    for command in (("FT.SEARCH", "i", "x"), ("FT.INFO", "i"), ("FT.DROPINDEX", "i"), ("FT.ALIASDEL", "i")):
        refused(any_server.url, *command, kind=IndexMissing)


def test_a_wrong_password_and_none(start_redis, refused, ask):
    server = start_redis(requirepass="secret", password="secret")
    assert ask(server.url)
    assert "refuses" in refused(f"redis://:wrong@127.0.0.1:{server.port}").message
    assert "refuses" in refused(f"redis://ada:secret@127.0.0.1:{server.port}").message
    assert "asks for a password" in refused(f"redis://127.0.0.1:{server.port}").message


def test_a_password_where_none_is_asked_for(start_redis, refused):
    server = start_redis()
    error = refused(f"redis://:needless@127.0.0.1:{server.port}")
    assert "has no password, and was given one" in error.message
    assert "leave it out" in error.remedy


def test_a_user_without_the_right(start_redis, refused):
    server = start_redis()
    with server.client() as admin:
        admin.acl_setuser("ada", enabled=True, passwords=["+secret"], commands=["+ping"], keys=["mine:*"])
    url = f"redis://ada:secret@127.0.0.1:{server.port}"
    assert "does not let this user" in refused(url, "SET", "mine:1", "x", kind=RightMissing).message
    assert "acl" in refused(url, "SET", "mine:1", "x", kind=RightMissing).remedy


def test_a_replica_cannot_be_written_to(start_redis, refused, ask):
    master = start_redis(repl_diskless_sync_delay="0")
    replica = start_redis(replicaof=f"127.0.0.1 {master.port}")
    with replica.client() as client:
        wait = time.monotonic() + 20
        while client.info("replication")["master_link_status"] != "up" and time.monotonic() < wait:
            time.sleep(0.05)
    assert "is a replica" in refused(replica.url, "SET", "a", "1", kind=StoreForbids).message
    assert ask(replica.url, "GET", "a") is None


def test_a_replica_that_lost_its_master(start_redis, refused):
    replica = start_redis(replicaof="127.0.0.1 1", replica_serve_stale_data="no")
    assert "lost its master" in refused(replica.url, "GET", "a").message


def test_a_replica_without_its_data_does_not_say_that_nothing_is_stored(start_redis):
    replica = start_redis(replicaof="127.0.0.1 1")
    with pytest.raises(StoreUnreachable, match="still gets its data"):
        list_indexes(Path(), url=replica.url)


def test_a_server_that_is_loading(start_redis, refused):
    server = start_redis(save="", appendonly="no")
    with server.client() as client:
        for first in range(0, 20_000, 1_000):
            client.mset({f"k{first + i}": b"x" * 100 for i in range(1_000)})
        client.save()
    server.kill()
    server.settings |= {"key-load-delay": "200", "loading-process-events-interval-bytes": "1024"}
    server.start(wait=False)
    wait_until(lambda: _listens(server), within=10)
    error = refused(server.url, "GET", "k1")
    assert re.search(r"loading its data \(\d+ %", error.message)


def _listens(server):
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(server.socket)) == 0


def test_a_server_without_memory_left(start_redis, refused):
    server = start_redis(maxmemory="1mb", maxmemory_policy="noeviction")
    assert "out of memory" in refused(server.url, "SET", "a", "x" * 1_000_000).message


def test_a_server_that_cannot_save(start_redis, refused):
    server = start_redis(save="3600 1")
    with server.client() as client:
        client.set("a", "1")
        server.folder.joinpath("dump.rdb").mkdir()
        client.bgsave()
        while client.info("persistence")["rdb_bgsave_in_progress"]:
            time.sleep(0.02)
    assert "cannot save" in refused(server.url, "SET", "a", "2").message


@pytest.mark.parametrize("kind", ["stack", "valkey"])
def test_a_server_that_a_script_keeps_busy(start_redis, refused, kind):
    server = start_redis(program=getattr(programs, kind)(), busy_reply_threshold="50")
    with server.client(socket_timeout=20) as somebody, server.client() as admin:

        def run_script():
            with suppress(redis.RedisError):
                somebody.eval("while true do end", 0)

        endless = threading.Thread(target=run_script, daemon=True)
        endless.start()
        time.sleep(0.3)
        error = refused(server.url, "GET", "a")
        assert "busy" in error.message
        assert "SCRIPT KILL" in error.remedy
        admin.script_kill()
        endless.join(10)


def test_a_node_of_a_cluster_that_has_other_slots(start_redis, refused):
    one, other = (start_redis(cluster_enabled="yes") for _ in range(2))
    with one.client() as first, other.client() as second:
        first.execute_command("CLUSTER ADDSLOTSRANGE", 0, 8000)
        second.execute_command("CLUSTER ADDSLOTSRANGE", 8001, 16383)
        first.execute_command("CLUSTER MEET", "127.0.0.1", other.port)
        wait_until(lambda: first.execute_command("CLUSTER INFO")["cluster_state"] == "ok", within=20)
    error = refused(one.tcp_url, "GET", "a", kind=ConfigError)  # its slot is 15495
    assert "data is on several servers" in error.message
    assert "cluster://" in error.remedy


def test_a_server_that_misses_its_replicas(start_redis, refused):
    server = start_redis(min_replicas_to_write="1")
    assert "too few of its replicas" in refused(server.url, "SET", "a", "1").message


def test_a_server_without_a_command_that_is_needed(start_redis, refused):
    server = start_redis(rename_command="HGETALL none")
    assert "lacks a command" in refused(server.url, "HGETALL", "a").message


def test_a_server_full_of_clients(start_redis, refused):
    server = start_redis(maxclients=1)
    with server.client() as first:
        first.ping()
        error = refused(server.url)
        assert (
            "clients" in error.message + error.remedy
        )  # its own word for it is lost when the socket closes first


def test_a_query_that_the_server_gives_up(start_redis, refused):
    server = start_redis()
    with server.client() as client, client.pipeline(transaction=False) as pipeline:
        client.execute_command("FT.CONFIG", "SET", "ON_TIMEOUT", "FAIL")
        client.execute_command("FT.CREATE", "i", "SCHEMA", "t", "TEXT", "n", "NUMERIC")
        for i in range(20_000):
            pipeline.hset(f"d{i}", mapping={"t": f"common word{i}", "n": i})
        pipeline.execute()
        ask = ("FT.SEARCH", "i", "common @n:[0 inf] -(word1* word2*)", "SORTBY", "n", "TIMEOUT", "1")
    assert "took longer" in refused(server.url, *ask).message


def test_a_connection_that_is_cut_is_made_anew(start_redis, ask):
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.connection.connect import connect

    server = start_redis()
    with connect(parse(server.url)) as client, server.client() as admin:
        client.set("a", "1")
        admin.client_kill_filter(_type="normal", skipme=True)
        assert client.get("a") == b"1"
        with client.pipeline(transaction=True) as pipeline:
            pipeline.hset("h", "f", "1")
            admin.client_kill_filter(_type="normal", skipme=True)
            pipeline.hset("h", "g", "2")
            pipeline.execute()
        assert client.hgetall("h") == {b"f": b"1", b"g": b"2"}


def test_a_cluster_that_is_taken_for_one_server_and_the_other_way_round(start_redis, refused):
    node = start_redis(cluster_enabled="yes")
    with node.client() as client:
        client.execute_command("CLUSTER ADDSLOTSRANGE", 0, 100)
    assert "does not serve all" in refused(node.tcp_url, "SET", "a", "1").message
    assert "does not serve all" in refused(node.tcp_url.replace("redis:", "redis+cluster:"), key="a").message
    plain = start_redis()
    error = refused(plain.tcp_url.replace("redis:", "redis+cluster:"), kind=ConfigError)
    assert "not a cluster" in error.message


def test_a_replica_without_its_data_is_not_taken_for_an_empty_store(start_redis, tmp_path):
    replica = start_redis(replicaof="127.0.0.1 1")
    with pytest.raises(StoreUnreachable, match="replica that still gets its data"):
        open_store(replica.url, "r", Header(1, "c", "t", "m", 8), data_dir=tmp_path, mode="read")


def test_a_server_that_knows_the_login_by_another_name_repeats_no_password(start_redis, refused):
    server = start_redis(rename_command="AUTH hidden")
    error = refused(server.tcp_url.replace("//", "//ada:Zq7xK@"))
    assert "Zq7xK" not in error.message + (error.remedy or "")
    assert "AUTH" in error.message
