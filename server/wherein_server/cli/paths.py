"""Paths that users type → paths of the index."""

import os
from pathlib import Path

from wherein.errors import ConfigError


def relative_path(typed: str, repo: Path, root: Path | None) -> str:
    """POSIX path relative to the repository's root of a path relative to where the user stands, or absolute.

    ConfigError for one outside the repository. Symbolic links in the file's own name are not followed.
    """
    if "\0" in typed or not typed:
        raise ConfigError(f"{typed!r} is no path.")
    if root is None:  # a ref of a bare repository: there is nothing to stand in
        return Path(typed).as_posix().removeprefix("./")
    base = Path.cwd() if repo == Path() else repo
    for candidate in (Path(os.path.normpath(base / typed)), Path(os.path.normpath(root / typed))):
        real = candidate.parent.resolve() / candidate.name
        for top in (root, root.resolve()):
            if real.is_relative_to(top) and (real.exists() or real.is_symlink() or candidate.parent == real.parent):
                return real.relative_to(top).as_posix()
    raise ConfigError(f"{typed} is outside the repository {root}.", remedy="--repo DIR names another repository")
