"""Whether a worktree has a file at a path, listed or not."""

from collections.abc import Callable
from functools import cache
from stat import S_ISREG

from wherein.git.beneath import Beneath
from wherein.git.checkout import examine
from wherein.git.command import GitFailed, explained
from wherein.git.repository import Repository, open_repository


def file_exists(repository: Repository, prefix: str) -> Callable[[str], bool]:
    """Tells of a path below `prefix`. A file that a sparse checkout keeps away counts. Raises NotARepository."""
    assert repository.root is not None
    beneath = Beneath(repository.root)

    @cache
    def kept_away() -> set[str]:
        if not open_repository(repository).sparse:
            return set()
        try:
            return examine(repository, prefix).absent
        except GitFailed as error:
            raise explained(error, repository.git.folder) from error

    def there(path: str) -> bool:
        try:
            return S_ISREG(beneath.lstat(path).st_mode)
        except OSError:
            return path in kept_away()

    return there
