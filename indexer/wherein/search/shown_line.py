"""The line of a hit that is shown: the one with its name, else the one with the word that was found."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

from wherein.one_form import one_form

_COMMENT = re.compile(r"\s*(?://|/\*|\*(?![\w*])|#(?!\w|!\[|\[)|--|;;|<!--|\(\*|\"\"\")")
"""Comments above a definition, in most languages."""
_ANNOTATION = re.compile(r"\s*@")

READ_LINES = 400
"""Of a longer text, only so many lines are weighed."""


def name_line(lines: Sequence[str], name: str, known: int | None, *, prose: bool = False) -> int | None:
    """The index of the line that holds a name: `known`, where it does; else the first one that is neither a comment nor
    an annotation, else the first one. None if no line does. In `prose` there are no comments."""
    if not name:
        return None
    held = known is not None and 0 <= known < len(lines) and _held(lines[known], name)
    if known is not None and held and (prose or not _COMMENT.match(lines[known])):
        return known
    holding = [i for i, line in enumerate(lines) if name in line]
    holding = [i for i in holding if _held(lines[i], name)]
    if holding:
        code = [i for i in holding if not prose and not _COMMENT.match(lines[i])]
        return next((i for i in code if not _ANNOTATION.match(lines[i])), (code or holding)[0])
    return known if known is not None and 0 <= known < len(lines) else None


def telling_line(lines: Sequence[str], terms: Collection[str]) -> int | None:
    """The index of the first line that holds most of the query's terms, the rarer the better; None if none does.

    A term is a stem, so a line that has it has it as a part of its text: no line is taken apart for that.
    """
    held = [
        [term for term in terms if term in line]
        for line in (one_form(line).lower() for line in lines[:READ_LINES])
    ]
    spread = Counter(term for found in held for term in found)
    weights = [sum(1 / spread[term] for term in found) for found in held]
    best = max(weights, default=0.0)
    return weights.index(best) if best > 0 else None


def first_filled(lines: Sequence[str]) -> int:
    """The index of the first line that is not blank; 0 if all are."""
    for i, line in enumerate(lines):
        if line.strip():
            return i
    return 0


def column_of(line: str, name: str) -> int:
    """Where a name stands in a line, in characters from 1; where it does not, the first that is not blank."""
    found = _position(line, name) if name else -1
    return (found if found >= 0 else len(line) - len(line.lstrip())) + 1


def _held(line: str, name: str) -> bool:
    return _position(line, name) >= 0


def _position(line: str, name: str) -> int:
    """The first place where a name stands whole, in either form of its accents; -1 where it does not."""
    at = _place(line, name)
    if at < 0 and not name.isascii() and not line.isascii():
        at = _place(line, unicodedata.normalize("NFD", name))
    return at


def _place(line: str, name: str) -> int:
    at = line.find(name)
    while at >= 0:
        end = at + len(name)
        joined = _is_word(line[at - 1 : at]) and _is_word(name[:1])
        joined = joined or (_is_word(line[end : end + 1]) and _is_word(name[-1:]))
        if not joined:
            return at
        at = line.find(name, at + 1)
    return -1


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
