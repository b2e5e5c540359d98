"""The installed command on real Redis servers, in good and in bad times."""

import time

import pytest

from redis_servers import RedisServer, programs, wait_until
from wherein.store.redis.roles.acl import line, rules

INDEX_MISSING, STORE_UNREACHABLE = 3, 4

MOST_SECONDS, TRIES = 10, 3
"""Of a command to which nobody answers. The waiting itself is 0.3 s; what a busy machine adds is not the same each
time, and the first time it is also the start of the interpreter that forks commands."""


@pytest.fixture
def server():
    with RedisServer() as running:
        yield running


@pytest.fixture
def on(wherein):
    """on(url, "search", …): the command with that store."""
    return lambda url, *arguments, **options: wherein(
        *arguments, environment={"WHEREIN_STORE": url}, **options
    )


def chunks_in(server):
    """How many chunks the server holds so far."""
    with server.client() as client:
        return sum(1 for _ in client.scan_iter("*:c[0-9]:*", count=1000))


def one_sentence(answer, code=STORE_UNREACHABLE):
    """The error of a command that could not reach its store; no more than a sentence and what to try."""
    assert answer.code == code, answer
    *_, first, remedy = answer.err.splitlines()  # after lines of progress
    assert first.startswith("wherein: ")
    assert remedy.startswith("  Try: ")
    return first


def test_an_index_in_redis_answers_like_any_other(server, on):
    url = server.url
    assert on(url, "index").code == 0
    found = on(url, "search", "--json", "follow redirects until a final answer").json
    assert found["results"][0]["symbol"] == "resolve_redirects"
    assert found["index"]["store"] == url
    assert on(url, "symbol", "Session").lines[0].startswith("src/courier/session.py:")
    assert on(url, "related", "web/retry.js:2").code in (0, 1)
    status = on(url, "status", "--json").json
    assert (status["index"]["behind"], status["index"]["complete"]) == (0, True)
    assert status["bytes"] > 10_000
    assert on(url, "files").code == 0
    assert on(url, "gc").code == 0
    assert "courier" in on(url, "repo", "list").out
    assert on(url, "search", "--all-repos", "redirects").code == 0
    assert on(url, "doctor").code == 0
    assert on(url, "clear", "--yes").code in (0, 2)


def test_what_the_server_lost_is_restored_and_that_is_told(server, on):
    assert on(server.url, "index").code == 0
    assert on(server.url, "index").out.startswith("Up to date; nothing to do")
    with server.client() as client:
        client.delete(*client.scan_iter("*:df", count=1000))
    assert on(server.url, "index").out.startswith(
        "Restored what the store had lost. Up to date; nothing else to do"
    )
    assert on(server.url, "index").out.startswith("Up to date; nothing to do")


def test_a_password_is_never_printed(on, tmp_path):
    with RedisServer(settings={"requirepass": "hush"}, password="hush") as server:
        assert on(server.url, "index").code == 0
        for arguments in (
            ("status",),
            ("status", "--json"),
            ("search", "--json", "redirects"),
            ("doctor",),
            ("config", "show", "--origin"),
            ("repo", "list"),
        ):
            answer = on(server.url, *arguments)
            assert answer.code == 0
            assert "hush" not in answer.out + answer.err
        wrong = on(server.url.replace("hush", "hash"), "search", "redirects")
        assert "refuses" in one_sentence(wrong)
        assert "hash" not in wrong.err


@pytest.mark.parametrize("command", ["search", "index", "status", "files"])
def test_every_command_ends_with_the_same_code_when_nobody_answers(on, command):
    spent = []
    while not spent or (min(spent) >= MOST_SECONDS and len(spent) < TRIES):
        began = time.monotonic()
        answer = on("redis://127.0.0.1:1", command, *(["redirects"] if command == "search" else []))
        spent.append(time.monotonic() - began)
        assert "Nothing answers at redis://127.0.0.1:1" in one_sentence(answer)
    assert min(spent) < MOST_SECONDS


def test_a_server_without_a_search_module_is_refused(on):
    with RedisServer(programs.without_search()) as plain:
        assert "without a search module" in one_sentence(on(plain.url, "index"))
        assert "without a search module" in one_sentence(on(plain.url, "search", "redirects"))


