"""All names in a store, searched for those similar to what somebody typed.

The stores' own indexes find exact names and their beginnings. Here is what no index of beginnings finds: another style
(`parseStatus` for `parse_status`), the beginnings of parts (`HttpPars`, `statusline`, `HRP`), any piece, and one slip
of the keyboard.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import islice
from operator import or_

import numpy as np
from numpy.typing import NDArray

MOST_WEIGHED = 1_000
"""Names that are looked at one by one, the shortest first, 10 us each."""

MOST_MISSPELT = 4_000
"""The same, where nothing else was found."""

MOST_HOLDING = 1_000
LEAST_HELD = 3
"""Letters: a piece of two is in every other name."""

LEAST_FOR_EDITS = 4
"""Letters; shorter names are one slip from any other (`fn_a`, `fn_b`)."""

LONGEST_QUERY = 200
"""Characters."""

_PARTS = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]|[0-9]+|[^\W\d_A-Za-z]+")
_OTHER = bytes(byte for byte in range(128) if not chr(byte).isalnum() and byte != 10)
"""What style puts between letters."""
_LINE_END = 10


class NameBook:
    """Distinct names, as they are written; of a name that is a line of prose, too."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    def like(self, query: str) -> Iterator[str]:
        """The names that the query may mean, the closest first: the same in another style, then those that begin with
        it, those of whose parts it is the beginnings, those that hold it; when there are none, those one edit away."""
        query = query[:LONGEST_QUERY]
        asked = _squeezed(query)
        if not asked:
            yield from self._holding_signs(query)
            return
        seen: set[int] = set()
        for found in (self._by_parts(query, asked), self._holding(asked)):
            for at in found:
                if at not in seen:
                    seen.add(at)
                    yield self.names[at]
        if not seen:
            yield from map(self.names.__getitem__, self._misspelt(asked))

    def _by_parts(self, query: str, asked: str) -> list[int]:
        """Names in the order: the same, beginning with it, initials, beginnings of parts."""
        forced = frozenset(_starts(_PARTS.findall(query)))
        wanted = _mask(asked)
        fitting = ((self._letters & wanted) == wanted) & (self._sizes >= len(asked.encode()))
        if asked.isascii():
            initials = _mask("".join(asked[at] for at in forced))
            fitting &= (self._initials & initials) == initials
        ranked = []
        for at in self._shortest(np.flatnonzero(fitting)):
            parts = [part.lower() for part in _PARTS.findall(self.names[at])]
            text = "".join(parts)
            if text == asked:
                rank = 0
            elif text.startswith(asked):
                rank = 1
            elif "".join(part[0] for part in parts).startswith(asked):
                rank = 2
            elif _is_beginnings(asked, forced, parts):
                rank = 3
            else:
                continue
            ranked.append((rank, len(text), self.names[at], at))
        return [at for *_, at in sorted(ranked)]

    def _holding(self, asked: str) -> list[int]:
        """Names that hold the letters in one piece, the shortest first."""
        wanted = asked.encode("utf-8", "replace")
        places: list[int] = []
        text, at = self._text, self._text.find(wanted) if len(asked) >= LEAST_HELD else -1
        while at >= 0 and len(places) < MOST_HOLDING:
            places.append(at)
            at = text.find(wanted, text.find(b"\n", at))
        found: list[int] = np.searchsorted(self._ends, places).tolist()
        return sorted(found, key=lambda at: (len(self.names[at]), self.names[at]))

    def _holding_signs(self, query: str) -> Iterator[str]:
        """Of operators: names that hold the very signs."""
        signs = query.strip()
        if signs.strip("_ "):
            yield from sorted(
                (name for name in self.names if signs in name), key=lambda name: (len(name), name)
            )

    def _misspelt(self, asked: str) -> list[int]:
        """Names that one letter more, less, other or exchanged with its neighbour makes of it, or that begin with such;
        digits are never a slip."""
        letters = sum(character.isalpha() for character in asked)
        if letters < LEAST_FOR_EDITS:
            return []
        missing = ~self._letters & _mask(asked)
        near = (missing & (missing - np.uint64(1)) == 0) & (self._sizes >= len(asked.encode()) - 1)
        ranked = []
        for at in self._shortest(np.flatnonzero(near), MOST_MISSPELT):
            name = _squeezed(self.names[at])
            if _one_edit(asked, name):
                ranked.append((0, len(name), self.names[at], at))
            elif letters > LEAST_FOR_EDITS and any(
                _one_edit(asked, name[:size])
                for size in range(len(asked) - 1, len(asked) + 2)
                if size < len(name)
            ):
                ranked.append((1, len(name), self.names[at], at))
        return [at for *_, at in sorted(ranked)]

    def _shortest(self, found: NDArray[np.intp], most: int = MOST_WEIGHED) -> list[int]:
        order = np.argsort(self._sizes[found], kind="stable")
        listed: list[int] = found[order[:most]].tolist()
        return listed

    @cached_property
    def _text(self) -> bytes:
        """The letters and digits of each name, in lower case, each name a line."""
        lines = "\n".join(" ".join(name.split("\n")) for name in self.names).lower()
        return lines.encode("utf-8", "replace").translate(None, _OTHER) + b"\n" if self.names else b""

    @cached_property
    def _ends(self) -> NDArray[np.intp]:
        """Shape (n,): where each name's line ends in `_text`."""
        return np.flatnonzero(np.frombuffer(self._text, np.uint8) == _LINE_END)

    @cached_property
    def _sizes(self) -> NDArray[np.intp]:
        """Shape (n,): bytes of each name's line."""
        return np.diff(self._ends, prepend=-1) - 1

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        """Shape (n,): a bit for each letter and digit that a name holds."""
        return _or_lines(_BITS[np.frombuffer(self._text, np.uint8)], self._ends)

    @cached_property
    def _initials(self) -> NDArray[np.uint64]:
        """Shape (n,): the same of the letters with which its parts begin; where letters are not ASCII, all bits."""
        lines = "\n".join(" ".join(name.split("\n")) for name in self.names) + "\n"
        text = np.frombuffer(lines.encode("utf-8", "replace"), np.uint8)
        kinds = _KINDS[text]
        before, after = np.roll(kinds, 1), np.roll(kinds, -1)
        before[:1], after[-1:] = _SIGN, _SIGN
        starts = (kinds != _SIGN) & (
            (before != kinds) & ~((before == _UPPER) & (kinds == _LOWER))
            | (kinds == _UPPER) & (before == _UPPER) & (after == _LOWER)
        )
        bits = np.where(starts, _BITS[text], np.uint64(0))
        bits[kinds == _BEYOND] = ~np.uint64(0)
        return _or_lines(bits, np.flatnonzero(text == _LINE_END))


