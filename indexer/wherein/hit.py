"""A search result."""

from dataclasses import field

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk of the index, with its score and the parts of the score."""

    repository: str
    path: str
    """POSIX, relative to the repository's root; bytes that are not UTF-8 are surrogate escapes"""
    start_line: int
    end_line: int
    """1-based, inclusive"""
    symbol: str
    qualified_name: str
    kind: str
    language: str
    score: float
    text: str
    parts: dict[str, float] = field(default_factory=dict)
    """what each ranking step added, by the step's name"""
    line: int = 0
    """the line to show: the one with the name, else the one with the word that was found; 0: the first"""
    column: int = 0
    """of the name in that line, in characters from 1; 0: unknown"""
    definition: tuple[int, int] | None = None
    """first and last line of the whole definition, if this is a part of one"""
    part: tuple[int, int] | None = None
    """which part of how many, from 1"""

    description: str = ""
    """what a language model wrote about it, one line; never its author's words, so show it with its writer"""
    described_by: str = ""
    """that model's name"""

    @property
    def title(self) -> str:
        """The text of the line to show."""
        lines = self.text.split("\n")
        at = max(self.line, self.start_line) - self.start_line
        return lines[at] if at < len(lines) else ""