@pytest.mark.parametrize("program", ["redis_8", "valkey"])
def test_other_servers_with_the_module_do_as_well(on, program):
    with RedisServer(getattr(programs, program)()) as other:
        assert on(other.url, "index").code == 0
        assert "resolve_redirects" in on(other.url, "search", "--no-update", "follow redirects").out


def test_a_replica_is_searched_but_not_written_to(server, on, wherein):
    assert on(server.url, "index").code == 0
    with RedisServer(settings={"replicaof": f"127.0.0.1 {server.port}"}) as replica:
        wait_until(lambda: chunks_in(replica) == chunks_in(server) > 0, within=30)
        wait_until(lambda: on(replica.url, "search", "redirects").code == 0, within=20)
        (wherein.folder / "new.py").write_text("def fresh_thing():\n    return 1\n")
        assert "is a replica" in one_sentence(on(replica.url, "index"))
        found = on(replica.url, "search", "redirects")
        assert found.code == 0
        assert "can only be read from here" in found.err
        with replica.client() as client:  # a failover: the same address, now a master
            client.replicaof("NO", "ONE")
        assert on(replica.url, "index").code == 0
        assert "fresh_thing" in on(replica.url, "search", "--no-update", "fresh thing").out


def test_a_server_killed_while_indexing_loses_nothing_and_the_next_index_finishes(
    server, on, wherein, many_files
):
    many_files(150)
    running = wherein.start("index", "--store", server.url)
    with server.client() as client:  # in the log, which a busy disk keeps waiting for up to two seconds
        wait_until(lambda: client.info("persistence")["aof_current_size"] > 500_000, within=60)
    server.kill()
    _, said = running.communicate(timeout=60)
    assert running.returncode == STORE_UNREACHABLE
    assert b"Traceback" not in said
    server.start()
    held = chunks_in(server)
    assert held > 0
    status = on(server.url, "status", "--json").json
    assert status["index"]["complete"] is False
    assert status["index"]["behind"] > 0
    assert on(server.url, "index").code == 0
    status = on(server.url, "status", "--json").json
    assert (status["index"]["complete"], status["index"]["behind"]) == (True, 0)
    assert chunks_in(server) == status["chunks"] > held
    assert "step_149_19" in on(server.url, "symbol", "step_149_19").out


def test_connections_cut_again_and_again_are_made_anew(server, on, wherein, many_files):
    many_files(100)
    running = wherein.start("index", "--store", server.url)
    with server.client() as admin:
        while running.poll() is None:
            admin.client_kill_filter(_type="normal", skipme=True)
            time.sleep(0.5)
    _, said = running.communicate(timeout=60)
    assert running.returncode in (0, STORE_UNREACHABLE), said
    assert on(server.url, "index").code == 0
    status = on(server.url, "status", "--json").json
    assert (status["index"]["complete"], status["index"]["behind"]) == (True, 0)
    assert chunks_in(server) == status["chunks"]
    assert "step_99_19" in on(server.url, "symbol", "step_99_19").out


def test_a_server_that_runs_out_of_memory_keeps_what_it_has(server, on, many_files):
    assert on(server.url, "index").code == 0
    many_files(150)
    with server.client() as admin:
        admin.config_set("maxmemory", int(admin.info("memory")["used_memory"]) + 1_500_000)
    assert "out of memory" in one_sentence(on(server.url, "index"))
    assert "resolve_redirects" in on(server.url, "search", "--no-update", "follow redirects").out
    assert on(server.url, "status", "--json").json["index"]["complete"] is False
    with server.client() as admin:
        admin.config_set("maxmemory", 0)
    assert on(server.url, "index").code == 0
    assert on(server.url, "status", "--json").json["index"]["complete"] is True


