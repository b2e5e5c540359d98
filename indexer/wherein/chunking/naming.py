"""A definition's name, its head and its documentation, ready to show and to match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherein.languages.registry import Language

LONGEST_NAME = 120
"""Characters."""
LONGEST_WORD = 240
"""The same for a name without a blank: tests and selectors of Objective-C take the room."""
LONGEST_CAPTURE = 2_000
LONGEST_SIGNATURE = 200
LONGEST_DOC = 2_000
"""Characters."""

_QUOTES = "\"'`"
_ESCAPED = '@"'
"""How Zig writes a name that is a keyword or has blanks: `@"error"`."""
_TYPE_ARGUMENTS = re.compile(r"(?<=\w)\s?<[^<>]*>")
_OPERATOR = re.compile(r"(?<![\w.>])operator\b")
_CONVERSION = re.compile(r"\boperator\s+(?=[\w:])")
_CONVERSION_END = re.compile(r"\s?\(\s?\)[^()]*$")
_RUBY_SYMBOL = re.compile(r":[\w\"']")
_BLANKS = re.compile(r"\s+")
_SIGNATURE_STOP = re.compile(rb"[()\[\]{\n]|=>\s*[({\n]")
_OPENING_MARKER = re.compile(
    r"[ \t]*(?:/\*+!?|\*+/|\*(?!\*)|//+!?|#+(?!\[)|--+\[*|\{-+\|?|;+|%+|\"\"\"|''')?[ \t]?"
)
_CLOSING_MARKER = re.compile(r"[ \t]*(?:\*+/|-\}|\]\]|\"\"\"|''')$")
_CLOSERS = ("*/", "-}", "]]", '"""', "'''")
_DOC_TAGS = re.compile(
    r"</?(?:summary|remarks|param|typeparam|returns|value|exception|inheritdoc|para|see|seealso|c|code"
    r"|p|pre|ul|ol|li|b|i|br)\b[^<>\n]*>"
)
"""Of C#'s and Java's documentation comments."""


def clean_name(text: str) -> str:
    """A name without quotes, type arguments and line breaks."""
    text = text[:LONGEST_CAPTURE]
    if text[:1] in _QUOTES or text.startswith(_ESCAPED):
        text = text.removeprefix("@").strip(_QUOTES)
    elif _RUBY_SYMBOL.match(text):
        text = text[1:].strip(_QUOTES)
    elif "<" in text:
        operator = _OPERATOR.search(text)
        name_end = operator.start() if operator else len(text)
        text = _without_type_arguments(text[:name_end]) + text[name_end:]
    name = _BLANKS.sub(" ", text[:LONGEST_WORD]).strip()
    return name[:LONGEST_NAME] if " " in name else name


def _without_type_arguments(text: str) -> str:
    left = text
    while (shorter := _TYPE_ARGUMENTS.sub("", left)) != left:
        left = shorter
    return text.partition("<")[0] if left != text and ("<" in left or ">" in left) else left


def split_name(text: str, language: Language) -> tuple[list[str], str]:
    """The qualifiers and the symbol of a captured name: `A::B::f` → ["A", "B"], "f"."""
    name = clean_name(text)
    if text[:1] in _QUOTES or text.startswith(("[", _ESCAPED)):  # JavaScript's `[Symbol.iterator]()`
        return [], name
    if " " in name and not _OPERATOR.search(name):
        name = name.rpartition(" ")[2]  # what a macro between type and name made of a name
    conversion = _CONVERSION.search(name)
    qualifiers = name[: conversion.start()] if conversion else name
    parts = [part for part in language.name_splitter.split(qualifiers) if part]
    if conversion:  # C++'s `operator std::string() const` is called by its type
        parts.append(_CONVERSION_END.sub("", name[conversion.start() :]).replace(", ", ","))
        name = parts[-1]
    if len(parts) < 2:
        return [], name
    return [part for part in parts[:-1] if part not in language.ignored_qualifiers], parts[-1]


def member_name(text: str) -> str:
    """What is defined within something else is called; C++'s conversions by their type alone."""
    name = clean_name(text)
    return _CONVERSION_END.sub("", name) if _CONVERSION.match(name) else name


def signature(data: bytes, start: int, name_end: int, end: int) -> str:
    """The head of a definition on one line: up to its body, or to the end of the line where brackets are closed."""
    limit = min(end, max(start, name_end) + 2 * LONGEST_SIGNATURE)
    depth = 0
    stop = limit
    for match in _SIGNATURE_STOP.finditer(data, max(start, name_end), limit):
        mark = match[0]
        if mark in b"([":
            depth += 1
        elif mark in b")]":
            depth -= 1
        elif depth <= 0:
            stop = match.start()
            break
    head = data[start:stop].decode("utf-8", "replace")
    return _BLANKS.sub(" ", head).strip()[:LONGEST_SIGNATURE]


def clean_doc(text: str) -> str:
    """A comment or docstring without its markers and indentation."""
    text = "\n".join(map(_without_markers, text[: 2 * LONGEST_DOC].split("\n")))
    if "<" in text:
        text = _DOC_TAGS.sub("", text)
    return text.strip()[:LONGEST_DOC]


def _without_markers(line: str) -> str:
    opening = _OPENING_MARKER.match(line)
    assert opening is not None
    line = line[opening.end() :].rstrip(" \t")
    return _CLOSING_MARKER.sub("", line) if line.endswith(_CLOSERS) else line
