"""No password is printed, however badly the address that holds it is written."""

import logging
import string
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wherein.config.load import load_settings
from wherein.errors import ConfigError, WhereinError
from wherein.naming.claims import key
from wherein.redaction import shown_url, without_passwords
from wherein.store.open import embedded_folder, in_redis
from wherein.store.redis.connection.address import parse
from wherein_server.cli.commands.config import _plain
from wherein_server.cli.log import LineFormatter

FIRST, SECOND = "Zq7xK", "Wv3Rt"
"""Both stand in every password, around what an address does not like."""

SCHEMES = (
    "redis://",
    "rediss://",
    "unix://",
    "redis+cluster://",
    "Redis://",
    "redis:",
    "redis//",
    "redis:/",
    "REDIS:///",
)
ENDS = (
    *("@127.0.0.1:6379", "@[::1]:1", "@db.example.org", "@a:1,b:2", "@/run/redis.sock", "@h:no", "@h/3", "@"),
    *("@h?tenant=web", "@h?tenant=A*", "@h?colour=red", "@h?", "@h#x", "@h:6379:99"),
)

passwords = st.builds(
    lambda odd, more, escaped: quote(FIRST + odd + SECOND + more) if escaped else FIRST + odd + SECOND + more,
    st.text("/?#[]@:%&=;,+ \t\n'\"\\<>{}|^~`é漢\x00\x1b" + string.digits + "ab", max_size=8),
    st.sampled_from(["", "=", "/", "?", "#", "@", "[", "%zz", " "]),
    st.booleans(),
)
addresses = st.builds(
    lambda scheme, user, password, end: f"{scheme}{user}:{password}{end}",
    *(
        st.sampled_from(SCHEMES),
        st.sampled_from(["", "ada", "a b", "ada%40x"]),
        passwords,
        st.sampled_from(ENDS),
    ),
)


def told_of(url):
    """All that is said of a store's URL, by whatever reads it."""
    said = [key(url, "name")]
    said += [shown_url(url), str(_plain("store", url, secret=False))]
    for text in (
        f"The store {url} fails: timed out.",
        f"Error 111 connecting to {url!r}.",
        f'{{"store":"{url}","view":"main@{{1}}"}}',
        f"it is {url}",
    ):
        said += (
            without_passwords(text),
            str(WhereinError(text, remedy=text)),
            WhereinError("x.", remedy=text).remedy,
        )
    try:
        store = load_settings(None, {"store": url}, {}).store
        target = parse(store) if in_redis(store) else embedded_folder(store, None)
        said += (target.shown, repr(target))
    except ConfigError as error:
        said += (error.message, error.remedy, repr(error.__cause__))
    return "\n".join(said)


@settings(max_examples=200, deadline=None)
@given(addresses)
@example(f"redis://:{FIRST}abc/def+ghi={SECOND}@127.0.0.1:6379")
@example(f"redis://:{FIRST}?{SECOND}@127.0.0.1:6379")
@example(f"redis://:{FIRST}#{SECOND}@127.0.0.1:6379")
@example(f"redis://:{FIRST}[{SECOND}@127.0.0.1:6379")
@example(f"redis:{FIRST}{SECOND}@127.0.0.1:6379")
@example(f"redis//:{FIRST}{SECOND}@127.0.0.1")
@example(f"redis://{FIRST}{SECOND}/def@127.0.0.1:6379")
@example(f"redis+cluster://:{FIRST}@a:1,:{SECOND}@b:2")
@example(f"redis://:x@127.0.0.1:1?tenant=x&password={FIRST}{SECOND}")
@example(f"redis://:x@h?tenant={FIRST};{SECOND}")
@example(f"redis://:x@127.0.0.1:1?{FIRST}={SECOND}")
@example(f"redis:ada:{FIRST}{SECOND}@h")
@example(f"redis://h:1/{FIRST}{SECOND}")
@example(f"unix://{FIRST}{SECOND}/x")
@example(f"redis://127.0.0.1:1?password_file={FIRST}{SECOND}")
@example(f"redis://127.0.0.1:1?password_file={FIRST}/{SECOND}")
def test_no_piece_of_a_password_is_told(url):
    said = told_of(url).lower()
    assert FIRST.lower() not in said
    assert SECOND.lower() not in said


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["http", "https", "postgres", "mysql", "ssh", "foo"]), passwords)
def test_addresses_of_other_things_tell_none_either(scheme, password):
    said = without_passwords(f"cannot reach '{scheme}://ada:{password}@127.0.0.1:9/v1' today")
    assert FIRST not in said
    assert SECOND not in said
    shown = str(_plain("llm.base_url", f"{scheme}://ada:{password}@h/v1", secret=False))
    assert FIRST not in shown


@pytest.mark.parametrize(
    "text",
    [
        "The store redis://db.example.org:6379?tenant=web has no view 'main@{1}'.",
        "Nothing answers at unix:///run/redis@2.sock.",
        "Cloned from https://github.com/acme/web?x=y (ada@example.org), see src/main.py:10:foo.",
        "check the port (rediss:// needs the one for TLS), or begin with redis://.",
        "fetch ssh://git@github.com/acme/web",
        "use redis://HOST:6379, rediss://…, unix:///path/to.sock or redis+cluster://HOST:PORT,HOST:PORT",
        "put it into the store's URL: redis://USER:PASSWORD@…, or password_file=FILE",
        "sqlite:///home/ada@corp/indexes",
        "it begins with neither `sqlite:` nor `redis:`.",
    ],
)
def test_what_holds_no_password_stays_as_it_is(text):
    assert without_passwords(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "refused by //ada:SECRET@h/0",
        "redis\\://ada:SECRET@h",
        "redis\uff1a//ada:SECRET@h",
        "https://h/?access_token=SECRET&page=2",
        "https://h/cb#refresh_token=SECRET",
        "redis://h/?x=1;ssl_keyfile_password=SECRET",
        "401: {'Authorization': 'Bearer SECRET'}",
        "unknown command 'AUTH', with args beginning with: 'ada' 'SECRET' ",
        "ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `ada`, `SECRET`, ",
    ],
)
def test_what_servers_and_libraries_repeat_tells_none(text):
    assert "SECRET" not in without_passwords(text)


def test_a_sound_address_is_shown_but_for_its_password():
    assert shown_url("redis://ada:hush@db:7000?tenant=web&ca=/x") == "redis://ada:***@db:7000?tenant=web"
    assert shown_url("redis://ada@db?password_file=/x") == "redis://ada@db"
    assert shown_url("redis://hush@db") == "redis://***@db"  # a password whose colon was forgotten, perhaps
    assert shown_url("redis://:a@b:c@db") == "redis://:***@db"
    assert without_passwords("at http://ada:hush@127.0.0.1:9/v1.") == "at http://ada:***@127.0.0.1:9/v1."


def test_the_log_tells_none_of_what_libraries_raise():
    try:
        raise ValueError("Port could not be read: redis://:hu/sh@h:1")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "", 1, "at %s", ("redis://:hu/sh@h",), sys.exc_info())
    assert "sh@" not in LineFormatter("%(message)s").format(record)


def test_long_text_takes_no_long_time():
    import time

    for piece in ("redis://:a", "a:", "redis://a,", "://", "@", "redis://a:b@c ", "x://" + "a" * 50 + " "):
        began = time.process_time()
        without_passwords(piece * 20_000)
        assert time.process_time() - began < 2.0
