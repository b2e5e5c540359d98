"""Preprocessor conditionals that no grammar can read: those whose halves are not whole declarations or statements.

    #ifdef FAST
        for (i = 0; i < 3; i++) {
    #else
        for (i = 0; i < 9; i++) {
    #endif

Here a brace is opened twice and closed once. One half is kept and the others are made blank, so that what follows is
read as it was meant. Conditionals around whole declarations and statements stay as they are, with every half; only
conditions like `__has_include(<version>)`, which no grammar reads either, become a plain 1.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TypeAlias

from wherein.quick_dataclass import dataclass

MOST_UNCLOSED = 20
"""How many parentheses that are never closed a brace is looked for behind."""

# `{1,200}`, not `++`: before 3.11.5 Python goes on wrongly behind an alternative that failed in such a group.
_TOKEN = re.compile(
    rb"""
      ^[ \t]*+\#[ \t]*+(?P<word>if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b
          (?P<directive>(?:[^\n\\/]++|\\\n|\\|/(?![/*]))*+)
    | (?P<gap>  ^[ \t]*+\#(?:[^\n\\/]++|\\\n|\\|/(?![/*]))*+ | //[^\n]*+ | /\*(?:[^*]++|\*(?!/))*+(?:\*/)? )
    | (?P<text> "(?:[^"\\\n]++|\\.)*+"? | (?<![0-9a-fA-F])'(?:[^'\\\n]++|\\.)*+'? )
    | (?P<open> [({\[] )
    | (?P<close> [)}\]] )
    | (?P<other> (?: [^(){}\[\]"'/\#\n]++ | \n(?![ \t]*+\#) | /(?![/*]) | \([^(){}\[\]"'/\#\n]*+\) ){1,200} | ["'\#] )
    """,
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_BEGINS = re.compile(rb"(?:^|\n)[ \t]*+\#[ \t]*+if")
"""Without one there is nothing to do."""
_NOT_A_LINE_END = re.compile(rb"[^\n]")
_PAIRS = {b")": b"(", b"]": b"[", b"}": b"{"}
_ENDS = b";{}:"
"""What stands in front of a whole declaration, statement or label, and at its end."""

_Open: TypeAlias = "tuple[bytes, _Open] | None"
"""The brackets that are open, innermost first."""


@dataclass(slots=True)
class _Half:
    """What stands between two directives."""

    start: int
    stop: int = 0
    brackets: _Open = None
    """that are open at its end"""
    last: bytes = b""
    """its last character that is no blank; empty for none"""


@dataclass(slots=True)
class _Conditional:
    before: bytes
    """the last character in front of it that is no blank"""
    brackets: _Open
    """that are open in front of it"""
    dead: bool
    """whether its first half is under `#if 0`"""
    directives: list[tuple[int, int]] = field(default_factory=list)
    halves: list[_Half] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """Which half is read on."""
        return 1 if self.dead and len(self.halves) > 1 else 0

    @property
    def whole(self) -> bool:
        """Whether nothing depends on which half is taken."""
        return (
            self.before in _ENDS
            and (self.brackets is None or self.brackets[0] == b"{")
            and all(half.brackets is self.brackets and half.last in _ENDS for half in self.halves)
        )


def without_split_conditionals(data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The bytes with those conditionals made blank, lengths and lines kept; and (start, stop) of each half that was."""
    if not _BEGINS.search(data):
        return data, []
    conditions, directives, halves = _split(data)
    if not directives and not conditions:
        return data, []
    made = bytearray(data)
    for start, stop in conditions:
        made[start:stop] = _NOT_A_LINE_END.sub(b" ", made[start:stop])
        made[start + 1 : start + 2] = b"1"
    for start, stop in directives + halves:
        made[start:stop] = _NOT_A_LINE_END.sub(b" ", made[start:stop])
    return bytes(made), halves


_Spans: TypeAlias = "list[tuple[int, int]]"


def _split(data: bytes) -> tuple[_Spans, _Spans, _Spans]:
    """What cannot be read: conditions; the directives of conditionals that split something, and all their halves but
    one."""
    around: list[_Conditional] = []
    brackets: _Open = None
    last = b""
    conditions: _Spans = []
    directives: _Spans = []
    halves: _Spans = []
    for match in _TOKEN.finditer(data):
        kind = match.lastgroup
        if kind == "open":
            last = match[0]
            brackets = (last, brackets)
        elif kind == "close":
            last = match[0]
            brackets = _closed(brackets, last)
        elif kind == "directive":
            word = match["word"]
            if word.startswith(b"if"):
                dead = word == b"if" and match["directive"].strip() == b"0"
                around.append(_Conditional(last, brackets, dead))
            elif not around:
                continue
            if b"<" in match["directive"]:
                conditions.append(match.span("directive"))
            conditional = around[-1]
            conditional.directives.append(match.span())
            if conditional.halves:
                half = conditional.halves[-1]
                half.stop, half.brackets, half.last = match.start(), brackets, last
            if word != b"endif":
                conditional.halves.append(_Half(match.end()))
                brackets, last = conditional.brackets, b""
                continue
            around.pop()
            if not conditional.whole:
                directives += conditional.directives
                halves += [
                    (each.start, each.stop)
                    for place, each in enumerate(conditional.halves)
                    if place != conditional.kept or (conditional.dead and not place)
                ]
            read_on = conditional.halves[conditional.kept]
            brackets, last = read_on.brackets, read_on.last or conditional.before
        elif kind != "gap":
            last = match[0].rstrip()[-1:] or last
    return conditions, directives, halves


def _closed(brackets: _Open, close: bytes) -> _Open:
    """What is open after a closing bracket. A brace closes what is still open in it; other strays change nothing."""
    wanted = _PAIRS[close]
    if brackets is not None and brackets[0] == wanted:
        return brackets[1]
    if close == b"}":
        outer = brackets
        for _ in range(MOST_UNCLOSED):
            if outer is None:
                break
            mark, outer = outer
            if mark == b"{":
                return outer
    return brackets
