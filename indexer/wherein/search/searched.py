"""A repository that was searched."""

from collections import Counter
from collections.abc import Mapping, Sequence

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Retrieved


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found in a repository, with the statistics of its terms: these alone where nothing was asked for."""

    repository: str
    """its identity"""
    retrieved: Retrieved


def together(searched: Sequence[Searched]) -> tuple[Mapping[str, int], int]:
    """Of all of them: how many chunks hold each term, and how many chunks there are."""
    total: Counter[str] = Counter()
    for each in searched:
        total.update(each.retrieved.document_frequency)
    return total, sum(each.retrieved.chunk_count for each in searched)
