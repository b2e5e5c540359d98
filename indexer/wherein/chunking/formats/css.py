"""Style sheets (CSS, SCSS, Less) by rule: the selector is the symbol, small neighbours are gathered, and a
rule too long for one chunk (`@media`, nested SCSS) is cut at the rules within."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, cover, short_name
from wherein.chunking.formats.spans import BlockPlacer, LineIndex, skip_space
from wherein.chunking.lines import LAST_WINDOW_LINES, split_lines
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 30
DEEPEST = 4
"""Rules nested deeper than this are part of the rule around them."""

_COMMENT = re.compile(r"/\*(?:.*?\*/|.*)|(?<!:)//[^\n]*|<%(?:.*?%>|.*)|\{%[^%\n]{0,200}%\}", re.DOTALL)
_LEXEME = r"""
    /\*(?:.*?\*/|.*)                  # a comment; open to the end when never closed
  | "(?:[^"\\\n]|\\.)*+"? | '(?:[^'\\\n]|\\.)*+'?
  | url\([^)\n]*\)? | [\#@]\{[^}\n]*\}?   # addresses and interpolations hold any character
  | <%(?:.*?%>|.*) | \{(?:\{[^}\n]{0,200}\}\}|%[^%\n]{0,200}%\})   # templates; bounded, for many may not end
  | (?P<mark>[{};])
"""
_CSS_LEXEME = re.compile(_LEXEME, re.DOTALL | re.VERBOSE)
_NESTED_LEXEME = re.compile(rf"//[^\n]*|{_LEXEME}", re.DOTALL | re.VERBOSE)
_CALLABLE = re.compile(r"@(?:mixin|function)\s+([\w-]+)")
_VARIABLE = re.compile(r"([$@][\w-]+)\s*:|(--[\w-]+)\s*:")


@dataclass(slots=True)
class _Rule:
    start: int
    """offset of its first character, the comment above included"""
    selector: str
    body: int = 0
    """offset of its opening brace"""
    end: int = 0
    inner: list[_Rule] = field(default_factory=list)


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a style sheet."""
    index = LineIndex(text)
    placer = BlockPlacer(index)
    for rule in _rules(text, _CSS_LEXEME if language.name == "css" else _NESTED_LEXEME):
        _place(rule, "", placer, index)
    return cover(split_lines(text), placer.blocks, gather=GATHERED_LINES)


def _rules(text: str, token: re.Pattern[str]) -> list[_Rule]:
    """The top-level rules and statements; what is never closed reaches to the end."""
    top = _Rule(0, "", end=len(text))
    open_rules = [top]
    too_deep = 0
    start = 0
    for match in token.finditer(text):
        mark = match["mark"]
        if mark is None:
            continue
        at = match.start()
        if too_deep or (mark == "{" and len(open_rules) > DEEPEST):
            too_deep += (mark == "{") - (mark == "}")
        elif mark == "{":
            rule = _Rule(skip_space(text, start), _prelude(text, start, at), body=at, end=len(text))
            open_rules[-1].inner.append(rule)
            open_rules.append(rule)
        elif mark == "}" and len(open_rules) > 1:
            open_rules.pop().end = at + 1
        elif mark == ";" and len(open_rules) == 1:
            top.inner.append(_Rule(skip_space(text, start), _prelude(text, start, at), end=at + 1))
        start = at + 1
    return top.inner


def _prelude(text: str, start: int, end: int) -> str:
    """The selector or statement between start and end, without comments."""
    return short_name(_COMMENT.sub(" ", text[max(start, end - 2_000) : end]))


def _place(rule: _Rule, outer: str, placer: BlockPlacer, index: LineIndex) -> None:
    block = _block(rule, outer)
    block.outer = (
        bool(rule.inner) and index.line_of(rule.end - 1) - index.line_of(rule.start) >= LAST_WINDOW_LINES
    )
    placer.place(block, rule.start, rule.end)
    if not block.outer:
        return
    placer.enter(rule.body)
    for inner in rule.inner:
        _place(inner, f"{outer}{rule.selector} > ", placer, index)


def _block(rule: _Rule, outer: str) -> Block:
    family = f"rule {outer}"
    if not rule.body:
        variable = _VARIABLE.match(rule.selector)
        name = (variable[1] or variable[2]) if variable else ""
        return Block(0, "constant" if name else "rule", name, name, family=f"statement {bool(name)}")
    if called := _CALLABLE.match(rule.selector):
        return Block(0, "function", called[1], outer + called[1], signature=rule.selector)
    return Block(0, "rule", rule.selector, outer + rule.selector, family=family)