def _or_lines(bits: NDArray[np.uint64], ends: NDArray[np.intp]) -> NDArray[np.uint64]:
    if not len(ends):
        return np.zeros(0, np.uint64)
    starts = np.concatenate(([0], ends[:-1] + 1))
    joined: NDArray[np.uint64] = np.bitwise_or.reduceat(bits, starts)
    return joined


_SIGN, _LOWER, _UPPER, _DIGIT, _BEYOND = range(5)


def _kind(byte: int) -> int:
    if byte >= 128:
        return _BEYOND
    character = chr(byte)
    if character.isdigit():
        return _DIGIT
    return _UPPER if character.isupper() else _LOWER if character.islower() else _SIGN


_KINDS = np.array([_kind(byte) for byte in range(256)], np.uint8)


def _bit(byte: int) -> int:
    character = chr(byte).lower()
    if byte >= 128:
        return 1 << (36 + byte % 28)
    if character.isdigit():
        return 1 << (26 + int(character))
    return 1 << (ord(character) - ord("a")) if "a" <= character <= "z" else 0


_BITS = np.array([_bit(byte) for byte in range(256)], np.uint64)


def _mask(text: str) -> np.uint64:
    bits = _BITS[np.frombuffer(text.encode("utf-8", "replace"), np.uint8)]
    return np.uint64(reduce(or_, bits.tolist(), 0))


def _squeezed(text: str) -> str:
    """Letters and digits in lower case, as in `_text`."""
    return text.lower().encode("utf-8", "replace").translate(None, _OTHER + b"\n").decode("utf-8")


def _starts(parts: Sequence[str]) -> Iterator[int]:
    """Where parts begin in what they are together."""
    at = 0
    for part in parts:
        yield at
        at += len(part)


def _is_beginnings(asked: str, forced: frozenset[int], parts: Sequence[str]) -> bool:
    """Whether a text falls into pieces that are beginnings of some of the parts, in their order. Where the text itself
    has parts, a piece begins there.

    All ways are followed at once: bit i of `reached` says that what was read so far may end at letter i.
    """
    text = "".join(parts)
    starts = sum(1 << at for at in _starts(parts))
    holding: dict[str, int] = {}
    for at, character in enumerate(text):
        holding[character] = holding.get(character, 0) | 1 << at
    reached = starts & holding.get(asked[0], 0)
    for at, character in islice(enumerate(asked), 1, None):
        first = reached & -reached
        onward = starts & ~((first << 1) - 1)
        if at not in forced:
            onward |= reached << 1
        reached = onward & holding.get(character, 0)
        if not reached:
            return False
    return bool(reached)


def _one_edit(one: str, other: str) -> bool:
    """Whether two texts are one edit apart: a letter more, less, other, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    head = 0
    while head < min(len(one), len(other)) and one[head] == other[head]:
        head += 1
    left, right = one[head:], other[head:]
    if len(left) == len(right):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:] and len(left) > 1
        edited = left[1:] == right[1:]
        return (swapped or edited) and not (left[:1] + right[:1]).isdigit() and bool(left)
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter and not longer[0].isdigit()
