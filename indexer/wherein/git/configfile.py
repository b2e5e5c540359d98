"""Reads one of git's configuration files without asking git.

Only what has to be known before git may be let near a repository: whether it is bare, and which files it includes.
Everything else is asked of git, which alone knows how its files are read.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from wherein.git.steering import read_steering

MOST_DEPTH = 10
"""Of files that include files; git itself goes no deeper."""

MOST_FILES = 200
"""Of included files."""

_SECTION = re.compile(r'\s*\[\s*([^\]\s"]*)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_ENTRY = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)\s*(?:=(.*))?$")
_COMMENT = re.compile(r'((?:[^"\\;#]|\\.|"(?:[^"\\]|\\.)*")*)')


def entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Section and key in lower case, and value, of each entry; without subsections."""
    section = ""
    for line in text.replace("\r\n", "\n").replace("\\\n", "").split("\n"):
        start = 0
        while head := _SECTION.match(line, start):
            section = head[1].partition(".")[0].lower()
            start = head.end()
        if found := _ENTRY.match(line, start):
            value = found[2]
            yield section, found[1].lower(), "true" if value is None else _plain(value)


def _plain(value: str) -> str:
    kept = _COMMENT.match(value)
    return re.sub(r'\\(.)|"', lambda part: part[1] or "", kept[1] if kept else value).strip()


def is_bare(git_dir: Path) -> bool:
    """Whether a repository says that it has no worktree. Raises NotARepository for a configuration git cannot read."""
    core = {
        key: value for section, key, value in entries(read_steering(git_dir / "config")) if section == "core"
    }
    # Without a version, git believes nothing that such a file says of the repository.
    return "repositoryformatversion" in core and core.get("bare", "").lower() in ("true", "yes", "on", "1")


def check_includes(file: Path, depth: int = 0, seen: set[Path] | None = None, remedy: str = "") -> None:
    """Raises NotARepository if a file that this one includes, conditions or not, is none that git may read."""
    seen = set() if seen is None else seen
    if file in seen or depth > MOST_DEPTH or len(seen) > MOST_FILES:
        return
    seen.add(file)
    text = read_steering(file, remedy=remedy)
    if "include" not in text.lower():
        return
    for section, key, value in entries(text):
        if section in ("include", "includeif") and key == "path" and value:
            check_includes(
                file.parent / expanded(value), depth + 1, seen, f"take the include of {value} out of {file}"
            )


def expanded(path: str) -> str:
    """With the home folder of a user for `~` at its beginning, where there is such a user."""
    return os.path.expanduser(path)  # noqa: PTH111 - Path's raises where there is no such user
