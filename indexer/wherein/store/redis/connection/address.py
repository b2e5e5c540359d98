"""The URL of a Redis store, parsed: where the server is, as which user, and for which tenant."""

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.redaction import shown_url
from wherein.store.redis.connection.missing_package import lacks_redis
from wherein.store.redis.connection.password_file import password_in

SCHEMES = frozenset(("redis", "rediss", "unix", "redis+cluster", "rediss+cluster"))

DEFAULT_PORT = 6379
DEFAULT_TENANT = "default"

EXAMPLE = "redis://HOST:6379, rediss://…, unix:///path/to.sock or redis+cluster://HOST:PORT,HOST:PORT"

ESCAPES = "in a password write @ as %40, / as %2F, ? as %3F, # as %23, % as %25, or use password_file=FILE"

VECTOR_TYPES = ("float32", "float16", "int8")

_OF_CONNECTION = ("tenant", "ca", "cert", "key", "password_file", "timeout")
_OF_INDEX = ("flat_up_to", "m", "ef_construction", "ef_runtime", "vectors")
_NAME = re.compile(r"[a-z_]{1,20}")
_PLACE = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+(?:%[\w.]+)?\])(?::(\d{1,5})?)?")
_TENANT = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a Redis store is and how to get in."""

    shown: str
    """for people: the URL without its password"""
    hosts: tuple[tuple[str, int], ...] = ()
    """one, or several nodes of a cluster; empty for a unix socket"""
    socket: str = ""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    cluster: bool = False
    ca: str | None = None
    """PEM file of the authority that signed the server's certificate; None: the system's"""
    certificate: str | None = None
    """PEM file of the client's certificate"""
    key: str | None = None
    tenant: str = DEFAULT_TENANT
    timeout: float | None = None
    """seconds to wait for an answer; None: what suits the work"""
    options: Mapping[str, str] = field(default_factory=dict)
    """how the search index is built, as given: whole numbers, and `vectors` one of VECTOR_TYPES"""


def parse(url: str) -> Target:
    """ConfigError if the URL says something that we do not understand, or names a file that is not there.

    No message repeats a piece of the URL: if one character of a password was not escaped, any piece may be of the
    password. redis-py parses the login and address of one server; it is not given what it would let through (other
    parameters, among them one that turns off the check of certificates, and a database that is no number).
    """
    scheme, login, place, path, query = _pieces(url)
    options = _options(query)
    tls = scheme.startswith("rediss")
    if scheme == "unix":
        if place or not path.startswith("/"):
            raise _bad("names no socket", "use unix:///path/to.sock")
    elif path not in ("", "/", "/0"):
        raise _bad(
            "asks for a database other than 0", "leave it out: a search index lives in database 0 only"
        )
    if not tls and (given := {"ca", "cert", "key"} & options.keys()):
        raise _bad(f"gives {min(given)}= without TLS", "use rediss:// or rediss+cluster://")
    places = place.split(",")
    if len(places) > 1 and not scheme.endswith("+cluster"):
        raise _bad("names several hosts", f"use {scheme}+cluster:// for a cluster")
    found = [_server(scheme, login, each, path) for each in places]
    return Target(
        shown=shown_url(url),
        hosts=()
        if scheme == "unix"
        else tuple((each["host"], each.get("port", DEFAULT_PORT)) for each in found),
        socket=found[0].get("path", ""),
        username=found[0].get("username"),
        password=_password(found[0].get("password"), options.get("password_file")),
        tls=tls,
        cluster=scheme.endswith("+cluster"),
        ca=_file(options, "ca"),
        certificate=_file(options, "cert"),
        key=_file(options, "key"),
        tenant=tenant_name(options.get("tenant", DEFAULT_TENANT)),
        timeout=_timeout(options),
        options=_index_options(options),
    )


