"""From the places where named parts of a document begin to chunks that cover it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from wherein.chunking.chunk import Chunk
from wherein.chunking.lines import WINDOW_CHARACTERS, windows
from wherein.quick_dataclass import dataclass

TINY_LINES = 3
"""A part with no more lines than this, blank ones aside, is not worth a chunk of its own."""
PREAMBLE_LINES = 5
"""What stands before the first block joins it when it is no longer than this."""
NAME_CHARACTERS = 120
"""A longer name (a heading that is a paragraph, a selector list) is cut."""
NAMES = 50
"""Further names that one chunk keeps: a minified style sheet has thousands on its one line."""
DOC_CHARACTERS = 2_000


@dataclass(slots=True)
class Block:
    """A named part of a document. It reaches to where the next one begins, so blocks always cover."""

    start: int
    """index of its first line, from 0"""
    kind: str
    symbol: str = ""
    qualified_name: str = ""
    signature: str = ""
    doc: str = ""
    names: tuple[str, ...] = ()
    outer: bool = False
    """the blocks that follow are inside it: when it is tiny without them, it joins the first"""
    family: str | None = None
    """small neighbours of one family are gathered in one chunk; None stands alone"""


def cover(
    lines: Sequence[str],
    blocks: Iterable[Block],
    *,
    gather: int = 0,
    cuttable: Callable[[int], bool] | None = None,
) -> list[Chunk]:
    """Chunks for lines, given blocks in the order of their starts.

    Neighbours of one family are gathered while they have at most `gather` lines together: the first gives the
    symbol, the others their names. A block too long for one window is cut in several under the same symbol.
    """
    if not lines:
        return []
    placed = _with_preamble(_one_a_line(blocks, len(lines)))
    gathered = _gather(lines, _without_tiny_outers(lines, placed), gather)
    stops = [block.start for block in gathered[1:]] + [len(lines)]
    return [
        Chunk(
            start + 1,
            stop,
            block.kind,
            block.symbol,
            block.qualified_name,
            block.signature,
            block.doc,
            block.names,
        )
        for block, end in zip(gathered, stops, strict=True)
        for start, stop in windows(lines, block.start, end, cuttable)
    ]


def is_tiny(lines: Sequence[str], start: int, stop: int) -> bool:
    """Whether lines[start:stop] hold something, but no more than TINY_LINES that are not blank."""
    if stop - start > 4 * TINY_LINES:
        return False
    return 0 < sum(1 for line in lines[start:stop] if line and not line.isspace()) <= TINY_LINES


class FirstFrom:
    """Where each of some strings stands next, without looking at all that follow for each that is asked for."""

    def __init__(self, strings: Iterable[str]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, string in enumerate(strings):
            self._places.setdefault(string, []).append(place)

    def find(self, string: str, start: int, default: int) -> int:
        """The first place from `start` on; `default` where there is none."""
        places = self._places.get(string, ())
        at = bisect_left(places, start)
        return places[at] if at < len(places) else default


def short_name(text: str) -> str:
    """Text as a name: on one line, with single blanks, not longer than NAME_CHARACTERS."""
    return " ".join(text[: 4 * NAME_CHARACTERS].split())[:NAME_CHARACTERS].rstrip()


def comment_above(lines: Sequence[str], start: int, floor: int, markers: tuple[str, ...]) -> int:
    """The first of the comment lines that stand directly above line `start`, not above `floor`."""
    while start > floor and lines[start - 1].startswith(markers):
        start -= 1
    return start


def comment_text(lines: Sequence[str], start: int, stop: int, marks: str) -> str:
    """The text of comment lines, without the marks that begin them."""
    return "\n".join(line.strip().lstrip(marks).strip() for line in lines[start:stop]).strip()


def _one_a_line(blocks: Iterable[Block], line_count: int) -> list[Block]:
    """Blocks whose starts rise strictly: those that begin on one line are one, with the names of all."""
    placed: list[Block] = []
    for block in blocks:
        if block.start >= line_count:
            break
        if placed and block.start <= placed[-1].start:
            _take_names(placed[-1], block)
        else:
            placed.append(block)
    return placed


def _with_preamble(blocks: list[Block]) -> list[Block]:
    if not blocks:
        return [Block(0, "text")]
    if 0 < blocks[0].start <= PREAMBLE_LINES:
        blocks[0].start = 0
    elif blocks[0].start:
        blocks.insert(0, Block(0, "text"))
    return blocks


def _without_tiny_outers(lines: Sequence[str], blocks: list[Block]) -> list[Block]:
    kept: list[Block] = []
    outer: Block | None = None
    for n, block in enumerate(blocks):
        if outer is not None:
            block.start = outer.start
            block.names = (*block.names, outer.symbol, *outer.names)[:NAMES]
            block.doc = f"{outer.doc}\n{block.doc}".strip()
        following = blocks[n + 1].start if n + 1 < len(blocks) else block.start
        outer = block if block.outer and is_tiny(lines, block.start, following) else None
        if outer is None:
            kept.append(block)
    return kept


def _gather(lines: Sequence[str], blocks: list[Block], limit: int) -> list[Block]:
    gathered: list[Block] = []
    characters = 0
    for n, block in enumerate(blocks):
        stop = blocks[n + 1].start if n + 1 < len(blocks) else len(lines)
        size = sum(map(len, lines[block.start : stop]))
        joins = (
            gathered
            and block.family is not None
            and block.family == gathered[-1].family
            and stop - gathered[-1].start <= limit
            and characters + size <= WINDOW_CHARACTERS
        )
        if joins:
            _take_names(gathered[-1], block)
            characters += size
        else:
            gathered.append(block)
            characters = size
    return gathered


def _take_names(block: Block, other: Block) -> None:
    """Names of `other` become further names of `block`; a nameless block takes them as its own."""
    if not block.symbol:
        block.symbol, block.qualified_name = other.symbol, other.qualified_name
        more = other.names
    else:
        more = (other.symbol, *other.names) if other.symbol else other.names
    known = {block.symbol, *block.names}
    fresh = [name for name in dict.fromkeys(more) if name and name not in known]
    block.names += tuple(fresh[: max(0, NAMES - len(block.names))])
    if other.doc and other.doc != block.doc and len(block.doc) < DOC_CHARACTERS:
        block.doc = f"{block.doc}\n{other.doc}".strip()
