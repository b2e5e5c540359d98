"""Files that hold keys or credentials, judging by their names or their whole content; the rules are in files.toml."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from wherein.remembered import Remembered

HEAD = 200_000
"""Characters in which a file's kind of content is looked for."""

_KEY_MARKS = ("PRIVATE KEY", "PuTTY-User-Key-File", "AGE-SECRET-KEY-")
_KEY_RULES = ("private-key", "age-secret-key")

FOLDERS_KEPT = 10_000

MOST_COPIES = 3
"""Endings of copies behind one name."""


class SecretNames:
    """What the names of files say."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._files = frozenset(data["files"])
        self._copies = tuple(data["copies"])
        self._hidden_endings = tuple(data["hidden_endings"])
        self._endings = tuple(data["endings"])
        self._examples = frozenset(data["example_environments"])
        self._places = tuple(f"/{place}" for place in data["places"])
        self._folders = frozenset(data["folders"])
        self._in_folder = Remembered(self._of_folder, FOLDERS_KEPT)

    def because(self, path: str) -> str:
        """What a file is, judging by its name, as a clause; or an empty string. A folder ends with `/`."""
        lower = self._original(path.lower())
        folder, _, name = lower.rpartition("/")
        if folder and (found := self._in_folder[folder]):
            return found
        if name in self._files or (name[:1] == "." and name.endswith(self._hidden_endings)):
            return f"files called {name} hold credentials or what was typed"
        if name.endswith(self._endings):
            return f"a name that ends with {name[name.rindex('.') :]} shows that it holds keys or credentials"
        if ".env" in name and self._is_environment(name):
            return f"{name} is an environment file, and those hold credentials"
        if f"/{lower}".endswith(self._places):
            return f"{path} is where a program keeps its credentials"
        return ""

    def _original(self, path: str) -> str:
        """The file that a copy was made from, judging by its name; also for a copy of a copy. Emacs saves in between as
        `#NAME#`."""
        for _ in range(MOST_COPIES):
            if path.endswith(self._copies):
                path = path.removesuffix(next(filter(path.endswith, self._copies)))
        folder, slash, name = path.rpartition("/")
        return folder + slash + name[1:-1] if name[:1] == name[-1:] == "#" else path

    def _of_folder(self, folder: str) -> str:
        names = folder.split("/")
        held = next((depth for depth, name in enumerate(names, 1) if name in self._folders), 0)
        return f"{'/'.join(names[:held])}/ is where a program keeps its keys" if held else ""

    def _is_environment(self, name: str) -> bool:
        before, _, after = name.partition(".env")
        if before:
            return not after and before not in self._examples
        return not after or (after[0] in "._-" and re.split(r"[._-]", after)[-1] not in self._examples)


@cache
def secret_names() -> SecretNames:
    """The rules, read once."""
    return SecretNames(_data()["names"])


def holds_secrets(path: str, text: str) -> bool:
    """Whether a file is a private key, or has the form of credentials."""
    name = path.rpartition("/")[2].lower()
    if any(mark in text for mark in _KEY_MARKS) and _is_private_key(name, text):
        return True
    return any(
        name.endswith(endings) and all(_found(pattern, text) for pattern in patterns)
        for endings, patterns in _contents()
    )


def _is_private_key(name: str, text: str) -> bool:
    from wherein.secrets.find import find

    keys = sum(end - start for start, end, rule in find(text) if rule in _KEY_RULES)
    if name.endswith(tuple(_data()["names"]["key_endings"])):
        return keys > 0
    around = sum(len(line) for line in text.split("\n") if not line.startswith("-----")) - keys
    return keys > 0 and around <= keys


def _found(pattern: re.Pattern[str], text: str) -> bool:
    look = (
        pattern.match if pattern.pattern.startswith(r"\A") else pattern.search
    )  # `search` looks everywhere for \A
    return look(text, 0, HEAD) is not None


@cache
def _contents() -> list[tuple[tuple[str, ...], list[re.Pattern[str]]]]:
    return [
        (tuple(each["endings"]), [re.compile(pattern) for pattern in each["holds"]])
        for each in _data()["content"]
    ]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("files.toml").read_text(encoding="utf-8"))
