"""What may stand in a URL of the Redis store."""

import pytest

from wherein import ConfigError
from wherein.store.redis.connection.address import parse


def test_a_host_alone_is_enough():
    target = parse("redis://db.example.org")
    assert target.hosts == (("db.example.org", 6379),)
    assert (target.username, target.password, target.tenant) == (None, None, "default")


def test_user_and_password_may_hold_any_character():
    target = parse("redis://ada:p%40ss%3Aw%2Fo%23rd@[::1]:7000/0")
    assert target.hosts == (("::1", 7000),)
    assert (target.username, target.password) == ("ada", "p@ss:w/o#rd")


def test_a_password_may_have_odd_characters_as_they_are_where_no_other_reading_is_possible():
    for password in ("a@b", "a:b", "a[b", "a%zz", "+&=;"):
        target = parse(f"redis://ada:{password}@localhost:7000")
        assert (target.username, target.password) == ("ada", password)
        assert target.hosts == (("localhost", 7000),)
        assert target.shown == "redis://ada:***@localhost:7000"


def test_what_redis_py_alone_would_let_through_is_refused():
    for parameter in ("ssl_cert_reqs=none", "db=3", "decode_responses=yes"):
        with pytest.raises(ConfigError):
            parse(f"rediss://localhost?{parameter}")


def test_a_password_needs_no_user():
    assert parse("redis://:secret@localhost").username is None
    assert parse("redis://:secret@localhost").password == "secret"


def test_a_unix_socket_takes_a_user_too():
    target = parse("unix://ada:secret@/run/redis/redis.sock?tenant=web")
    assert target.socket == "/run/redis/redis.sock"
    assert (target.username, target.password, target.tenant) == ("ada", "secret", "web")


def test_a_cluster_has_several_hosts():
    target = parse("rediss+cluster://one:7000,two:7001,three")
    assert target.hosts == (("one", 7000), ("two", 7001), ("three", 6379))
    assert target.cluster
    assert target.tls


def test_a_password_comes_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    assert parse(f"redis://ada@localhost?password_file={tmp_path / 'secret'}").password == "hush"


def test_no_password_is_ever_shown(tmp_path):
    (tmp_path / "secret").write_text("hush\n")
    for url in (
        "redis://ada:hush@localhost:7000/0?tenant=web",
        "unix://:hush@/run/redis.sock",
        f"redis://ada@localhost?password_file={tmp_path / 'secret'}",
        "rediss+cluster://ada:hush@one:7000,two:7001",
    ):
        target = parse(url)
        assert "hush" not in f"{target.shown} {target!r}"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis://localhost/3", "a database other"),
        ("redis://", "no host"),
        ("redis://[::1", "invalid host or port"),
        ("redis://local host", "a space"),
        ("redis://localhost:6379:99", "invalid host or port"),
        ("redis://localhost:0", "port"),
        ("redis://localhost?tenant", "without ="),
        ("redis://:pass/word@localhost", "after its host"),
        ("redis://:pass?word@localhost", "after its host"),
        ("redis://a,b", "several hosts"),
        ("redis://localhost:no", "port"),
        ("redis://localhost?colour=red", "colour"),
        ("redis://localhost?tenant=A*", "tenant"),
        ("redis://localhost?timeout=soon", "timeout"),
        ("redis://localhost?flat_up_to=many", "flat_up_to"),
        ("redis://localhost?vectors=int4", "vectors"),
        ("redis://localhost?ca=/nowhere/ca.pem", "without TLS"),
        ("rediss://localhost?ca=/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("redis://localhost?password_file=/nowhere/secret", "No such file"),
        ("redis://localhost?password_file=/dev/zero", "more than"),
        ("redis://localhost?password_file=/nowhere%00", "null"),
        ("redis://:x@localhost?password_file=/nowhere/secret", "both"),
        ("redis://:pass#word@localhost", "#"),
        ("unix://relative.sock", "socket"),
        ("http://localhost", "begin"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(url, says):
    with pytest.raises(ConfigError) as error:
        parse(url)
    assert says in error.value.message
    assert error.value.remedy
    assert "\n" not in error.value.message
