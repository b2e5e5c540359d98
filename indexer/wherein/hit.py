"""What a search answers."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk of the index with its score and the score's parts."""

    repository: str
    path: str
    """POSIX, relative to the repository's root; bytes that are no UTF-8 stand as surrogate escapes"""
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
