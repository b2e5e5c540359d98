"""`wherein redis` and `wherein doctor` beside a real server."""

import hashlib
import re

import pytest

from redis_servers import RedisServer, programs

REPOSITORY = "github.com/acme/web"


@pytest.fixture
def grant(wherein):
    """grant("--role", …): the words of the printed line, without `user`."""

    def granted(*arguments):
        answer = wherein("redis", "acl", *arguments)
        assert answer.code == 0, answer.err
        (line,) = answer.lines
        assert line.startswith("user ")
        return line.split()[1:]

    return granted


@pytest.mark.parametrize("role", ["searcher", "indexer", "admin"])
def test_a_server_takes_the_printed_line_as_its_acl_file(wherein, grant, role, tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    words = grant(
        "--role", role, "--user", "ada", "--repository", REPOSITORY, "--password-file", tmp_path / "secret"
    )
    assert "hush" not in words
    (tmp_path / "users.acl").write_text(f"user default on nopass ~* +@all\nuser {' '.join(words)}\n")
    with RedisServer(settings={"aclfile": str(tmp_path / "users.acl")}) as server:
        found = wherein("doctor", "--json", "--store", f"unix://ada:hush@{server.socket}").json["checks"]
        assert any(each["says"].startswith("this is ada") for each in found)


def test_a_password_is_made_where_none_is_given(wherein):
    first, second = (wherein("redis", "acl", "--role", "searcher") for _ in range(2))
    assert "The password of searcher is " in first.err
    assert first.err != second.err
    assert first.err.split()[-1] not in first.out


def test_the_tenant_is_that_of_the_store(wherein):
    given = wherein("redis", "acl", "--role", "admin", "--tenant", "web").out
    configured = wherein(
        "redis", "acl", "--role", "admin", environment={"WHEREIN_STORE": "redis://db?tenant=web"}
    ).out
    assert "~wherein:{web/*" in given
    assert "~wherein:{web/*" in configured


def test_a_password_is_kept_in_a_file_that_is_not_there_yet(wherein, tmp_path):
    file = tmp_path / "ci.secret"
    made = wherein("redis", "acl", "--role", "indexer", "--password-file", file)
    password = file.read_text().strip()
    assert len(password) > 20
    assert file.stat().st_mode & 0o777 == 0o600
    assert password not in made.out + made.err
    assert hashlib.sha256(password.encode()).hexdigest() in made.out


def test_an_owner_is_promised_only_where_the_server_can_keep_him_to_his_tenant(wherein, redis_server):
    for store in ((), ("--store", redis_server.url)):
        refused = wherein("redis", "acl", "--role", "owner", *store)
        assert refused.code == 2
        assert not refused.out
        assert "cannot confine an owner to one tenant" in refused.err
        assert "use Redis 8 or newer" in refused.err
    assert "RediSearch 2.10" in refused.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "king"),
        ("--role", "searcher", "--tenant", "*"),
        ("--role", "searcher", "--user", "a b"),
        ("--role", "searcher", "--password-file", "/nowhere/file"),
        (),
    ],
)
def test_what_makes_no_sense_is_refused(wherein, arguments):
    answer = wherein("redis", "acl", *arguments)
    assert answer.code == 2
    assert not answer.out


def test_doctor_says_what_to_change_on_a_server(wherein):
    with RedisServer(programs.without_search(), settings={"appendonly": "no", "save": ""}) as server:
        answer = wherein("doctor", "--store", server.url)
    assert answer.code == 2
    assert "FAIL  redis search: the server has no search module" in answer.out
    assert "Try: CONFIG SET appendonly yes" in answer.out


def test_doctor_says_that_no_server_answers(wherein):
    answer = wherein("doctor", "--store", "redis://127.0.0.1:1")
    assert answer.code == 2
    assert "FAIL  redis server: Nothing answers at redis://127.0.0.1:1." in answer.out


@pytest.mark.parametrize(
    "url", ["redis://ada:hu?sh@127.0.0.1:1", "Redis://:hu/#[sh@127.0.0.1:1", "redis:hu sh@h"]
)
def test_no_command_shows_a_password_however_badly_the_address_is_written(wherein, url):
    environment = {"WHEREIN_STORE": url, "WHEREIN_LOG_LEVEL": "debug"}
    for command in (("config", "show"), ("search", "x"), ("doctor", "--json"), ("repo", url)):
        answer = wherein(*command, environment=environment)
        assert answer.out + answer.err
        assert not re.search(r"\bhu\b|\bsh@", answer.out + answer.err)


