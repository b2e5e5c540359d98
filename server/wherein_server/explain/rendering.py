"""A snippet as a model reads it: its place, and its code as a block that the code cannot end."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from wherein.packaged import files
from wherein_server.explain.defuse import defuse

if TYPE_CHECKING:
    from wherein_server.explain.context import Snippet

LONGEST_NAME = 300
"""Characters of a path."""

LONGEST_SYMBOL = 100

_BLANKS = re.compile(r"\s+")
_TICKS = re.compile(r"`{3,}")


def rendered(snippet: Snippet) -> str:
    """All of it, without the blank line between two."""
    heading = f"[{snippet.n}] {one_line(snippet.path)}:{snippet.start_line}-{snippet.end_line}"
    about = [words()["role"][snippet.role]]
    if snippet.symbol:
        about.insert(0, symbol_line(snippet.symbol))
    if not snippet.whole:
        about.append("shortened")
    text = clean(snippet.text)
    return f"{heading} ({', '.join(about)})\n{fenced(text, snippet.language)}"


def fenced(text: str, language: str = "") -> str:
    """Text as a block that it cannot end."""
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(text)), 3)
    return f"{fence}{language}\n{text}\n{fence}"


def one_line(name: str) -> str:
    """A name of the repository on one line."""
    return clean(_BLANKS.sub(" ", name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"))


def symbol_line(symbol: str) -> str:
    """A symbol, of a length that is read."""
    return one_line(symbol if len(symbol) <= LONGEST_SYMBOL else f"{symbol[:LONGEST_SYMBOL]}…")


def clean(text: str) -> str:
    """Text that is data: without control tokens, and without halves of characters, which are no UTF-8."""
    return defuse(text.encode("utf-8", "replace").decode())


@cache
def words() -> dict[str, Any]:
    """What the model is told."""
    return tomllib.loads(files("wherein_server.explain").joinpath("prompt.toml").read_text("utf-8"))
