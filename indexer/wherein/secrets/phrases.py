"""Passwords of several words, distinguished from what is written about passwords."""

import re

from wherein.secrets.randomness import entropy, is_placeholder
from wherein.secrets.rules import rules

MOST_WORDS = 10

LEAST_PLAIN_WORDS = 3
"""Without a digit in one of them. Two words are a label (`Confirm password`), or a type and a name."""

LARGEST_SHARE = 0.34
"""Of words that manuals use: `correct horse battery staple` has one."""

LEAST_LETTERS = 8

_WORD = re.compile(rb"(?!-)[\w!@#^&*+=?~'.,\xc0-\xff-]+")
_LETTERS = re.compile(rb"[A-Za-z\xc0-\xff]+")
_MIXED = re.compile(rb"[A-Za-z][\w!@#^&*+=?~-]*[0-9]|[0-9][\w!@#^&*+=?~-]*[A-Za-z]")
_SENTENCE = re.compile(rb"[.:!?,;]$|[.:!?,;] ")


def is_phrase(value: bytes) -> bool:
    """Whether a value of several words is rather a password than a message, a label or a rule."""
    words = value.split(b" ")
    if not 2 <= len(words) <= MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    if is_placeholder(value) or _SENTENCE.search(value):
        return False
    plain = [word.lower() for word in _LETTERS.findall(value)]
    known = rules()
    if any(word.lower() in known.sentence_words for word in words):
        return False
    of_manuals = sum(known.of_manuals.fullmatch(word) is not None for word in plain)
    if of_manuals > LARGEST_SHARE * len(words):
        return False
    if any(_MIXED.fullmatch(word) for word in words):
        return True
    return len(words) >= LEAST_PLAIN_WORDS and sum(map(len, plain)) >= LEAST_LETTERS and entropy(value) >= 2.5
