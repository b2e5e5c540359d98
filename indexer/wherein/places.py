"""Where in its file a chunk's names are, and what it is a part of: kept in its profile, 5 bytes a number.

The name of most chunks stands on their first line, and nothing is kept for those.
"""

from collections.abc import Iterator

from wherein.chunking.chunk import UNTOLD, Chunk
from wherein.profile import kept_numbers
from wherein.quick_dataclass import dataclass

_LINE, _START, _END, _PART, _COUNT, _NAME, _INSIDE = range(1, 8)
"""What a number tells, in its highest bits."""
_BITS = 28
_LARGEST = (1 << _BITS) - 1
_HALF = _BITS // 2
"""Of the bits of a number that tells of a name what it is inside of."""
_BEHIND = 1 << (_BITS - 1)
"""Added to a distance: a line may lie before the chunk."""


@dataclass(frozen=True, slots=True)
class Places:
    """The lines of a chunk's names, from 1; 0 if they are not known."""

    line: int
    """of the symbol; before or after the chunk where it is a part of a definition without its name"""
    name_lines: tuple[int, ...] = ()
    """of the further names, in their order; missing where not known"""
    definition: tuple[int, int] | None = None
    """first and last line of the whole definition, where the chunk is less"""
    part: tuple[int, int] | None = None
    """which of how many chunks of the definition it is, from 1"""
    inside: tuple[int, ...] = ()
    """what further names are defined in, as `Chunk.inside` says it; missing: untold"""


def packed(chunk: Chunk) -> list[int]:
    """The numbers for a chunk's profile."""
    if (
        chunk.line in (0, chunk.start_line)
        and chunk.definition is chunk.part is None
        and not chunk.name_lines
    ):
        return []  # as for most
    return list(_numbers(chunk))


def _numbers(chunk: Chunk) -> Iterator[int]:
    def distance(what: int, line: int) -> int:
        return what << _BITS | min(max(line - chunk.start_line + _BEHIND, 0), _LARGEST)

    if chunk.line and chunk.line != chunk.start_line:
        yield distance(_LINE, chunk.line)
    if chunk.definition is not None:
        yield distance(_START, chunk.definition[0])
        yield distance(_END, chunk.definition[1])
    if chunk.part is not None:
        yield _PART << _BITS | min(chunk.part[0], _LARGEST)
        yield _COUNT << _BITS | min(chunk.part[1], _LARGEST)
    if any(chunk.name_lines):
        for line in chunk.name_lines:
            yield distance(_NAME, line) if line else _NAME << _BITS
    for which, place in enumerate(chunk.inside[: 1 << _HALF]):
        if place != UNTOLD and place < 1 << _HALF:
            yield _INSIDE << _BITS | which << _HALF | place


def places(profile: bytes, start_line: int) -> Places:
    """What was packed of a chunk that begins at `start_line`."""
    numbers = kept_numbers(profile)
    if not numbers:
        return Places(start_line)
    names: list[int] = []
    found: dict[int, int] = {}
    inside: list[int] = []
    for number in numbers:
        what, value = number >> _BITS, number & _LARGEST
        if what == _NAME:
            names.append(start_line + value - _BEHIND if value else 0)
        elif what == _INSIDE:
            inside += [UNTOLD] * ((value >> _HALF) - len(inside)) + [value & ((1 << _HALF) - 1)]
        elif what in (_PART, _COUNT):
            found[what] = value
        else:
            found[what] = start_line + value - _BEHIND
    line = found.get(_LINE, start_line)
    whole = (found[_START], found[_END]) if _START in found and _END in found else None
    part = (found[_PART], found[_COUNT]) if _PART in found and _COUNT in found else None
    return Places(line, tuple(names), whole, part, tuple(inside))
