"""Real files, damaged as no one would: each is cut in bounded time, and every line is in one chunk.

One of each grammar, always the same ones; `scripts/test-fuzz` draws others for a minute, and for as long as it is told.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from wherein.chunking import chunker
from wherein.chunking.lines import split_lines
from wherein.languages import registry
from wherein.parsing import bounded
from wherein.parsing.limits import LEAST_SECONDS, SECONDS_PER_CHARACTER
from wherein.search.calls.sites import call_sites

FIXTURES = Path(__file__).parents[2] / "fixtures" / "languages"
SECONDS = float(os.environ.get("WHEREIN_FUZZ_SECONDS", "0"))
LONGEST = 60_000
SLACK = 8.0
"""Seconds by the clock: a process that is ended, the next one and its query, on a busy machine."""
SAMPLES = {
    name: [
        file.read_text("utf-8") for file in sorted((FIXTURES / name).iterdir()) if file.suffix != ".outline"
    ]
    for name in sorted(registry.names())
    if registry.get(name).chunker == "definitions" and (FIXTURES / name).is_dir()
}


def flooded(text: str, chance: random.Random) -> str:
    """One token, line or bracket, again and again."""
    token = (
        chance.choice([*text.split()[:400], *text.splitlines()[:200], *"([{<\"'`", "%w(", "a?b:", "<<E\n"])
        or "("
    )
    return (token + chance.choice(["", " ", "\n"])) * (chance.randint(2_000, LONGEST) // (len(token) + 1))


def inside(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + flooded(text, chance)[: LONGEST // 2] + text[at:]


def cut_and_doubled(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text))
        stop = min(len(text), start + chance.randint(1, 400))
        text = (text[:start] + text[stop:]) if chance.random() < 0.5 else text[:stop] + text[start:]
        text = text or " "
    return text


def swapped(text: str, chance: random.Random) -> str:
    brackets = dict(zip("()[]{}<>", chance.sample("()[]{}<>", 8), strict=True))
    return "".join(brackets.get(each, each) if chance.random() < 0.3 else each for each in text)


def noisy(text: str, chance: random.Random) -> str:
    data = bytearray(text.encode())
    for _ in range(max(1, len(data) // 50)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode("utf-8", "replace").replace("\r", "\n")


def nested(text: str, chance: random.Random) -> str:
    head = chance.choice(text.splitlines()) + chance.choice(["{", "(", "[", "\n", " "])
    return head * (chance.randint(1_000, LONGEST) // len(head))


DAMAGES: list[Callable[[str, random.Random], str]] = [
    flooded,
    inside,
    cut_and_doubled,
    swapped,
    noisy,
    nested,
]


def damaged(seed: int) -> Iterator[tuple[str, str]]:
    """Without end, of each grammar in turn."""
    chance = random.Random(seed)
    for name in cycle(SAMPLES):
        yield name, chance.choice(DAMAGES)(chance.choice(SAMPLES[name]), chance)[:LONGEST]


@pytest.mark.timeout(SECONDS * 2 + 120)
def test_damaged_files_are_cut_within_bounds():
    seed = random.SystemRandom().randrange(1 << 30) if SECONDS else 1
    until = time.monotonic() + SECONDS
    for number, (name, text) in enumerate(damaged(seed)):
        if number >= len(SAMPLES) and time.monotonic() > until:
            break
        where = (seed, number, name, text[:60])
        language = registry.get(name)
        begun = time.process_time() + sum(os.times()[2:4])
        done = chunker.cut("file", text, language)
        call_sites(text, language)
        assert [chunk.start_line for chunk in done.chunks] == [
            1,
            *(chunk.end_line + 1 for chunk in done.chunks[:-1]),
        ][: len(done.chunks)], where
        assert (done.chunks[-1].end_line if done.chunks else 0) == len(split_lines(text)), where
        taken = time.process_time() + sum(os.times()[2:4]) - begun
        assert taken < 4 * (LEAST_SECONDS + SECONDS_PER_CHARACTER * len(text)) + SLACK, where
    bounded.end()
