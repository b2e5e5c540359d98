"""Filters from the command line: understood, or refused with a sentence, before anything is searched."""

import os
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from wherein.config.locations import project_root
from wherein.errors import ConfigError
from wherein.git.paths import repository_path
from wherein.globs import problem
from wherein.scopes import checked_scopes
from wherein.search.inline_filters import checked_kinds, quoted, rewritten
from wherein_server.cli.sanitize import piped_back

if TYPE_CHECKING:
    from wherein.search_options import SearchFilters


def checked_filters(typed: "SearchFilters", repo: Path | None, here: Path | None = None) -> "SearchFilters":
    """Filters as they were typed, understood; the patterns as `patterns` reads them. Raises ConfigError."""
    known: SearchFilters = {
        **typed,
        "languages": checked_languages(typed.get("languages", ())),
        "kinds": checked_kinds(typed.get("kinds", ())),
        "scopes": checked_scopes(typed.get("scopes", ())),
    }
    return placed(known, repo, here)


def placed(within: "SearchFilters", repo: Path | None, here: Path | None = None) -> "SearchFilters":
    """Filters with their patterns as `patterns` reads them. Raises ConfigError."""
    return {
        **within,
        "paths": patterns(within.get("paths", ()), repo, here),
        "exclude": patterns(within.get("exclude", ()), repo, here),
    }


def checked_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """Names of languages; ConfigError names the nearest ones for one that is unknown."""
    if not languages:
        return ()
    from wherein.languages.registry import resolve

    return tuple(resolve(language) for language in languages)


def patterns(globs: Sequence[str], repo: Path | None, here: Path | None = None) -> tuple[str, ...]:
    """Patterns relative to the repository's root; ConfigError for one that is none or leads out of it.

    Without a repository to stand in, they are what they say.

    `here` is where the user stands, if in the repository: what names a place is looked for there first, since results
    are shown so, then at the root. A pattern without a slash means files of that name anywhere, as in .gitignore.
    """
    if repo is None:
        return tuple(_checked(glob, glob.strip(), PurePosixPath())[0] for glob in globs)
    root = Path(os.path.realpath(project_root(repo)))
    below = _standpoint(root, here)
    return tuple(each for glob in globs for each in _patterns(glob, repo, root, below))


def checked_query(text: str, repo: Path | None, here: Path | None = None) -> str:
    """A query with each `path:` in it as `patterns` reads it, and its kinds and scopes checked. Raises ConfigError."""

    def read(negative: str, key: str, value: str) -> str:
        if key == "kind":
            checked_kinds([value])
        if key == "scope":
            checked_scopes([value])
        if key != "path":
            return f"{negative}{key}:{quoted(value)}"
        return " ".join(f"{negative}path:{quoted(each)}" for each in patterns([value], repo, here))

    return rewritten(text, read)


def _patterns(glob: str, repo: Path, root: Path, below: PurePosixPath) -> tuple[str, ...]:
    glob = piped_back(glob)
    if "\0" not in glob and glob.strip() and (known := _existing(glob, root, below)) is not None:
        return known
    pattern = glob.strip()
    absolute = pattern.startswith("/")
    if absolute:
        pattern = _below_root(pattern, repo)
    pattern, climbs = _checked(glob, pattern, below)
    absolute = absolute or climbs
    if absolute or not below.parts or "/" not in pattern.rstrip("/") or pattern.startswith("**/"):
        return (pattern,)
    head = list(takewhile(_is_plain, pattern.split("/")))
    from_here = f"/{_escaped(str(below))}/{pattern}"
    if head and os.path.lexists(Path(root, below, *head)):
        return (from_here,)
    if head and os.path.lexists(Path(root, *head)):
        return (pattern,)
    return from_here, pattern


def _checked(glob: str, pattern: str, below: PurePosixPath) -> tuple[str, bool]:
    """A pattern that is one, and whether it was anchored at the root since it climbs or says where it begins."""
    explicit = pattern.startswith("./") or ".." in pattern.split("/")
    climbs = ".." in pattern.split("/") or (explicit and bool(below.parts))
    if climbs:
        pattern = _from_here(glob, pattern, below)
    pattern = pattern.removeprefix("./")
    if not pattern or "\0" in pattern:
        raise ConfigError(f"{glob!r} is not a pattern.", remedy="write it as in .gitignore: '*.py', 'src/**'")
    if pattern.startswith("!"):
        raise ConfigError(
            f"{glob!r} is not a pattern here: `!` takes back an exclusion, and there is none.",
            remedy="use --exclude",
        )
    if wrong := problem(pattern):
        remedy = (
            r"write \[ for a bracket" if "[" in pattern else "write it as in .gitignore: '*.py', 'src/**'"
        )
        raise ConfigError(f"{glob!r} is not a pattern: {wrong}.", remedy=remedy)
    return pattern, climbs


def _existing(typed: str, root: Path, below: PurePosixPath) -> tuple[str, ...] | None:
    """A path that is there as it was typed, from where the user stands: just that one. At the root, a plain name keeps
    meaning every file of that name; but one with signs of patterns is what it says, too."""
    place = Path(root, below, typed)
    if not os.path.lexists(place) or (place.is_dir() and _is_outside(root, place)):
        return None
    try:
        path = repository_path(root, place)
    except ConfigError:
        return None
    if not path:
        return ("**",)
    plain = _is_plain(typed.strip()) and typed.strip() == typed and not typed.startswith(("!", "#"))
    if plain and not below.parts and not typed.startswith("/"):
        return None
    anchored = f"/{_escaped(path)}{'/' if place.is_dir() and typed.endswith('/') else ''}"
    is_pattern = not plain and any(sign in typed for sign in "*?") and not problem(typed)
    return (anchored, typed) if is_pattern else (anchored,)


def _is_outside(root: Path, place: Path) -> bool:
    return not Path(os.path.realpath(place)).is_relative_to(root)


def _standpoint(root: Path, here: Path | None) -> PurePosixPath:
    """Where in the repository `here` is; its root for what lies elsewhere."""
    real = Path(os.path.realpath(here)) if here is not None else root
    return PurePosixPath(real.relative_to(root).as_posix()) if real.is_relative_to(root) else PurePosixPath()


def _from_here(glob: str, pattern: str, below: PurePosixPath) -> str:
    """A pattern that climbs, anchored at the root."""
    parts = [_escaped(part) for part in below.parts]
    for part in pattern.split("/"):
        if part == "..":
            if not parts:
                raise ConfigError(f"{glob!r} leads out of the repository.")
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if not parts:
        return "**"
    return "/" + "/".join(parts) + ("/" if pattern.endswith("/") else "")


def _is_plain(part: str) -> bool:
    return not any(sign in part for sign in "*?[\\")


def _escaped(path: str) -> str:
    """A path as a pattern that matches it alone."""
    signs = "".join(f"\\{sign}" if sign in "*?[\\" else sign for sign in path)
    return signs[:-1] + "\\ " if signs.endswith(" ") else signs


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
