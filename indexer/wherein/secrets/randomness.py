"""Whether a value looks random, as keys do, or made by people, as names and words are."""

import math
import re
from collections import Counter

from wherein.secrets.rules import rules

LEAST_ENTROPY = 2.7
"""Bits a character, of a value's own characters. Repeated letters and runs of one digit have less."""

LEAST_ENTROPY_OF_CHOSEN = 2.5

LONGEST_PIECE = 2.7
"""Characters. Chance changes between small letters, capitals and digits more often: every 1.6 in base 62, every 2.1 in
hexadecimal, every 2.5 in base 36; names and words change every 4 to 5. Of random values of 20 characters in base 62 or
hexadecimal that have digits, all but 2 % pass, of names with digits in code 3 %."""

LONGEST_PIECES = ((32, 4.5), (20, 3.3))
"""Longest pieces from so many characters on, where the mean is surer, of values without separators."""

LETTERS_ALONE = (20, 2.2)
"""Least length, and longest piece, of a value without digits."""

LONG_PASSWORD = 32
"""Bytes. A shorter value with brackets is rather a pattern or a call."""

SIGNS_OF_CHANCE = 6
"""Different ones in a value with a bracket behind a letter, which is no call then: Django's keys have ten or so."""

PASSWORD_CLASSES = 3
"""Of small letters, capitals, digits and others, which a password that somebody chose has at least."""

_PIECE = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[A-Z]")
_CLASSES = (
    re.compile(rb"[a-z]"),
    re.compile(rb"[A-Z]"),
    re.compile(rb"[0-9]"),
    re.compile(rb"[^A-Za-z0-9_.-]"),
)
_HEXADECIMAL = re.compile(rb"[0-9a-f]{32,}|[0-9A-F]{32,}")
_SEPARATOR = re.compile(rb"[_.~-]")
_SIGNS = re.compile(rb"[0-9!@#$%^&*+=?~]")
_TEMPLATE = re.compile(rb"\(\?|\[\^|[a-zA-Z]-[zZ]|0-9|</|\{[a-z]")
_CALL = re.compile(rb"\w\(")
"""Of patterns, templates and calls, in what is too long a password to be without brackets."""
_BRACKETS = re.compile(rb"[(){}\[\]<>|]")
_SAME = re.compile(rb"(.)\1{4}")


def entropy(value: bytes) -> float:
    """Bits a character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values())


def is_placeholder(value: bytes) -> bool:
    """Whether it says itself that it stands for a secret, or is too plain to be one."""
    lower = value.lower()
    return any(word in lower for word in rules().placeholders) or _SAME.search(value) is not None


def looks_random(value: bytes) -> bool:
    """Whether a value of letters, digits and signs was made by chance."""
    pieces = _PIECE.findall(value)
    digits = sum(map(len, filter(bytes.isdigit, pieces)))
    letters = sum(map(len, pieces)) - digits
    if letters < 3 or letters + digits < 0.75 * len(value):
        return False
    if not digits and len(value) < LETTERS_ALONE[0]:
        return False
    if not _HEXADECIMAL.fullmatch(value) and (letters + digits) / len(pieces) > _longest_piece(value, digits):
        return False
    return entropy(value) >= LEAST_ENTROPY and not is_placeholder(value)


def _longest_piece(value: bytes, digits: int) -> float:
    if not digits:
        return LETTERS_ALONE[1]
    if _SEPARATOR.search(value):
        return LONGEST_PIECE
    return next((longest for least, longest in LONGEST_PIECES if len(value) >= least), LONGEST_PIECE)


def looks_chosen(value: bytes) -> bool:
    """Whether it is a password as people are made to choose them."""
    classes = sum(kind.search(value) is not None for kind in _CLASSES)
    if classes < PASSWORD_CLASSES or not _SIGNS.search(value) or is_placeholder(value):
        return False
    if _BRACKETS.search(value) and (len(value) < LONG_PASSWORD or _TEMPLATE.search(value)):
        return False
    if _CALL.search(value) and len(set(_SIGNS.findall(value))) < SIGNS_OF_CHANCE:
        return False
    pieces = _PIECE.findall(value)
    return sum(map(len, pieces)) / len(pieces) <= LONGEST_PIECE and entropy(value) >= LEAST_ENTROPY_OF_CHOSEN
