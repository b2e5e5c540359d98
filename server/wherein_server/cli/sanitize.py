"""Text from repositories, made safe to show: no character may steer the terminal or the reader's eye."""

import os
import re

from wherein.redaction import without_passwords

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
"""C0 controls have pictures in Unicode: ESC shows as one small sign."""

_REPLACED = dict.fromkeys(
    [
        *range(0x80, 0xA0),  # C1: some terminals take them for ESC and a letter
        *(0x061C, 0x200E, 0x200F),  # bidirectional marks can make code read as what it is not
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *(0x2028, 0x2029),  # line ends to some
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x180E, 0x200B, 0x3164, 0xFEFF, 0xFFA0),  # which nobody sees
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        *range(0x1D173, 0x1D17B),
        *range(0xE0000, 0xE0200),  # tags and variants, in which a text can be hidden
        *range(0xD800, 0xE000),  # bytes of a name that are no UTF-8
    ],
    0xFFFD,
)

LONGEST_SENTENCE = 700
KEPT_OF_THE_END = 200
"""Characters of a message: a path of the longest name that file systems know fits in."""

_SAFE = _PICTURES | _REPLACED
_SAFE_NAME = _SAFE | {0x09: 0x2409, 0x0A: 0x240A}
_STEERING = frozenset(
    chr(code)
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x2028, 0x2029),
        *range(0x202A, 0x202F),  # a pipe may end on a terminal: `| less`
        *range(0x2066, 0x206A),
    )
)
"""What no name has that somebody means to be read. (U+200E and U+200F do stand in names.)"""
_ESCAPED = re.compile(r"\\(?:[0-7]{3}|.)", re.DOTALL)
_ESCAPES = {"\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_UNESCAPED = {escape: character for character, escape in _ESCAPES.items()}


def shown(text: str) -> str:
    """Text for people; tabs and line ends stay."""
    return text.translate(_SAFE)


def shown_name(name: str) -> str:
    """A name or another single line for people."""
    return name.translate(_SAFE_NAME)


def sentence(text: str) -> str:
    """A message that may hold names and values of strangers: one line, of a length that is read."""
    line = shown_name(without_passwords(text))
    if len(line) <= LONGEST_SENTENCE:
        return line
    return f"{line[: LONGEST_SENTENCE - KEPT_OF_THE_END]} … {line[-KEPT_OF_THE_END:]}"


def piped_name(path: str) -> str:
    """A path for programs: its very bytes, or where it holds what steers a terminal or turns text round, quoted as git
    quotes it."""
    if _STEERING.isdisjoint(path):
        return path
    quoted = "".join(
        _ESCAPES.get(c)
        or (f"\\{c}" if c in '"\\' else c if c not in _STEERING else _octal(c.encode("utf-8")))
        for c in path
    )
    return f'"{quoted}"'


def piped_back(name: str) -> str:
    """The path that `piped_name` shows so."""
    if len(name) < 2 or name[0] != '"' or name[-1] != '"':
        return name
    path = _ESCAPED.sub(lambda found: _UNESCAPED.get(found[0]) or _of_escape(found[0][1:]), name[1:-1])
    path = path.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return path if piped_name(path) == name else name


def _of_escape(escape: str) -> str:
    return os.fsdecode(bytes((int(escape, 8) & 0xFF,))) if escape[0].isdigit() else escape


def _octal(data: bytes) -> str:
    return "".join(f"\\{byte:03o}" for byte in data)
