"""Parts of a repository that a search may be restricted to: code, tests, or anything but tests."""

from collections.abc import Callable, Sequence
from typing import Literal

from wherein.errors import ConfigError
from wherein.path_groups import DOCUMENTATION, EXAMPLE, TEST, groups_of, inline_tests, is_prose

Scope = Literal["code", "tests", "no-tests"]

SCOPES: tuple[Scope, ...] = ("code", "tests", "no-tests")
"""`code`: neither tests nor examples nor documents; `tests`: nothing else; `no-tests`: anything else."""


def checked_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """Scopes in lower case; ConfigError for one that there is not."""
    wanted = tuple(scope.strip().lower() for scope in scopes)
    for scope in wanted:
        if scope not in SCOPES:
            raise ConfigError(
                f"{scope!r} is not a part of a repository.", remedy=f"one of {', '.join(SCOPES)}"
            )
    return wanted


def path_in(scopes: Sequence[str]) -> Callable[[str], bool] | None:
    """A predicate on POSIX paths: whether a file may hold what is in all of the scopes; None if any may."""
    if not scopes:
        return None

    def may_hold(path: str) -> bool:
        groups = groups_of(path)
        test = TEST in groups
        aside = test or EXAMPLE in groups or DOCUMENTATION in groups or is_prose(path)
        for scope in scopes:
            if scope == "tests":
                if not test and not inline_tests(path):
                    return False
            elif aside if scope == "code" else test:
                return False
        return True

    return may_hold


def chunk_in(path: str, qualified_name: str, scopes: Sequence[str]) -> bool:
    """Whether a chunk of a file that `path_in` lets through is in all of the scopes: in some languages tests stand in
    the file of what they test."""
    return all(is_test(path, qualified_name) == (scope == "tests") for scope in scopes)


def is_test(path: str, qualified_name: str) -> bool:
    """Whether a chunk is a test, by its path or the module that it is in."""
    return TEST in groups_of(path) or is_inline_test(path, qualified_name)


def is_inline_test(path: str, qualified_name: str) -> bool:
    """Whether it is in a module of tests beside what they test: `tests`, or `sync_tests`."""
    known = inline_tests(path)
    if not any(module in qualified_name for module in known):
        return False
    *modules, own = qualified_name.replace("::", ".").split(".")
    return own in known or any(module.rpartition("_")[2] in known for module in modules)
