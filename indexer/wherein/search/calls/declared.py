"""What a file says about types: a variable's type, and what a class is made from. Judged by how it is written: no
language is parsed, and what other files say is unknown."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from wherein.search.lines_holding import lines_holding

LONGEST_HEAD = 400
"""Characters of what a class is said to be made from."""

MOST_LINES = 200
"""With a name, of a file, that are looked at."""

_CONTAINERS = "class|struct|object|record|extension|enum|trait|interface|protocol|actor|type|module"
_BEFORE_NAME = (
    r"(?:(?!\b(?:extends|implements|with|for|on|where|permits)\b)(?:[^\n{;(:,=<]|::|\([^()\n]*\)))*?"
)
"""Between such a word and what it declares: `class EXPORT(x) web::Disk`."""
_INSTANCE = r"instance\s+(?:(?![^\n{;]*=>)|[^\n{;]*=>\s*)\w"
_NOBODY = frozenset({"null", "None", "nil", "undefined", "true", "false", "True", "False", "this", "self"})
_BETWEEN = r"[\w<>\[\],.?&*: ]{0,40}?"
_HEAD_ENDS = re.compile(r"[{;]|:\s*\n|\n\s*\n")


@lru_cache(maxsize=4_096)
def _declarations(variable: str, name: str) -> re.Pattern[str]:
    """`ctx: Context`, `Context ctx`, `ctx *Context`, `ctx = Context(…)`, `Context<T> ctx`."""
    one, kind = re.escape(variable), re.escape(name)
    return re.compile(
        rf"\b{one}\b\??\s*:\s*[^=;,(){{}}\n]{{0,60}}?\b{kind}\b"
        rf"|\b{kind}\b(?:[<\[?&*,.: ]{_BETWEEN})?[\s*&>\]?]{one}\b"
        rf"|\b{one}\s+[*&\[\]\w.]{{0,40}}?\b{kind}\b"
        rf"|\b{one}\b\s*:?=\s*(?:new\s+|&|await\s+)?[\w.:]{{0,40}}?\b{kind}\b"
    )


@lru_cache(maxsize=4_096)
def _named_after(variable: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(variable)}\s*=\s*(\w+)\s*[;,]?\s*$")


def declares(text: str, variable: str, name: str) -> bool:
    """Whether a text says that a variable holds what has the name of a type, or is another one that does:
    `self._store = store`."""
    if not variable.isidentifier() or not name.isidentifier() or variable == name or name not in text:
        return False
    if _says(text, variable, name):
        return True
    others = {
        match[1] for line in _lines_with(variable, text) if (match := _named_after(variable).search(line))
    }
    return any(_says(text, other, name) for other in others - {variable} - _NOBODY)


def is_parameter(text: str, variable: str) -> bool:
    """Whether a variable is among the parameters of a function: whatever else its file calls so is another."""
    head = text[:LONGEST_HEAD].partition("{")[0]
    return variable in head and _parameter(variable).search(head) is not None


@lru_cache(maxsize=4_096)
def _parameter(variable: str) -> re.Pattern[str]:
    return re.compile(rf"[(,][^()]*\b{re.escape(variable)}\s*[,):=]")


def _says(text: str, variable: str, name: str) -> bool:
    pattern = _declarations(variable, name)
    return any(variable in line and pattern.search(line) for line in _lines_with(name, text))


def _lines_with(word: str, text: str) -> Iterator[str]:
    for start, end, at in islice(lines_holding(word, text), MOST_LINES):
        yield text[max(start, at - LONGEST_HEAD) : min(end, at + LONGEST_HEAD)]


def made_from(text: str, name: str, other: str) -> bool:
    """Whether a text says that a class is made from another one: derives from it, or implements it. Never the other way
    round: only the head that declares `name` tells."""
    if not name.isidentifier() or not other.isidentifier() or name == other or other not in text:
        return False
    for start, _, _ in islice(lines_holding(name, text), MOST_LINES):
        head = text[start : start + LONGEST_HEAD]
        if (match := _head(name).match(head)) is not None:
            end = _HEAD_ENDS.search(head, match.end())
            told = head[0 if match["given"] else match.end() : end.start() if end else len(head)]
            if _word(other).search(told):
                return True
    return False


@lru_cache(maxsize=4_096)
def _head(name: str) -> re.Pattern[str]:
    """`class Disk`, before what it is made from; or `impl Store for Disk` and `instance Store Disk`, after it."""
    return re.compile(
        rf"[^\n{{;]*\b(?:(?:{_CONTAINERS})\b{_BEFORE_NAME}"
        rf"|(?P<given>impl\b[^\n{{;]*\bfor\b|{_INSTANCE})[^\n{{;]*)\b{re.escape(name)}\b"
    )


@lru_cache(maxsize=4_096)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(name)}\b")