@pytest.fixture
def team(wherein, tmp_path):
    """A server with the users `ci`, who indexes, and `ada`, who searches: team(USER) is the store's URL of each."""
    with RedisServer() as server:

        def url(user):
            return f"unix://{user}:hush@{server.socket}"

        (tmp_path / "secret").write_text("hush")
        with server.client() as admin:
            for role, user in (("indexer", "ci"), ("searcher", "ada")):
                granted = wherein(
                    "redis", "acl", "--role", role, "--user", user, "--password-file", tmp_path / "secret"
                )
                admin.execute_command("ACL", "SETUSER", *granted.out.split()[1:])
        assert wherein("repo", "add", "--store", server.url).code == 0
        yield url


def test_who_may_only_read_finds_what_is_kept_of_his_branch(wherein, repo, team):
    assert wherein("index", "--view", "main", "--store", team("ci")).code == 0
    repo.write("mine.py", "def basic_auth_header_of_mine():\n    return 1\n")
    found = wherein("search", "basic auth header", "--json", "--store", team("ada"))
    assert found.code == 0
    assert "can only be read from here" in found.err
    assert found.json["index"]["view"] == "ref:main"
    assert found.json["index"]["behind"] == 1
    paths = {hit["path"] for hit in found.json["results"]}
    assert "src/courier/auth.py" in paths
    assert "mine.py" not in paths


def test_who_may_only_read_is_told_that_nobody_indexed(wherein, team):
    refused = wherein("search", "anything", "--store", team("ada"))
    assert refused.code == 3
    assert "is not indexed in the store yet" in refused.err


def test_an_admin_of_one_repository_looks_after_it_without_a_clone_and_without_the_list(
    wherein, grant, redis_server, tmp_path
):
    tenant = f"alone{redis_server.port}"
    url = f"{redis_server.url}?tenant={tenant}"
    environment = {"WHEREIN_STORE": url}
    name = wherein("index", "--json", environment=environment).json["index"]["repository"]
    (tmp_path / "secret").write_text("hush\n")
    for role in ("indexer", "admin"):
        words = grant(
            *(
                "--role",
                role,
                "--tenant",
                tenant,
                "--repository",
                name,
                "--password-file",
                tmp_path / "secret",
            )
        )
        with redis_server.client() as admin:
            admin.execute_command("ACL", "SETUSER", *words)
        here = {"WHEREIN_STORE": url.replace("unix://", f"unix://{role}:hush@")}
        assert wherein("gc", name, environment=here, cwd=tmp_path).code == 0
        assert "list the tenant's repositories" in wherein("gc", "--all", environment=here).err
    assert "is not indexed" in wherein("gc", f"{name}x", environment=environment, cwd=tmp_path).err
    assert wherein("repo", "remove", name, environment=here, cwd=tmp_path).code == 0
    assert wherein("status", environment=environment).code == 3


def test_who_may_only_read_cannot_index(wherein, repo, team):
    assert wherein("index", "--view", "main", "--store", team("ci")).code == 0
    assert wherein("index", "--store", team("ada")).code == 4


@pytest.mark.parametrize("command", ["index --force", "clear"])
def test_whoever_would_throw_away_what_others_use_is_asked_first(wherein, repo, clone, redis_server, command):
    url = f"{redis_server.url}?tenant=asked{command[0]}{redis_server.port}"
    environment = {"WHEREIN_STORE": url}
    repo.git("remote", "add", "origin", "https://example.org/acme/web")
    colleagues = clone(repo, "colleagues")
    colleagues.git("remote", "set-url", "origin", "https://example.org/acme/web")
    assert wherein("index", environment=environment).code == 0
    assert wherein(*command.split(), environment=environment).code == 0  # nobody else uses it
    for place in (repo, colleagues):
        assert wherein("index", environment=environment, cwd=place.root).code == 0
    asked = wherein(*command.split(), environment=environment)
    assert asked.code == 2
    assert "is also used by others" in asked.err
    assert f"Try: wherein {command} --yes" in asked.err
    assert wherein("search", "--no-update", "auth", environment=environment, cwd=colleagues.root).code == 0
    assert wherein(*command.split(), "--yes", environment=environment).code == 0