def test_a_server_that_is_still_loading_is_told(server, on, many_files):
    many_files(30)
    assert on(server.url, "index").code == 0
    with server.client() as admin:
        admin.bgrewriteaof()
        wait_until(lambda: not admin.info("persistence")["aof_rewrite_in_progress"], within=20)
    server.kill()
    server.settings |= {"key-load-delay": "20000", "loading-process-events-interval-bytes": "1024"}
    server.start(wait=False)
    wait_until(server.socket.exists, within=10)
    assert "loading its data" in one_sentence(on(server.url, "search", "--no-update", "redirects"))
    server.kill()
    server.settings["key-load-delay"] = "0"
    server.start()
    assert on(server.url, "search", "--no-update", "redirects").code == 0


def test_a_store_emptied_behind_our_back_is_told_not_searched(server, on):
    assert on(server.url, "index").code == 0
    with server.client() as admin:
        admin.flushall()
    assert on(server.url, "search", "--no-update", "redirects").code == 3
    assert on(server.url, "search", "redirects").code == 0


def test_a_server_that_evicted_parts_of_an_index_is_found_out(server, on, many_files):
    many_files(60)
    assert on(server.url, "index").code == 0
    whole = on(server.url, "status", "--json").json["chunks"]
    assert chunks_in(server) == whole
    with server.client() as admin:
        admin.config_set("maxmemory-policy", "allkeys-lru")

        def chunks_go() -> bool:
            admin.config_set("maxmemory", int(admin.info("memory")["used_memory"]) - 400_000)
            return chunks_in(server) < whole

        wait_until(chunks_go, within=20)
        admin.config_set("maxmemory", 0)
    assert "CONFIG SET maxmemory-policy noeviction" in on(server.url, "doctor").out
    answer = on(server.url, "status")  # a search does not count
    assert answer.code == 3
    assert "wherein index" in answer.err
    assert on(server.url, "index", "--force").code == 0
    assert "step_59_19" in on(server.url, "symbol", "--no-update", "step_59_19").out
    assert on(server.url, "status", "--json").json["chunks"] == whole


@pytest.fixture
def reading_alone(server):
    """The address of a user who may only read."""
    with server.client() as admin:
        admin.execute_command(
            "ACL", "SETUSER", *line("ada", "secret", rules("searcher", tenant="default")).split()[1:]
        )
    return server.url.replace("//", "//ada:secret@")


def test_who_may_only_read_is_shown_the_branch_that_others_keep_by_every_command(
    server, on, wherein, reading_alone
):
    assert on(server.url, "index", "--view", "main").code == 0
    (wherein.folder / "new.py").write_text("def fresh_thing():\n    return 1\n")
    for words, says in (
        (("search", "follow redirects until a final answer"), "resolve_redirects"),
        (("symbol", "Session"), "src/courier/session.py"),
        (("status",), "main @"),
        (("status", "--json"), '"view": "ref:main"'),
        (("files",), "src/courier/session.py"),
        (("files", "--why", "src/courier/session.py"), "is indexed in"),
        (("files", "--why", "new.py"), "is not in ref:main as it was last indexed"),
    ):
        answer = on(reading_alone, *words)
        assert answer.code == 0, answer
        assert says in answer.out
        assert "can only be read from here: this answer is from main" in answer.err
        assert "wherein index" not in answer.out + answer.err
    assert "can only be read from here" in on(reading_alone, "files", "--skipped").err


def test_who_may_only_read_is_told_who_can_index_and_what_can_be_searched(server, on, reading_alone):
    nothing = one_sentence(on(reading_alone, "index"))
    assert "a user with the role indexer, such as CI's, can index it" in nothing
    assert "is not indexed in the store yet" in nothing
    for words in (("status",), ("files",), ("search", "redirects")):
        assert one_sentence(on(reading_alone, *words), INDEX_MISSING) == nothing
    assert on(server.url, "index", "--view", "main").code == 0
    answer = on(reading_alone, "index")
    assert "main can be searched now" in one_sentence(answer)
    assert "no permissions" not in answer.err
    assert "ada" not in answer.err


def test_who_may_write_is_told_that_nothing_is_indexed_yet(server, on):
    assert on(server.url, "index", "--view", "main").code == 0
    for words in (("status",), ("files",)):
        answer = on(server.url, *words)
        assert answer.code == 3
        assert "wherein index" in answer.err
