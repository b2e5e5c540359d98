"""Who uses which name: a file in the data folder, which gives each name to the folder that used it first."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, field, replace
from pathlib import Path
from typing import Any

from wherein import private
from wherein.errors import StoreUnreachable
from wherein.quick_dataclass import dataclass

FILE = "names.json"

VERSION = 1

LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class User:
    """A clone that uses a name."""

    place: str
    """its git folder, or the plain folder"""
    inode: str = ""
    origin: str = ""
    roots: tuple[str, ...] = ()
    head: str = ""
    """a commit that it had, which a shallow clone may know"""
    mark: str = ""
    """what the names of its views carry; empty for the owner of the name"""
    folders: tuple[str, ...] = ()
    """its worktrees"""
    disputed: bool = False
    """whether it claims another's name, and its user has not said that this is right"""

    @property
    def there(self) -> bool:
        """Whether it is still where it was."""
        return Path(self.place).exists()


@dataclass(frozen=True, slots=True)
class Contents:
    """What the register says."""

    users: dict[str, list[User]] = field(default_factory=dict)
    """name, with its store → its users; the first one owns it"""
    joined: dict[str, str] = field(default_factory=dict)
    """place → the name that the user gave it"""


class Register:
    """The register in a data folder. Reading takes no lock: the file is replaced as a whole."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE

    def read(self) -> Contents:
        """What it says; nothing if there is none, or none that can be read."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            return _parsed(private.read_json(self._path))
        return Contents()

    def as_it_is(self) -> "Register":
        """As `read`, for many names: read once, as it is now."""
        return _Read(self._path.parent, self.read())

    def change(self, change: Callable[[Contents], None]) -> None:
        """Let a function change what it says, one process at a time."""
        from filelock import Timeout

        try:
            private.folder(self._path.parent)
            with private.lock(self._path.with_suffix(".lock"), LOCK_SECONDS):
                contents = self.read()
                change(contents)
                self._write(contents)
        except Timeout:
            raise StoreUnreachable(f"{self._path} is in use.", remedy="try again") from None
        except OSError as error:
            raise StoreUnreachable(
                f"{self._path} cannot be written: {error.strerror}.",
                remedy="free some space, or set WHEREIN_DATA_DIR to a folder that you own",
            ) from error

    def _write(self, contents: Contents) -> None:
        data = {
            "version": VERSION,
            "users": {name: [asdict(user) for user in users] for name, users in contents.users.items()},
            "joined": contents.joined,
        }
        private.write(self._path, json.dumps(data, indent=1).encode())


class _Read(Register):
    """A register that was read."""

    def __init__(self, data_dir: Path, contents: Contents) -> None:
        super().__init__(data_dir)
        self._contents = contents

    def read(self) -> Contents:
        """What it said."""
        return self._contents


def forget(register: Register, key: str) -> None:
    """Remove a name, whose index is gone, from the register."""

    def change(contents: Contents) -> None:
        contents.users.pop(key, None)

    if key in register.read().users:
        register.change(change)


def noted(users: list[User], user: User) -> list[User]:
    """The users with this one, which replaces what was known about it."""
    for number, known in enumerate(users):
        if known.place == user.place or (known.inode == user.inode and not known.there):
            kept = replace(user, mark=known.mark, folders=_joined(known.folders, user.folders))
            return [*users[:number], kept, *users[number + 1 :]]
    return [*users, user]


def _joined(known: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*filter(os.path.exists, known), *new]))


def _parsed(data: Any) -> Contents:  # noqa: ANN401 - JSON
    if data["version"] != VERSION:
        return Contents()
    users = {str(name): [_user(each) for each in known] for name, known in data["users"].items()}
    return Contents(
        {name: known for name, known in users.items() if known},
        {str(place): str(name) for place, name in data["joined"].items()},
    )


def _user(data: Mapping[str, Any]) -> User:
    place, inode, origin, head, mark = (
        str(data[key]) for key in ("place", "inode", "origin", "head", "mark")
    )
    roots, folders = (tuple(map(str, data[key])) for key in ("roots", "folders"))
    return User(place, inode, origin, roots, head, mark, folders, data["disputed"] is True)
