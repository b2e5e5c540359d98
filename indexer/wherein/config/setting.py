"""What one setting is, apart from its value: its meaning, who may set it, how it is read, and where it was set."""

from collections.abc import Callable
from dataclasses import field
from typing import Any, TypeVar

from wherein.quick_dataclass import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, apart from its value."""

    doc: str
    read: Callable[[object], Any]
    environment: str = ""
    project: bool = False
    """whether a repository's own .wherein.toml may set it: only what to index and how to rank"""
    default_text: str = ""
    """the default in words, if its value depends on the machine"""
    example: str = ""
    """a value in TOML"""
    secret: bool = False
    """never shown; only whether it is set"""
    in_files: bool = True
    """false if only the environment may set it, because it must not lie about in a file"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set."""

    source: str
    """flag, environment, project, user or default"""
    where: str = ""
    """the variable or the file"""

    def __str__(self) -> str:
        return f"{self.source} ({self.where})" if self.where else self.source


def setting(
    default: Callable[[], T],
    read: Callable[[object], T],
    doc: str,
    *,
    environment: str = "",
    project: bool = False,
    default_text: str = "",
    example: str = "",
    secret: bool = False,
    in_files: bool = True,
) -> T:
    """A field of a settings class."""
    known = Setting(doc, read, environment, project, default_text, example, secret, in_files)
    made: T = field(default_factory=default, metadata={"setting": known})
    return made


def optional(read: Callable[[object], T]) -> Callable[[object], T | None]:
    """For a setting without a value unless it is set."""
    return read
