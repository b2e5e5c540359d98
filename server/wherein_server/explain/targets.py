"""What to explain."""

from typing import TYPE_CHECKING, TypeAlias

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.search.thought import Thought


@dataclass(frozen=True, slots=True)
class PlaceTarget:
    """The definition that covers a line."""

    path: str
    """POSIX, relative to the repository's root"""
    line: int
    """from 1"""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class SymbolTarget:
    """The definition of a name, qualified or not."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words; the code that answers it is searched for."""

    text: str
    thought: "Thought | None" = None
    """what the answer may look like, which is searched as well"""

    def __str__(self) -> str:
        return self.text


Target: TypeAlias = PlaceTarget | SymbolTarget | Question
