"""What code calls what people say in everyday words: to throw something away is `discard`, too many is a `limit`."""

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache

from wherein import tokens
from wherein.packaged import files

Stems = tuple[str, ...]


def called(words: Sequence[str]) -> Iterator[tuple[Stems, Stems]]:
    """The phrases in some words, from left to right and never one within another, as terms: each with the terms of what
    code calls it."""
    stems = tuple(map(tokens.stem, words))
    table, longest = _table()
    at = 0
    while at < len(stems):
        most = longest.get(stems[at], 0)
        size = next((n for n in range(most, 0, -1) if stems[at : at + n] in table), 0)
        if size:
            said = stems[at : at + size]
            yield said, tuple(map(tokens.stem, table[said].split()))
        at += size or 1


@cache
def _table() -> tuple[dict[Stems, str], dict[str, int]]:
    """Phrase → what code calls it, in words; and for each stem the longest phrase that begins with it."""
    data = tomllib.loads(files("wherein.search").joinpath("everyday.toml").read_text("utf-8"))
    lines = [line.split(": ") for line in data["said"].splitlines()]
    stems = {word: tokens.stem(word) for said, _ in lines for word in said.split()}
    table: dict[Stems, str] = {}
    longest: dict[str, int] = {}
    for said, calls in lines:
        phrase = tuple([stems[word] for word in said.split()])
        table[phrase] = calls
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return table, longest
