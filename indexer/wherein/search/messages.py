"""Messages that a program printed, pasted alone: code with these words in a string comes first.

What code fills in (`%s`, `{name}`) may stand for anything. A question has few strings of code in it, and code that
shows no message (labels, translations) is not meant.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

import numpy as np

from wherein.one_form import one_form
from wherein.packaged import files
from wherein.profile import find_terms
from wherein.search.lines_holding import lines_holding
from wherein.store.protocol import Candidate

FEWEST_WORDS = 3
"""Of a message; two words are in many strings."""
MOST_WORDS = 100
"""No message has more; to look for a row of `_ _ _` in every string takes the square of its length."""

LEAST_SHARE = 0.4
"""The share of the letters of a message's words that a string must have; the rest was filled in."""

LEAST_HELD = 0.4
"""The share of its terms that a chunk must have for its text to be read."""

MOST_READ = 30
"""Chunks, those with most of the terms."""

MOST_LINES = 200
WIDEST_LINE = 2_000
"""Of a chunk, this many lines are read, each up to this many characters: a table that a program wrote prints
nothing."""

LOOKED_FOR = 3
"""The longest words: lines without any of them are skipped."""

LINES_BEFORE = 2
WIDEST = 500
"""What prints a message is looked for in this many lines before it, and this many characters: `raise Error(` and its
message are often on separate lines."""

MESSAGE = "message"
"""The step, beside the features."""

WORTH = 1.5
"""What all the words together add."""

_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"(?<=\w):\s|['\"`]\S[^'\"`\n]*['\"`]|\w\(\)|[!…]\Z")
_FILLED_IN = re.compile(r"%[-+ #0-9.*]{0,8}[a-zA-Z]|[$#]?\{[^{}\n]{0,80}\}|\$\w+|\\[nrt]")
_STRING = re.compile(r"(?<!\\)\"((?:[^\"\\\n]++|\\.)++)\"|(?<!\\)'((?:[^'\\\n]++|\\.)++)'|`([^`\n]++)`")


def message_words(text: str) -> tuple[str, ...]:
    """The words of a text that may be a message; none of any other text."""
    words = tuple(_WORD.findall(text.casefold()))
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or "\n" in text:
        return ()
    return words if _SIGNS.search(text) or not _told()[0].isdisjoint(words) else ()


def likely(terms: Sequence[str], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that may hold a message with these terms, judging by their profiles."""
    if not candidates or not terms:
        return []
    held = (find_terms([each.profile for each in candidates], terms).counts().body > 0).mean(axis=1)
    order = np.argsort(-held, kind="stable")[:MOST_READ]
    return [candidates[i] for i in order.tolist() if held[i] >= LEAST_HELD]


def shares(words: Sequence[str], texts: Sequence[str]) -> list[float]:
    """For each text, the share of the message that one of its strings has; 0 below LEAST_SHARE, and if nothing shows
    that it is printed."""
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    telling = sorted(places, key=len, reverse=True)[:LOOKED_FOR]
    return [_of_text(words, places, telling, text) if text else 0.0 for text in texts]


def _of_text(
    words: Sequence[str], places: Mapping[str, Sequence[int]], telling: Sequence[str], text: str
) -> float:
    text = one_form(text).casefold()
    best = 0.0
    for start, end in islice(_lines_with(telling, text), MOST_LINES):
        for match in _STRING.finditer(text, start, end):
            share = _of_string(words, places, match[match.lastindex or 0])
            if share > best and _is_told(text[max(0, start - WIDEST) : match.end()]):
                best = share
    return best


def _lines_with(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Beginning and end of each line that holds any of the words."""
    for word in words:
        for start, end, _ in lines_holding(word, text):
            if end - start <= WIDEST_LINE:
                yield start, end


def _of_string(words: Sequence[str], places: Mapping[str, Sequence[int]], string: str) -> float:
    """The share of the message that a string makes up, if it is there completely and in order; 1 for a part of the
    string."""
    pieces = [found for piece in _FILLED_IN.split(string) if (found := _WORD.findall(piece))]
    count = sum(map(len, pieces))
    if len(pieces) == 1 and count > len(words):
        return float(_holds(pieces[0], list(words)))
    said = sum(len(word) for piece in pieces for word in piece) / sum(map(len, words))
    if said < LEAST_SHARE or not FEWEST_WORDS - 1 <= count <= len(words):
        return 0.0
    at = 0
    for piece in pieces:
        starts = [start for start in places.get(piece[0], ()) if start >= at]
        fits = next((s for s in starts if list(words[s : s + len(piece)]) == piece), None)
        if fits is None:
            return 0.0
        at = fits + len(piece)
    return said


def _holds(words: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def _is_told(text: str) -> bool:
    """Whether something in the last lines, the last of which ends with a string, shows that it is printed."""
    return any(telling in line for line in text.split("\n")[-1 - LINES_BEFORE :] for telling in _told()[1])


@cache
def _told() -> tuple[frozenset[str], tuple[str, ...]]:
    data = tomllib.loads(files("wherein.search").joinpath("messages.toml").read_text("utf-8"))
    return frozenset(data["words"]), tuple(data["telling"])
