"""Lines of code as pieces with classes, for a page that shows nothing but text."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from wherein_server.cli.sanitize import shown_name
from wherein_server.unfinished import CLOSED_BY, unfinished

if TYPE_CHECKING:
    from pygments.lexer import Lexer

AT_ONCE = 4_000
"""Characters that a lexer gets together. Some take quadratic time: 0.02 s for so many, 38 s for fifty times as many."""

LONGEST_LINE = 2_000
"""Characters of a line that are shown."""

MOST = 150_000
"""Characters of a file that are coloured: .4 s. What follows is plain."""

OTHER_NAMES = {
    "assembly": "gas",
    "astro": "html",
    "ecmascript": "javascript",
    "jsonl": "json",
    "notebook": "python",
    "shader": "glsl",
    "svelte": "html",
    "text": "",
    "transcript": "",
    "vue": "html",
}
"""Languages whose lexer has another name; nothing for those without one."""

Piece = tuple[str, str]
"""A class, or nothing, and text."""

CLASSES = (
    ("Comment", "c"),
    ("Keyword", "k"),
    ("Literal.String", "s"),
    ("Literal.Number", "n"),
    ("Name.Function", "f"),
    ("Name.Class", "t"),
    ("Name.Namespace", "t"),
    ("Name.Decorator", "d"),
    ("Name.Tag", "k"),
    ("Name.Attribute", "f"),
    ("Name.Builtin", "b"),
    ("Generic.Heading", "t"),
    ("Generic.Subheading", "t"),
    ("Operator.Word", "k"),
)
"""Kinds of tokens that have a colour, and the class of each."""


def left_out(line: str) -> int:
    """Characters of a line that are not shown."""
    return max(0, len(line) - LONGEST_LINE)


def highlighted(
    lines: Sequence[str], language: str, most: int = MOST, *, within: str = ""
) -> list[list[Piece]]:
    """The pieces of each line, joined as the line; control characters are made visible. `within`: what is open where
    they begin, such as a comment."""
    clean = [shown_name(line[:LONGEST_LINE].expandtabs(4)) for line in lines]
    found: list[list[Piece]] = []
    coloured = 0
    while len(found) < len(clean):
        block: list[str] = []
        size = 0
        for line in clean[len(found) :]:
            size += len(line) + 1
            if block and size > AT_ONCE:
                break
            block.append(line)
        coloured += size
        lexer = _lexer(language) if coloured <= most else None
        if lexer is None:
            found += [_plain(line) for line in block]
            continue
        begun = [within] if within else []
        within = unfinished("\n".join([*begun, *block]), language)
        whole = [
            *begun,
            *block,
            *([CLOSED_BY[within]] if within else []),
        ]  # some lexers know only what is closed
        found += list(_pieces(lexer, whole))[len(begun) :][: len(block)]
    return found


def _plain(line: str) -> list[Piece]:
    return [("", line)] if line else []


def _pieces(lexer: "Lexer", block: Sequence[str]) -> Iterator[list[Piece]]:
    rows: list[list[Piece]] = [[]]
    for kind, value in lexer.get_tokens("".join(f"{line}\n" for line in block)):  # a comment has to end
        name = _class(str(kind))
        first, *more = value.split("\n")
        for number, text in enumerate((first, *more)):
            if number:
                rows.append([])
            if not text:
                continue
            row = rows[-1]
            if row and row[-1][0] == name:
                row[-1] = name, row[-1][1] + text
            else:
                row.append((name, text))
    for row, line in zip(rows, block, strict=False):
        # a lexer that loses or changes a character must not change what is shown
        yield row if "".join(text for _, text in row) == line else _plain(line)
    for line in block[len(rows) :]:
        yield _plain(line)


@lru_cache(maxsize=512)
def _class(kind: str) -> str:
    return next((short for name, short in CLASSES if kind.removeprefix("Token.").startswith(name)), "")


@lru_cache(maxsize=128)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = OTHER_NAMES.get(language, language)
    if not name:
        return None
    try:
        more = {"startinline": True} if name == "php" else {}  # most snippets do not begin with <?php
        return get_lexer_by_name(name, stripnl=False, ensurenl=False, **more)
    except ClassNotFound:
        return None
