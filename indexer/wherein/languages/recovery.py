"""What a language says about code that its grammar cannot read: the table `recovery` of its .toml (FORMAT.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Recovery:
    """The rules of a language and of those that it inherits."""

    conditionals: bool = False
    """whether it has a preprocessor's `#if`, whose halves may split what belongs together"""
    bodies: tuple[str, ...] = ()
    """node types, as of functions' bodies, in which an error within one line hides nothing"""
    keywords: tuple[str, ...] = ()
    """words that are no names, whatever an erroneous tree says"""
    blank: tuple[tuple[tuple[str, ...], str], ...] = ()
    """regular expressions whose groups are made blank for a second parse, one after the other; each behind words of
    which the text holds one, or it is not tried (none: it is always tried)"""
    confusing: tuple[str, ...] = ()
    """regular expressions of what a grammar is sure to stumble over: then the text with blanks is parsed first, and
    alone where that has no errors"""
    patterns: tuple[str, ...] = ()
    """`<kind> <regular expression>`: what begins a definition at the beginning of a line that was not understood"""

    @cached_property
    def words(self) -> frozenset[bytes]:
        """`keywords` as the parser sees them."""
        return frozenset(word.encode() for word in self.keywords)

    @cached_property
    def rules(self) -> list[tuple[tuple[bytes, ...], re.Pattern[bytes]]]:
        """`blank`, compiled, each behind the words that it needs. They are for a text behind a line end."""
        return [
            (tuple(word.encode() for word in words), re.compile(_behind_line_end(rule).encode(), _FLAGS))
            for words, rule in self.blank
        ]

    @cached_property
    def stumbles(self) -> re.Pattern[bytes] | None:
        """`confusing`, compiled; None where there is nothing."""
        return re.compile("|".join(self.confusing).encode(), re.MULTILINE) if self.confusing else None

    @cached_property
    def heads(self) -> list[tuple[str, re.Pattern[str]]]:
        """`patterns`, compiled, with their kinds."""
        parted = (pattern.partition(" ") for pattern in self.patterns)
        return [(kind, re.compile(head, re.MULTILINE | re.VERBOSE)) for kind, _, head in parted]


_FLAGS = re.MULTILINE | re.VERBOSE
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|#[^\n]*|[()|]", re.DOTALL)


def _behind_line_end(rule: str) -> str:
    """A rule for beginnings of lines as one for line ends and what follows: the engine finds a character five times as
    fast as a place."""
    if not rule.startswith("^"):
        return rule
    depth = 0
    for part in _PART.findall(rule):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if part == "|" and not depth:
            return rule
    return rf"\n{rule[1:]}"


def described(table: Mapping[str, Any]) -> Recovery:
    """The table of a .toml. Raises TypeError for keys that there are none of."""
    keys: dict[str, Any] = {}
    for key, value in table.items():
        keys[key] = tuple(value) if isinstance(value, list) else value
    keys["blank"] = tuple(map(_blank, keys.get("blank", ())))
    return Recovery(**keys)


def _blank(rule: str | Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """A rule of `blank`: an expression, or a table of it and the words that it needs."""
    return ((), rule) if isinstance(rule, str) else (tuple(rule["holds"]), rule["rule"])


def joined(recoveries: Sequence[Recovery]) -> Recovery | None:
    """The rules of a language before those that it inherits; None where nobody has any."""
    if not any(each != Recovery() for each in recoveries):
        return None
    return Recovery(
        conditionals=any(each.conditionals for each in recoveries),
        bodies=tuple(chain.from_iterable(each.bodies for each in recoveries)),
        keywords=tuple(chain.from_iterable(each.keywords for each in recoveries)),
        blank=tuple(chain.from_iterable(each.blank for each in recoveries)),
        confusing=tuple(chain.from_iterable(each.confusing for each in recoveries)),
        patterns=tuple(chain.from_iterable(each.patterns for each in recoveries)),
    )
