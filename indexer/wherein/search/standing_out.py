"""One order from a question and what its answer may look like: a reading counts by how far a candidate's score stands
out among what it finds.

What a good sketch describes stands far above the rest in its reading. A poor sketch is a little like many things, and
so tells little, whoever made it. By ranks alone, both would tell the same.
"""

from collections.abc import Iterable, Sequence

from wherein.quick_dataclass import dataclass
from wherein.search.fusion import key_of
from wherein.search.long import WHOLE
from wherein.search.showing import Ranked
from wherein.search.told import Key


@dataclass(frozen=True, slots=True)
class Weight:
    """How much of a reading counts."""

    floor: int
    """the rank whose score counts as nothing: what is above counts by as much as it is above; the last rank if there
    are fewer"""
    share: float
    """of that, beside the whole of it in the question's own reading"""


OWN = Weight(20, 1.0)


def standing_out(rankings: Sequence[tuple[str, Iterable[Ranked], Weight]]) -> list[Ranked]:
    """One order from several, by name, among them that of the question itself, whose order holds between what nothing
    distinguishes. The parts of a score are what each reading adds."""
    found: dict[Key, Ranked] = {}
    parts: dict[Key, dict[str, float]] = {}
    for name, ranking, weight in sorted(rankings, key=lambda each: each[0] != WHOLE):
        ranked = list(ranking)
        floor = ranked[: weight.floor][-1].score if len(ranked) > 1 else 0.0
        for each in ranked:
            found.setdefault(key := key_of(each), each)
            parts.setdefault(key, {})[name] = weight.share * max(0.0, each.score - floor)
    order = [each.scored(own) for each, own in zip(found.values(), parts.values(), strict=True)]
    order.sort(key=lambda each: -each.score)  # stable: the question's own order, then the others'
    return order
