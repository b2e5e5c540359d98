"""The order in which files are filled: most wanted first."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from wherein.git.beneath import Beneath
from wherein.path_groups import groups_of


def most_wanted(paths: Iterable[str], root: Path | None, first: Sequence[str] = ()) -> list[str]:
    """Paths that somebody has open or was shown, in this order; then what changed last on disk; tests, examples and the
    like after the rest."""
    named = {path: place for place, path in enumerate(first)}
    beneath = Beneath(root) if root is not None else None

    def wanted(path: str) -> tuple[int, int, float, str]:
        if path in named:
            return 0, named[path], 0.0, path
        return 1, bool(groups_of(path)), -_changed(beneath, path), path

    return sorted(paths, key=wanted)


def _changed(beneath: Beneath | None, path: str) -> float:
    """When a file was last written, to the hour: a clone's files are all equally old."""
    try:
        return beneath.lstat(path).st_mtime // 3600 if beneath is not None else 0.0
    except OSError:
        return 0.0
