"""Paths that users type → paths of the index."""

import os
from pathlib import Path, PurePath

from wherein.errors import ConfigError


def relative_path(typed: str, repo: Path, root: Path | None) -> str:
    """POSIX path relative to the repository's root.

    What users type is absolute, relative to the folder they speak of, or, copied from a result, relative to the
    root. ConfigError for a path outside the repository.
    """
    if not typed or "\0" in typed:
        raise ConfigError(f"{typed!r} is no path.")
    if root is None:  # a ref of a bare repository: there is nothing to stand in
        return PurePath(typed).as_posix()
    from wherein.git.paths import repository_path

    here = repo / typed
    if not os.path.lexists(here) and os.path.lexists(root / typed):
        return repository_path(root, root / typed)
    return repository_path(root, here)
