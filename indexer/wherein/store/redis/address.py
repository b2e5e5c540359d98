"""A URL of the Redis store, taken apart: where the server is, who asks, in which tenant's name space."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from wherein.errors import ConfigError
from wherein.store.redis.password_file import password_in

SCHEMES = frozenset(("redis", "rediss", "unix", "redis+cluster", "rediss+cluster"))

DEFAULT_PORT = 6379
DEFAULT_TENANT = "default"

EXAMPLE = "redis://HOST:6379, rediss://…, unix:///path/to.sock or redis+cluster://HOST:PORT,HOST:PORT"

VECTOR_TYPES = ("float32", "float16")

_OF_CONNECTION = ("tenant", "ca", "cert", "key", "password_file", "timeout")
_OF_INDEX = ("flat_up_to", "m", "ef_construction", "ef_runtime", "vectors")
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
    """ConfigError where the URL says something that we do not understand, or names a file that is not there."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        shown = redacted(url)
    except ValueError as error:
        raise _bad(f"cannot be read: {error}") from error
    if parts.scheme not in SCHEMES:
        raise _bad(f"does not begin with one of {', '.join(sorted(SCHEMES))}")
    if unknown := sorted(options.keys() - {*_OF_CONNECTION, *_OF_INDEX}):
        raise _bad(f"has no parameter {unknown[0]!r}", f"use {', '.join((*_OF_CONNECTION, *_OF_INDEX))}")
    if parts.fragment:
        raise _bad("has a # in it", "write # as %23 in a password")
    tls = parts.scheme.startswith("rediss")
    login, at, place = parts.netloc.rpartition("@")
    username, colon, password = login.partition(":")
    path = unquote(parts.path)
    if parts.scheme == "unix":
        if place or not path.startswith("/"):
            raise _bad("names no socket", "use unix:///path/to.sock")
    elif path not in ("", "/", "/0"):
        raise _bad(
            f"asks for the database {path.lstrip('/')}",
            "leave it out: a search index lives in database 0 only",
        )
    if not tls and (given := {"ca", "cert", "key"} & options.keys()):
        raise _bad(f"gives {min(given)}= without TLS", "use rediss:// or rediss+cluster://")
    return Target(
        shown=shown,
        hosts=() if parts.scheme == "unix" else _hosts(parts, place),
        socket=path if parts.scheme == "unix" else "",
        username=unquote(username) or None if at else None,
        password=_password(unquote(password) if colon else None, options.get("password_file")),
        tls=tls,
        cluster=parts.scheme.endswith("+cluster"),
        ca=_file(options, "ca"),
        certificate=_file(options, "cert"),
        key=_file(options, "key"),
        tenant=_tenant(options),
        timeout=_timeout(options),
        options=_index_options(options),
    )


def redacted(url: str) -> str:
    """The URL as it may be shown: with *** for a password, and without the names of files."""
    parts = urlsplit(url)
    login, at, place = parts.netloc.rpartition("@")
    username, colon, _ = login.partition(":")
    query = "&".join(
        f"{name}={quote(value)}" for name, value in parse_qsl(parts.query) if name in ("tenant", "timeout")
    )
    netloc = f"{username}{colon and ':***'}{at}{place}"
    slashes = "//"  # geturl() leaves them out of unix:///path
    return f"{parts.scheme}:{slashes}{netloc}{parts.path}{'?' if query else ''}{query}"


def _hosts(parts: SplitResult, place: str) -> tuple[tuple[str, int], ...]:
    several = place.split(",")
    if len(several) > 1 and not parts.scheme.endswith("+cluster"):
        raise _bad("names several hosts", f"use {parts.scheme}+cluster:// for a cluster")
    hosts = []
    for each in several:
        try:
            one = urlsplit(f"//{each}")
            hosts.append((one.hostname or "", one.port or DEFAULT_PORT))
        except ValueError as error:
            raise _bad(f"has a bad port: {error}") from error
    if any(not host for host, _ in hosts):
        raise _bad("names no host")
    return tuple(hosts)


def _password(given: str | None, path: str | None) -> str | None:
    if path is None:
        return given or None
    if given:
        raise _bad("gives both a password and a password_file", "keep one of them")
    try:
        return password_in(Path(path).expanduser()) or None
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"The file with the store's password, {path}, cannot be read: {error}.",
            remedy="check password_file= in the store's URL",
        ) from error


def _file(options: Mapping[str, str], name: str) -> str | None:
    if name not in options:
        return None
    path = Path(options[name]).expanduser()
    if not path.is_file():
        raise ConfigError(f"There is no file {path} ({name}= of the store's URL).", remedy=f"check {name}=")
    return str(path)


def _tenant(options: Mapping[str, str]) -> str:
    tenant = options.get("tenant", DEFAULT_TENANT)
    if not _TENANT.fullmatch(tenant):
        raise _bad(f"names the tenant {tenant!r}", "use small letters, digits, dots and dashes, 63 at most")
    return tenant


def _timeout(options: Mapping[str, str]) -> float | None:
    if "timeout" not in options:
        return None
    try:
        seconds = float(options["timeout"])
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds <= 3600.0:
        raise _bad(f"asks for a timeout of {options['timeout']!r}", "give seconds, such as timeout=5")
    return seconds


def _index_options(options: Mapping[str, str]) -> dict[str, str]:
    given = {name: options[name] for name in _OF_INDEX if name in options}
    for name, value in given.items():
        if name == "vectors":
            if value not in VECTOR_TYPES:
                raise _bad(f"asks for vectors={value}", f"use one of {', '.join(VECTOR_TYPES)}")
        elif not value.isascii() or not value.isdigit() or int(value) < 1:
            raise _bad(f"asks for {name}={value}", "give a whole number")
    return given


def _bad(what: str, remedy: str = "") -> ConfigError:
    return ConfigError(f"The store's URL {what}.", remedy=remedy or f"use {EXAMPLE}")
