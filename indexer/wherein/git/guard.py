"""Whether git can be kept from fetching what a repository lacks.

A partial clone lacks objects, and git fetches them when it comes upon one: by commands that the repository's own
configuration names. GIT_NO_LAZY_FETCH forbids it, in the releases 2.39.4, 2.40.2, 2.41.1, 2.42.2, 2.43.4, 2.44.1, 2.45
and newer, and in older ones that a distribution mended. The number therefore tells little; it is tried, once for each
git, in a repository of ours that lacks an object. Only who opens a partial clone waits for that (5 ms).
"""

import os
import tempfile
from pathlib import Path

from wherein.errors import NotARepository
from wherein.git.command import NO_FETCH, Git, git_executable
from wherein.git.configuration import Configuration
from wherein.git.steering import read_steering

REMEDY = "install git 2.45 or newer"

MOST_DEPTH = 5
"""Of alternates that have alternates; git itself goes no deeper."""

_MISSING = "1" * 40

_known: dict[tuple[str, int, int, int, int], bool] = {}
"""by path, device, inode, size and time of the executable"""


def require_guard(git: Git, configuration: Configuration, common_dir: Path) -> None:
    """Raises NotARepository if a repository may lack objects, or borrows them, and git cannot be kept from fetching.

    To be asked before any command that reads objects.
    """
    if configuration.partial:
        what = "is a partial clone"
    elif _borrows(common_dir / "objects", common_dir):
        what = "keeps its objects elsewhere"
    else:
        return
    if not keeps_from_fetching():
        raise NotARepository(
            f"{git.folder} {what}, and this git cannot be kept from running what its configuration names.",
            remedy=REMEDY,
        )


def keeps_from_fetching() -> bool:
    """Whether the git that is used heeds GIT_NO_LAZY_FETCH."""
    path = git_executable()
    status = Path(path).stat()
    key = (path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if key not in _known:
        try:
            _known[key] = _tries_to_fetch(forbidden=False) and not _tries_to_fetch(forbidden=True)
        except OSError:  # no room for a scratch repository
            return False
    return _known[key]


def _tries_to_fetch(*, forbidden: bool) -> bool:
    """Whether git starts a fetch for an object that a repository of ours lacks; it has nowhere to fetch from."""
    with tempfile.TemporaryDirectory(prefix="wherein-") as scratch:
        for folder in ("objects", "refs"):
            Path(scratch, folder).mkdir()
        Path(scratch, "HEAD").write_text("ref: refs/heads/none\n")
        Path(scratch, "config").write_text(
            "[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tpartialClone = none\n"
            '[remote "none"]\n\tpromisor = true\n\turl = none\n'
        )
        variables = {NO_FETCH: "1" if forbidden else "0", "GIT_TRACE": "2", "GIT_DIR": scratch}
        git = Git(Path(scratch), worktree=False, variables=variables)
        with git.start("cat-file", "-e", _MISSING) as running:
            _, _, said = running.outcome()
    return any("run_command:" in line and " fetch " in line for line in said.splitlines())


def _borrows(objects: Path, common_dir: Path, depth: int = 0) -> bool:
    """Whether a store of objects leads to another outside of the repository."""
    for line in read_steering(objects / "info" / "alternates").split("\n"):
        if not line or line.startswith("#"):
            continue
        place = Path(os.path.realpath(objects / line))
        if depth >= MOST_DEPTH or line.startswith('"') or not place.is_relative_to(common_dir):
            return True
        if _borrows(place, common_dir, depth + 1):
            return True
    return False
