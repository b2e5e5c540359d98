"""What a language says about code that its grammar cannot read: the table `recovery` of its .toml (FORMAT.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Blank:
    """A regular expression whose groups are made blank, but for those that have a name."""

    rule: str
    holds: tuple[str, ...] = ()
    """words of which the text holds one, or it is not tried; none: it is always tried"""
    reads: str = ""
    """what is read in place of the first group, where that is long enough"""
    names: bool = False
    """whether the words that are made blank name what follows them"""
    attributes: bool = False
    """whether what is made blank belongs to the definition below, as annotations do"""


class Rule(NamedTuple):
    """The same for bytes."""

    holds: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    reads: bytes
    capture: str
    """what a query would capture what is blank as; empty: nothing"""
    groups: tuple[int, ...]
    """those of the pattern that are made blank"""


@dataclass(frozen=True)
class Recovery:
    """The rules of a language and of those that it inherits."""

    conditionals: bool = False
    """whether it has a preprocessor's `#if`, whose halves may split what belongs together"""
    inline: bool = False
    """whether what begins a definition is looked for within lines as well"""
    flat: bool = False
    """whether what is in a class is indented no deeper than it"""
    astray: bool = False
    """whether what follows an error may be misread without another one: then it is looked through to its end"""
    bodies: tuple[str, ...] = ()
    """node types, as of functions' bodies, in which an error within one line hides nothing"""
    keywords: tuple[str, ...] = ()
    """words that are no names, whatever an erroneous tree says"""
    blank: tuple[Blank, ...] = ()
    """what is made blank for a second parse, one after the other"""
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
    def rules(self) -> list[Rule]:
        """`blank`, compiled; the expressions are for a text behind a line end."""
        return [_rule(each) for each in self.blank]

    @cached_property
    def stumbles(self) -> re.Pattern[bytes] | None:
        """`confusing`, compiled; None if there is nothing."""
        return re.compile("|".join(self.confusing).encode(), re.MULTILINE) if self.confusing else None

    @cached_property
    def heads(self) -> list[tuple[str, re.Pattern[str]]]:
        """`patterns`, compiled, with their kinds."""
        parted = (pattern.partition(" ") for pattern in self.patterns)
        return [(kind, re.compile(head, re.MULTILINE | re.VERBOSE)) for kind, _, head in parted]


def _rule(blank: Blank) -> Rule:
    pattern = re.compile(_sought(blank.rule).encode(), _FLAGS)
    named = pattern.groupindex.values()
    return Rule(
        tuple(word.encode() for word in blank.holds),
        pattern,
        blank.reads.encode(),
        "member" if blank.names else "attribute" if blank.attributes else "",
        tuple(group for group in range(1, pattern.groups + 1) if group not in named),
    )


_FLAGS = re.MULTILINE | re.VERBOSE
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|#[^\n]*|[()|]", re.DOTALL)


_WORD = re.compile(r"\s*([A-Za-z_]\w*)(?![\w?*+{])")


def _sought(rule: str) -> str:
    """A rule that begins at a place as one that begins with characters, which the engine finds five times as fast: of
    beginnings of lines, the line's end ahead; of those of words, the word, and then a look at what is ahead of it."""
    if rule.startswith("^") and len(_alternatives(rule, 0)) == 1:
        return rf"\n{rule[1:]}"
    opened = next((opened for opened in (r"\b(?:", r"\b(") if rule.startswith(opened)), "")
    if not opened or rule[len(opened) :].startswith("?"):
        return rule
    alternatives = _alternatives(rule, len(opened))
    words = [_WORD.match(alternative) for alternative in alternatives]
    if not all(words):
        return rule
    made = [
        f"{alternative[: word.end()]}(?<!\\w{word[1]}){alternative[word.end() :]}"
        for alternative, word in zip(alternatives, words, strict=True)
        if word
    ]
    return opened[2:] + "|".join(made) + rule[len(opened) + len("|".join(alternatives)) :]


def _alternatives(rule: str, start: int) -> list[str]:
    """Of the group that is open at a place of a rule; of the rule itself at 0."""
    found: list[str] = []
    begun, depth = start, 0
    for part in _PART.finditer(rule, start):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth < 0:
            return [*found, rule[begun : part.start()]]
        if part[0] == "|" and not depth:
            found.append(rule[begun : part.start()])
            begun = part.end()
    return [*found, rule[begun:]]


def described(table: Mapping[str, Any]) -> Recovery:
    """The table of a .toml. Raises TypeError for keys that there are none of."""
    keys: dict[str, Any] = {}
    for key, value in table.items():
        keys[key] = tuple(value) if isinstance(value, list) else value
    keys["blank"] = tuple(map(_blank, keys.get("blank", ())))
    modifiers = keys.pop("modifiers", "")
    keys["patterns"] = tuple(head.replace("MODIFIERS", modifiers) for head in keys.get("patterns", ()))
    return Recovery(**keys)


def _blank(rule: str | Mapping[str, Any]) -> Blank:
    """A rule of `blank`: an expression, or a table of it and more."""
    table = {"rule": rule} if isinstance(rule, str) else {**rule, "holds": tuple(rule.get("holds", ()))}
    return Blank(**table)


def joined(recoveries: Sequence[Recovery]) -> Recovery | None:
    """The rules of a language before those that it inherits; None if nobody has any."""
    if not any(each != Recovery() for each in recoveries):
        return None
    return Recovery(
        conditionals=any(each.conditionals for each in recoveries),
        inline=any(each.inline for each in recoveries),
        flat=any(each.flat for each in recoveries),
        astray=any(each.astray for each in recoveries),
        bodies=tuple(chain.from_iterable(each.bodies for each in recoveries)),
        keywords=tuple(chain.from_iterable(each.keywords for each in recoveries)),
        blank=tuple(chain.from_iterable(each.blank for each in recoveries)),
        confusing=tuple(chain.from_iterable(each.confusing for each in recoveries)),
        patterns=tuple(chain.from_iterable(each.patterns for each in recoveries)),
    )
