"""Passwords given to a program on its command line (`mysql -p…`), in a statement, or in quotes."""

import re
from collections.abc import Iterator
from functools import cache

from wherein.secrets.candidates import Words, occurrences
from wherein.secrets.randomness import entropy
from wherein.secrets.rules import rules

LEAST = 6
"""Bytes. Where a program wants a password nothing else can stand, so it need not look random; but manuals and tests
write short ones, and words."""

LEAST_PLAIN = 8
"""The same for letters alone."""

LEAST_ENTROPY_OF_PLAIN = 2.3
"""Bits a character: `aaaaaaaa` and `passpass` have less."""

_DIGIT_OR_SIGN = re.compile(rb"[0-9!#$@&*+=^~?%]")
_LETTER = re.compile(rb"[A-Za-z]")
_WORDS = re.compile(rb"[^a-z]+")


def on_command_lines(data: bytes, lower: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each. `lower` is the text in small letters."""
    maybe = _words().maybe_in(lower)
    for command in rules().commands:
        for word in command.words:
            for at in occurrences(lower, word) if word in maybe else ():
                found = command.pattern.match(data, at)
                if found and is_somebodys(found["secret"], plain=command.plain):
                    yield found.span("secret")


@cache
def _words() -> Words:
    return Words(word for command in rules().commands for word in command.words)


def is_somebodys(value: bytes, *, plain: bool) -> bool:
    """Whether a value is not one that a manual or a test would write; with `plain` it may be of letters alone."""
    lower = value.lower()
    known = rules()
    if len(value) < LEAST or any(word in lower for word in known.placeholders):
        return False
    words = list(filter(None, _WORDS.split(lower)))
    if all(word in known.manual_passwords or known.of_manuals.fullmatch(word) for word in words):
        return False
    if _DIGIT_OR_SIGN.search(value):
        return _LETTER.search(value) is not None
    return (
        plain and len(value) >= LEAST_PLAIN and value.isalpha() and entropy(value) >= LEAST_ENTROPY_OF_PLAIN
    )
