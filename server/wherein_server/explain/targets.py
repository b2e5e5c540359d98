"""What is to be explained."""

from typing import TypeAlias

from wherein.quick_dataclass import dataclass


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

    def __str__(self) -> str:
        return self.text


Target: TypeAlias = PlaceTarget | SymbolTarget | Question
