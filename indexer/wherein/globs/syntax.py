"""One pattern of a .gitignore, read as git reads it: over bytes, `**` only between slashes."""

import re
from enum import Enum

from wherein.quick_dataclass import dataclass

ALL_BYTES = (1 << 256) - 1
SLASH = 1 << ord("/")
_SPECIAL = re.compile(rb"[*?\[\\]")
_ESCAPED = re.compile(rb"(?:[^*?\[\\]|\\.)+", re.DOTALL)
"""A name or path some bytes of which are escaped."""
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)

_CLASSES = {
    b"alnum": rb"[0-9A-Za-z]",
    b"alpha": rb"[A-Za-z]",
    b"blank": rb"[ \t]",
    b"cntrl": rb"[\0-\x1f\x7f]",
    b"digit": rb"[0-9]",
    b"graph": rb"[!-~]",
    b"lower": rb"[a-z]",
    b"print": rb"[ -~]",
    b"punct": rb"[!-/:-@\[-`{-~]",
    b"space": rb"[ \t\n\r\v\f]",
    b"upper": rb"[A-Z]",
    b"xdigit": rb"[0-9A-Fa-f]",
}


class Run(Enum):
    """A part of a pattern that takes any number of bytes."""

    NAME = "*"
    """none or more, but no slash"""
    ANY = "**"
    """none or more"""
    FOLDERS = "**/"
    """whole folders with their slashes, or nothing"""


Token = int | Run
"""An int is a set of bytes, one of which must follow: bit n stands for byte n."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern, taken apart."""

    negated: bool
    """it began with `!`"""
    folders_only: bool
    """it ended with `/`"""
    name_only: bool
    """it holds no slash, and so speaks of the last part of a path"""
    literal: bytes | None
    """what it matches, where that is one name or path and nothing else"""
    ending: bytes | None
    """what a name must end with, where that is all: `*.py`"""
    tokens: tuple[Token, ...]
    """of all others"""


class BrokenPattern(ValueError):
    """str() says why a pattern matches nothing, as the rest of a sentence."""


def to_bytes(text: str) -> bytes:
    """A path or a pattern as git has it."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a pair, out of JSON: stands in no file's name
        return text.encode("utf-8", "surrogatepass")


def parse(line: str, *, strict: bool = False) -> Pattern:
    """Take a line apart; blank lines and comments are not for here. Raises BrokenPattern; with `strict` also for a
    range that is the wrong way round, whose ends git takes for themselves."""
    text = _without_blanks(to_bytes(line))
    negated = text.startswith(b"!")
    text = text[negated:]
    folders_only = text.endswith(b"/")
    text = text[: len(text) - folders_only]
    name_only = b"/" not in text
    text = text[text.startswith(b"/") :]
    if not text:
        raise BrokenPattern("it names nothing")
    plain = _plain_length(text)
    if _ESCAPED.fullmatch(text):
        return Pattern(negated, folders_only, name_only, _ESCAPE.sub(rb"\1", text), None, ())
    if name_only and text.startswith(b"*") and _plain_length(text[1:]) == len(text) - 1:
        return Pattern(negated, folders_only, name_only, None, text[1:], ())
    tokens = [1 << byte for byte in text[:plain]] + _tokens(
        text[plain:], in_paths=not name_only, strict=strict
    )
    return Pattern(negated, folders_only, name_only, None, None, tuple(tokens))


def problem(line: str) -> str:
    """What is wrong with a pattern that is meant to match something, as a sentence's rest; "" if nothing is."""
    try:
        parse(line, strict=True)
    except BrokenPattern as error:
        return str(error)
    return ""


def _without_blanks(text: bytes) -> bytes:
    """Without the spaces at the end, but for one after a backslash."""
    bare = text.rstrip(b" ")
    if bare != text and (len(bare) - len(bare.rstrip(b"\\"))) % 2:
        return bare + b" "
    return bare


def _plain_length(text: bytes) -> int:
    special = _SPECIAL.search(text)
    return special.start() if special else len(text)


def _tokens(text: bytes, *, in_paths: bool, strict: bool) -> list[Token]:
    """From the first byte that is special: what git compares first, it compares by itself, so that `**` counts as
    standing at the beginning here."""
    one = ALL_BYTES & ~SLASH
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        byte = text[place]
        if byte == ord("*"):
            end = place
            while end < len(text) and text[end] == ord("*"):
                end += 1
            tokens.append(_run(text, place, end) if in_paths else Run.NAME)
            if tokens[-1] is Run.FOLDERS:
                end += 1
                if tokens[-2:-1] == [Run.FOLDERS]:
                    tokens.pop()
            place = end
        elif byte == ord("?"):
            tokens.append(one)
            place += 1
        elif byte == ord("["):
            members, place = _bracket(text, place, strict)
            tokens.append(members & one)
        elif byte == ord("\\"):
            if place + 1 == len(text):
                raise BrokenPattern("it ends with a backslash that escapes nothing")
            tokens.append(1 << text[place + 1])
            place += 2
        else:
            tokens.append(1 << byte)
            place += 1
    return tokens


def _run(text: bytes, start: int, end: int) -> Run:
    at_start = start == 0 or text[start - 1] == ord("/")
    if end - start < 2 or not at_start:
        return Run.NAME
    if text[end : end + 1] == b"/":
        return Run.FOLDERS
    return Run.ANY if end == len(text) or text[end : end + 2] == rb"\/" else Run.NAME


def _bracket(text: bytes, start: int, strict: bool) -> tuple[int, int]:
    """The set that begins with the bracket at `start`, and the place after it."""
    unclosed = BrokenPattern("its [ is never closed")
    place = start + 1
    negated = text[place : place + 1] in (b"!", b"^")
    place += negated
    first, before, members = place, -1, 0
    while place < len(text) and (text[place] != ord("]") or place == first):
        byte = text[place]
        following = text[place + 1 : place + 2]
        if byte == ord("-") and before >= 0 and following and following != b"]":
            place += 2 if following == b"\\" else 1
            if place >= len(text):
                raise unclosed
            if strict and before > text[place]:
                raise BrokenPattern("a range in its brackets is the wrong way round")
            members |= ((1 << (text[place] + 1)) - 1) & ~((1 << before) - 1)
            before = -1
        elif byte == ord("[") and following == b":":
            end = text.find(b"]", place + 2)
            if end < 0:
                raise unclosed
            if end > place + 2 and text[end - 1] == ord(":"):
                members |= _named(text[place + 2 : end - 1])
                place, before = end, -1
            else:
                members |= 1 << byte
                before = byte
        else:
            if byte == ord("\\"):
                place += 1
                if place >= len(text):
                    raise unclosed
                byte = text[place]
            members |= 1 << byte
            before = byte
        place += 1
    if place >= len(text):
        raise unclosed
    return (ALL_BYTES & ~members if negated else members), place + 1


def _named(name: bytes) -> int:
    if name not in _CLASSES:
        raise BrokenPattern("it names an unknown class of characters")
    return sum(1 << ord(byte) for byte in re.findall(_CLASSES[name], bytes(range(256))))
