"""A path → the source of what is there: a worktree, a ref, or a plain folder."""

import os
from pathlib import Path

from wherein.errors import NotARepository
from wherein.git.repository import find_repository
from wherein.git.source import Source, SourceSettings


def open_source(
    path: str | os.PathLike[str] = ".",
    *,
    ref: str | None = None,
    name: str | None = None,
    settings: SourceSettings | None = None,
) -> Source:
    """The source for a folder: its whole repository if it is the root, else what is below it.

    `ref` lists a branch, tag or commit instead of the disk; a bare repository lists HEAD. `name` replaces the
    repository's identity. Raises NotARepository, ConfigError.
    """
    settings = settings or SourceSettings()
    folder = _folder(path)
    repository = find_repository(folder)
    if repository is None:
        if ref is not None:
            raise NotARepository(
                f"{folder} is not in a git repository, so it has no {ref!r}.", remedy="git init"
            )
        from wherein.git.folder import FolderSource

        return FolderSource(folder, name=name, settings=settings)
    if ref is not None or repository.root is None:
        from wherein.git.refs import RefSource

        return RefSource(repository, "HEAD" if ref is None else ref, folder, name=name, settings=settings)
    from wherein.git.worktree import WorktreeSource

    return WorktreeSource(repository, folder, name=name, settings=settings)


def _folder(path: str | os.PathLike[str]) -> Path:
    try:
        folder = Path(os.path.realpath(path))
        with os.scandir(folder):
            return folder
    except FileNotFoundError:
        raise NotARepository(f"{os.fspath(path)} does not exist.") from None
    except NotADirectoryError:
        raise NotARepository(
            f"{os.fspath(path)} is a file.", remedy=f"give the folder that it is in: {Path(path).parent}"
        ) from None
    except (OSError, ValueError) as error:
        detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NotARepository(f"{os.fspath(path)!r} cannot be read: {detail}.") from error
