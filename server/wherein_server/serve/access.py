"""Who may ask: tokens, of which only hashes are kept, and users named by a reverse proxy; each with repositories.

They are in one file in the data folder, which only its owner can read. A running server notices a change at its next
request.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from wherein import private
from wherein.errors import ConfigError, NotFound, StoreUnreachable
from wherein.quick_dataclass import dataclass
from wherein_server.serve.principal import Principal, patterns

FILE = "serve-access.json"
LOCK = "serve-access.lock"
VERSION = 1
LOCK_SECONDS = 10.0

PREFIX = "wherein_"
"""Begins every token, so that scanners for leaked secrets can recognise one."""

SECRET_BYTES = 32
ID_BYTES = 4

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret."""

    id: str
    name: str
    sha256: str
    repositories: tuple[str, ...]
    metrics: bool = False
    created: float = 0.0
    expires: float | None = None

    @property
    def principal(self) -> Principal:
        """Whom it stands for."""
        return Principal(self.name, self.repositories, self.metrics)

    def expired(self, now: float) -> bool:
        """Whether its time is over."""
        return self.expires is not None and now >= self.expires


@dataclass(frozen=True, slots=True)
class User:
    """A user named by a proxy."""

    name: str
    repositories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the file says."""

    tokens: tuple[Token, ...] = ()
    users: tuple[User, ...] = ()


class Access:
    """The file in a data folder. Used by several threads: what was read is replaced as a whole."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE
        self._read: tuple[tuple[int, int, int], Contents] = ((0, 0, 0), Contents())

    def contents(self) -> Contents:
        """What the file says now. Raises StoreUnreachable if it cannot be read: then nobody is let in."""
        try:
            status = self.path.stat()
            stamp = status.st_ino, status.st_mtime_ns, status.st_size
            if stamp != self._read[0]:
                self._read = stamp, _parsed(private.read_json(self.path))
        except FileNotFoundError:
            return Contents()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            raise StoreUnreachable(
                f"{self.path} cannot be read, so nobody is let in.", remedy="fix it, or move it away"
            ) from None
        return self._read[1]

    def of_token(self, given: str) -> Principal | None:
        """Whom a token stands for; None if it is unknown or no longer valid."""
        name, _, secret = given.removeprefix(PREFIX).partition("_")
        digest = _digest(secret)
        for token in self.contents().tokens:
            if token.id == name and hmac.compare_digest(token.sha256, digest):
                return None if token.expired(time.time()) else token.principal
        return None

    def of_user(self, name: str) -> Principal | None:
        """The user that a proxy names; None if nothing was granted."""
        found = next((user for user in self.contents().users if user.name == name), None)
        return None if found is None else Principal(found.name, found.repositories)

    def new_token(
        self, name: str, repositories: Sequence[str], *, metrics: bool = False, days: int | None = None
    ) -> tuple[Token, str]:
        """Add a token. Returns it with its text, which is not kept. Raises ConfigError for an invalid name or
        pattern."""
        now = time.time()
        secret = secrets.token_urlsafe(SECRET_BYTES)
        token = Token(
            secrets.token_hex(ID_BYTES),
            _name(name),
            _digest(secret),
            _patterns(repositories),
            metrics,
            now,
            None if days is None else now + days * 86_400,
        )
        self._change(lambda known: replace(known, tokens=(*known.tokens, token)))
        return token, f"{PREFIX}{token.id}_{secret}"

    def revoke(self, which: str) -> list[Token]:
        """Revoke the token with that id, or all with that name. Raises NotFound."""
        gone: list[Token] = []

        def change(known: Contents) -> Contents:
            gone[:] = [each for each in known.tokens if which in (each.id, each.name)]
            if not gone:
                raise NotFound(f"There is no token {which!r}.", remedy="wherein serve token list")
            return replace(known, tokens=tuple(each for each in known.tokens if each not in gone))

        self._change(change)
        return gone

    def grant(self, name: str, repositories: Sequence[str]) -> User:
        """Let a user see exactly these repositories; none withdraws the grant."""
        user = User(_name(name), _patterns(repositories) if repositories else ())

        def change(known: Contents) -> Contents:
            others = tuple(each for each in known.users if each.name != user.name)
            return replace(known, users=(*others, user) if user.repositories else others)

        self._change(change)
        return user

    def _change(self, change: Callable[[Contents], Contents]) -> None:
        from filelock import Timeout

        try:
            folder = private.folder(self.path.parent)
            with private.lock(folder / LOCK, LOCK_SECONDS):
                made = change(self.contents())
                written = {"version": VERSION, **asdict(made)}
                private.write(self.path, json.dumps(written, indent=1).encode())
        except Timeout:
            raise StoreUnreachable(f"{self.path} is in use.", remedy="try again") from None
        except OSError as error:
            raise StoreUnreachable(f"{self.path} cannot be written: {error.strerror}.") from error


def _digest(secret: str) -> str:
    # a secret of 256 random bits needs no slow hash
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ConfigError(f"A name must have 1 to {LONGEST_NAME} printable characters.")
    return name


def _patterns(given: Sequence[str]) -> tuple[str, ...]:
    try:
        return patterns(given)
    except ValueError as error:
        raise ConfigError(f"This is not a pattern of repositories: {error}.") from None


def _parsed(data: Any) -> Contents:  # noqa: ANN401 - JSON
    if data["version"] != VERSION:
        raise ValueError("of another version")
    return Contents(tuple(map(_token, data["tokens"])), tuple(map(_user, data["users"])))


def _token(data: Any) -> Token:  # noqa: ANN401
    made = Token(**{**data, "repositories": tuple(map(str, data["repositories"]))})
    if not (isinstance(made.sha256, str) and len(made.sha256) == 64):
        raise ValueError("no hash")
    return made


def _user(data: Any) -> User:  # noqa: ANN401
    return User(str(data["name"]), tuple(map(str, data["repositories"])))
