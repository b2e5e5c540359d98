"""A history: steps, each with a number of its own to draw from, so that leaving one out changes no other."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from histories.steps import STEPS


class Step(NamedTuple):
    """What is done, and the number from which all that it draws comes."""

    name: str
    number: int


def history(seed: int, length: int) -> list[Step]:
    """The history of a seed: always the same one."""
    drawn = random.Random(seed)
    names = [name for name, weight in STEPS.items() for _ in range(weight.weight)]
    return [Step(drawn.choice(names), drawn.randrange(2**32)) for _ in range(length)]


def shortened(
    steps: Sequence[Step], fails: Callable[[Sequence[Step]], bool], most_tries: int = 40
) -> list[Step]:
    """A history that still fails, from which no step can be left out; or the shortest of so many tries."""
    kept = list(steps)
    place = len(kept) - 1
    while place >= 0 and most_tries:
        without = kept[:place] + kept[place + 1 :]
        most_tries -= 1
        if fails(without):
            kept = without
        place -= 1
    return kept
