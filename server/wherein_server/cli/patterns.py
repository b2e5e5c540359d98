"""Filters from the command line: understood, or refused with a sentence, before anything is searched."""

from collections.abc import Sequence
from pathlib import Path

from wherein.config.locations import project_root
from wherein.errors import ConfigError
from wherein.globs import problem

KINDS = (
    *("function", "method", "constructor", "macro"),
    *("class", "struct", "interface", "trait", "impl", "enum", "namespace", "type", "constant", "module"),
    *("section", "cue", "cell", "rule", "table", "key", "target", "text"),
)
"""What `Chunk.kind` may be."""


def checked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Kinds in lower case; ConfigError for one that no chunk has."""
    wanted = tuple(kind.strip().lower() for kind in kinds)
    for kind in wanted:
        if kind not in KINDS:
            import difflib

            near = difflib.get_close_matches(kind, KINDS, n=2)
            known = f"Did you mean {' or '.join(near)}?" if near else f"Kinds: {', '.join(sorted(KINDS))}."
            raise ConfigError(f"{kind!r} is not a kind of chunk.", remedy=known)
    return wanted


def checked_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Names of languages; ConfigError names the nearest ones for one that is unknown."""
    if not languages:
        return ()
    from wherein.languages.registry import resolve

    return tuple(resolve(language) for language in languages)


def patterns(globs: Sequence[str], repo: Path) -> tuple[str, ...]:
    """Patterns relative to the repository's root; ConfigError for one that is none or leads out of it."""
    return tuple(_pattern(glob, repo) for glob in globs)


def _pattern(glob: str, repo: Path) -> str:
    pattern = glob.strip()
    if pattern.startswith("/"):
        pattern = _below_root(pattern, repo)
    pattern = pattern.removeprefix("./")
    if ".." in pattern.split("/"):
        raise ConfigError(f"{glob!r} leads out of the repository; patterns are relative to its root.")
    if not pattern or "\0" in pattern:
        raise ConfigError(f"{glob!r} is no pattern.", remedy="write it as in .gitignore: '*.py', 'src/**'")
    if pattern.startswith("!"):
        raise ConfigError(f"{glob!r} cannot be a pattern: nothing is excluded yet.", remedy="use --exclude")
    if wrong := problem(pattern):
        remedy = (
            r"write \[ for a bracket" if "[" in pattern else "write it as in .gitignore: '*.py', 'src/**'"
        )
        raise ConfigError(f"{glob!r} is no pattern: {wrong}.", remedy=remedy)
    return pattern


def _below_root(pattern: str, repo: Path) -> str:
    """An absolute path that lies in the repository, anchored at its root as in .gitignore: `/src/a.py`."""
    root = str(project_root(repo).resolve())
    for prefix in (root, str(project_root(repo))):
        if pattern == prefix:
            return "**"
        if pattern.startswith(prefix + "/"):
            return pattern[len(prefix) :]
    first = pattern[1:].partition("/")[0]
    if first and Path("/", first).exists() and not Path(root, first).exists():
        raise ConfigError(
            f"{pattern!r} is outside the repository {root}.", remedy="--repo DIR searches another"
        )
    return pattern
