"""Passwords that are given to a program on its command line: `mysql -p…`, `curl -u NAME:…`, `--password …`."""

import re
from collections.abc import Iterator

from wherein.secrets.candidates import occurrences
from wherein.secrets.rules import rules

LEAST = 6
"""Bytes. Where a program wants a password nothing else can stand, so it need not look random; but manuals and tests
write short ones, and words."""

_DIGIT_OR_SIGN = re.compile(rb"[0-9!#$@&*+=^~?%]")
_LETTER = re.compile(rb"[A-Za-z]")
_WORDS = re.compile(rb"[^a-z]+")


def on_command_lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each."""
    if not rules().command_flags.search(
        data
    ):  # which takes a tenth of the time that looking for the words does
        return
    for command in rules().commands:
        for word in command.words:
            for at in occurrences(data, word):
                found = command.pattern.match(data, at)
                if found and _is_somebodys(found["secret"]):
                    yield found.span("secret")


def _is_somebodys(value: bytes) -> bool:
    """Whether a value is not one that a manual or a test would write."""
    lower = value.lower()
    if len(value) < LEAST or any(word in lower for word in rules().placeholders):
        return False
    if set(filter(None, _WORDS.split(lower))) <= rules().manual_passwords:
        return False
    return bool(_DIGIT_OR_SIGN.search(value) and _LETTER.search(value))
