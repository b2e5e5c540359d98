"""The names by which a chunk is found."""

import re
from collections.abc import Sequence

from wherein.one_form import one_form

JOINTS = re.compile(r"::|->|[.#/\\:]")
"""What joins the parts of a qualified name, whatever the language."""
_OPERATOR = re.compile(r"(?<=\boperator)\s+(?=[^\w\s])|(?<=\boperator\"\")\s+(?=\w)")
"""Blanks of no meaning: `operator ==` is `operator==`, `operator"" _a` is `operator""_a`; `operator bool` keeps its."""


def spellings(symbol: str, qualified_name: str, names: Sequence[str]) -> set[str]:
    """Symbol, qualified name, its tails down to the symbol (`b.c` of `a.b.c`), and the further names."""
    found = {symbol, qualified_name, *names}
    if symbol and qualified_name.endswith(symbol):
        head = qualified_name[: len(qualified_name) - len(symbol)]
        found.update(qualified_name[joint.end() :] for joint in JOINTS.finditer(head))
    found.discard("")
    return found


def folded_spellings(symbol: str, qualified_name: str, names: Sequence[str]) -> set[str]:
    """The same without regard to case."""
    if not names and symbol == qualified_name and symbol.isascii() and symbol.isidentifier():
        return {symbol.lower()}
    if (
        not names
        and symbol[:1].isidentifier()
        and (symbol + qualified_name).isascii()
        and " " not in qualified_name
    ):
        return _plain(symbol, qualified_name)
    return {fold(name) for name in spellings(symbol, qualified_name, names)}


def _plain(symbol: str, qualified_name: str) -> set[str]:
    """The same for what nearly all names are, in a third of the time."""
    whole = JOINTS.sub(".", qualified_name).lower()
    end = (symbol if symbol.isidentifier() else JOINTS.sub(".", symbol)).lower()
    found = {whole, end}
    if qualified_name.endswith(symbol):
        at = whole.find(".", 0, len(whole) - len(end)) + 1
        while at:
            found.add(whole[at:])
            at = whole.find(".", at, len(whole) - len(end)) + 1
    found.discard("")
    return found


def fold(name: str) -> str:
    """A name as it is looked up: `Rack::Utils#escape` is also `rack.utils.escape`."""
    if name.isidentifier() and name.isascii():
        return name.lower()
    name = JOINTS.sub(".", one_form(storable(name))).casefold()
    return _OPERATOR.sub("", name) if "operator" in name else name


def storable(text: str) -> str:
    """Text that a store takes: lone surrogates (`\\ud800` in a notebook's JSON) become question marks."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def prefix_end(prefix: str) -> str:
    """The bound below which everything that begins with `prefix` sorts."""
    return prefix + "\U0010ffff"
