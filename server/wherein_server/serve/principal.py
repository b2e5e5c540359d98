"""Who asks, and what of the store they may see."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from wherein.quick_dataclass import dataclass

EVERYTHING = "*"
"""The pattern that matches every repository."""


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, a program, or whoever uses this machine."""

    name: str
    repositories: tuple[str, ...] = ()
    """patterns of repositories' identities: `*` stands for any characters, including slashes"""
    metrics: bool = False
    """whether it may read the metrics, which name repositories"""
    session: bool = False
    """whether it came through the page's own login, which it may end"""

    def may_see(self, repository: str) -> bool:
        """Whether it may see a repository."""
        return any(fnmatchcase(repository, pattern) for pattern in self.repositories)

    def seen(self, repositories: Iterable[str]) -> list[str]:
        """Those of the repositories that it may see."""
        return [each for each in repositories if self.may_see(each)]

    @property
    def sees_metrics(self) -> bool:
        """Whether it may know about every repository."""
        return self.metrics or EVERYTHING in self.repositories


def patterns(given: Sequence[str]) -> tuple[str, ...]:
    """Patterns as they are compared. Raises ValueError for an invalid one."""
    found = tuple(dict.fromkeys(each.strip() for each in given))
    if not all(found) or any("\0" in each or len(each) > 1000 for each in found):
        raise ValueError("a pattern is a name, with * for any characters")
    return found