def _pieces(url: str) -> tuple[str, str, str, str, str]:
    """Scheme, login, place, path and query."""
    scheme, colon, rest = url.partition("://")
    scheme = scheme.lower()
    if not colon or scheme not in SCHEMES:
        raise _bad(f"does not begin with one of {', '.join(f'{each}://' for each in sorted(SCHEMES))}")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise _bad("contains a space or a control character", ESCAPES)
    if "#" in rest:
        raise _bad("has a # in it", ESCAPES)
    before, _, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    login, at, place = authority.rpartition("@")
    if "@" in query or ("@" in path and authority):
        raise _bad("has an @ after its host, or a password with / or ? in it", ESCAPES)
    return scheme, f"{login}{at}", place, f"{slash}{path}", query


def _options(query: str) -> dict[str, str]:
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise _bad("has a parameter without =", f"use {', '.join((*_OF_CONNECTION, *_OF_INDEX))}") from None
    if unknown := sorted(options.keys() - {*_OF_CONNECTION, *_OF_INDEX}):
        named = f"{unknown[0]!r}" if _NAME.fullmatch(unknown[0]) else "of that name"
        raise _bad(f"has no parameter {named}", f"use {', '.join((*_OF_CONNECTION, *_OF_INDEX))}")
    return options


def _server(scheme: str, login: str, place: str, path: str) -> dict[str, Any]:
    """The address of one server as redis-py parses it: those of host, port, username, password and path that are
    given."""
    try:
        from redis.connection import parse_url
    except ImportError as error:
        raise lacks_redis() from error
    user, colon, password = login.removesuffix("@").partition(":")
    safe = f"{quote(unquote(user))}{colon}{quote(unquote(password), safe='')}@" if login else ""
    if scheme == "unix":
        return dict(parse_url(f"unix://{safe}{path}"))  # type: ignore[no-untyped-call]
    if not (sound := _PLACE.fullmatch(place)):
        raise _bad("names no host" if place.partition(":")[0] == "" else "names an invalid host or port")
    if sound[1] is not None and not 0 < int(sound[1]) < 65_536:
        raise _bad("names an invalid port", "use a number from 1 to 65535")
    return dict(parse_url(f"redis://{safe}{place}"))  # type: ignore[no-untyped-call]


def _password(given: str | None, path: str | None) -> str | None:
    if path is None:
        return given or None
    if given:
        raise _bad("gives both a password and a password_file", "keep one of them")
    try:
        return password_in(Path(path).expanduser()) or None
    except (OSError, ValueError) as error:  # not its name: it may be the password itself
        why = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(
            f"The file with the store's password cannot be read: {why}.",
            remedy="check password_file= in the store's URL, which names a file",
        ) from None


def _file(options: Mapping[str, str], name: str) -> str | None:
    if name not in options:
        return None
    path = Path(options[name]).expanduser()
    if not path.is_file():
        raise ConfigError(f"There is no file {path} ({name}= of the store's URL).", remedy=f"check {name}=")
    return str(path)


def tenant_name(given: str) -> str:
    """A tenant's name; ConfigError if it cannot be one."""
    if not _TENANT.fullmatch(given):
        raise ConfigError(
            "The tenant's name cannot be used.",
            remedy="use small letters, digits, dots and dashes, 63 at most",
        )
    return given


def _timeout(options: Mapping[str, str]) -> float | None:
    if "timeout" not in options:
        return None
    try:
        seconds = float(options["timeout"])
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= 3600.0:
        raise _bad("asks for an invalid timeout", "give seconds, such as timeout=5")
    return seconds


def _index_options(options: Mapping[str, str]) -> dict[str, str]:
    given = {name: options[name] for name in _OF_INDEX if name in options}
    for name, value in given.items():
        if name == "vectors":
            if value not in VECTOR_TYPES:
                raise _bad("asks for vectors= of an unknown type", f"use one of {', '.join(VECTOR_TYPES)}")
        elif not value.isascii() or not value.isdigit() or int(value) < 1:
            raise _bad(f"asks for a {name}= that is not a number", "give a whole number")
    return given


def _bad(what: str, remedy: str = "") -> ConfigError:
    return ConfigError(f"The store's URL {what}.", remedy=remedy or f"use {EXAMPLE}")
