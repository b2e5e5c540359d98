"""What secrets look like, from rules.toml."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal as OneOf

from wherein.quick_dataclass import dataclass

Unquoted = OneOf["", "words", "lines"]
"""How far values go that stand without quotes: there are none, to the next blank, to the line's end."""

_SEPARATORS = r"[_\-. ]?"


@dataclass(frozen=True, slots=True)
class Literal:
    """A format that holds a literal."""

    name: str
    ahead: int
    """how far ahead of the literal the pattern may begin"""
    pattern: re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class Command:
    """Where programs take a password."""

    words: tuple[bytes, ...]
    """the pattern fits where one of these stands"""
    pattern: re.Pattern[bytes]
    """its group `secret` is the password"""
    plain: bool
    """whether that may be of letters alone"""


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, compiled, for the bytes of a text in Latin-1."""

    shortest_run: int
    tokens: re.Pattern[bytes]
    """fits where a token begins; the group that fits is one of `token_names`"""
    token_names: dict[str, str]
    literals: re.Pattern[bytes]
    """each in a group of the name that its rule has in `by_literal`"""
    by_literal: dict[str, Literal]
    names: re.Pattern[bytes]
    """of secrets"""
    stems: tuple[bytes, ...]
    """one of these, in lower case, stands in each name of a secret …"""
    commands: tuple[Command, ...]
    password_words: tuple[bytes, ...]
    """… and of a password"""
    password_stems: tuple[bytes, ...]
    """how these begin; those that are none of them are no part of another word"""
    password_prefixes: tuple[bytes, ...]
    """words that one of those may be grown together with: `smtppass`"""
    unquoted: dict[str, Unquoted]
    """by language"""
    placeholders: tuple[bytes, ...]
    public: tuple[bytes, ...]
    manual_passwords: frozenset[bytes]
    sentence_words: frozenset[bytes]
    of_manuals: re.Pattern[bytes]
    """several of them, without anything between"""


@cache
def rules() -> Rules:
    """The rules, read once."""
    data = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    tokens = [
        f"(?P<t{number}>{each['pattern']}{'' if each.get('open') else '(?![A-Za-z0-9_-])'})"
        for number, each in enumerate(data["token"])
    ]
    literals = [f"(?P<l{number}>{re.escape(each['literal'])})" for number, each in enumerate(data["literal"])]
    assigned = data["assigned"]
    return Rules(
        shortest_run=data["shortest_run"],
        tokens=re.compile("|".join(tokens).encode("ascii")),
        token_names={f"t{number}": each["name"] for number, each in enumerate(data["token"])},
        literals=re.compile("|".join(literals).encode("ascii")),
        by_literal={
            f"l{number}": Literal(
                each["name"],
                each.get("ahead", 0),
                re.compile(each["pattern"].encode("ascii")),
            )
            for number, each in enumerate(data["literal"])
        },
        names=re.compile(_named(assigned["names"], assigned["short_names"]).encode("ascii")),
        stems=_words(assigned["stems"]),
        commands=tuple(
            Command(
                _words(each["words"]),
                re.compile(_filled(each["pattern"], data["command_parts"]).encode("ascii")),
                each.get("plain", False),
            )
            for each in data["command"]
        ),
        password_words=_words(assigned["passwords"]),
        password_stems=_words(assigned["password_stems"]),
        password_prefixes=_words(assigned["password_prefixes"]),
        unquoted={
            **dict.fromkeys(assigned["unquoted_lines"], "lines"),
            **dict.fromkeys(assigned["unquoted_words"], "words"),
        },
        placeholders=_words(assigned["placeholders"]),
        public=_words(assigned["public"]),
        manual_passwords=frozenset(_words(assigned["manual_passwords"])),
        sentence_words=frozenset(_words(assigned["sentence_words"])),
        of_manuals=re.compile(f"(?:{'|'.join(assigned['manual_passwords'])}){{1,8}}s?".encode("ascii")),
    )


def _words(words: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(word.encode("latin-1") for word in words)


def _named(names: Sequence[str], short_names: Sequence[str]) -> str:
    """A pattern of the names of secrets: the short ones are no part of another word."""
    words = "|".join(name.replace("_", _SEPARATORS) for name in names)
    short = "|".join(short_names)
    begun = "|".join(name.capitalize() for name in short_names)
    return rf"(?i:{words})|(?<![A-Za-z])(?i:{short})(?![a-z])|(?<=[a-z])(?:{begun})(?![a-z])"


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """A pattern with its `<name>`s replaced by the parts of these names."""
    for name, part in parts.items():
        pattern = pattern.replace(f"<{name}>", part)
    return pattern
