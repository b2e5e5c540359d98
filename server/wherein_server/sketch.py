"""The caller's sketch of the answer, as a search takes it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherein.search.thought import Thought


def thought_of_sketch(sketch: str | None) -> "Thought | None":
    """Names or code that somebody wrote down; None if nothing is. What reads them is imported only where something is,
    for a search from the command line is due soon."""
    if not sketch:
        return None
    from wherein.search.thought import sketched

    return sketched(sketch)
