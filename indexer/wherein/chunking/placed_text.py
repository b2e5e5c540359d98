"""A text whose rows and characters can be found by bytes."""

from __future__ import annotations

from dataclasses import field
from itertools import accumulate

from wherein.chunking.passage import Passage
from wherein.quick_dataclass import dataclass


@dataclass(slots=True)
class PlacedText:
    """The lines, where each begins in the text and in the bytes."""

    whole: str
    lines: list[str] = field(default_factory=list)
    characters: list[int] = field(default_factory=list)
    bytes_: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.whole.split("\n")
        self.characters = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.bytes_ = self.characters
        if not self.whole.isascii():
            self.bytes_ = list(accumulate((len(line.encode()) + 1 for line in self.lines), initial=0))

    def byte(self, row: int, column: int) -> int:
        """The place of a character in the bytes."""
        return self.bytes_[row] + len(self.lines[row][:column].encode())

    def passage(self, row: int, start: int, last: int, stop: int) -> Passage:
        """From a row and character to another's, exclusive."""
        first, end = self.byte(row, start), self.byte(last, stop)
        return Passage(first, end, (row, first - self.bytes_[row]), (last, end - self.bytes_[last]))
