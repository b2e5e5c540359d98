"""Hooks in files, and what a folder holds."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below a folder: mode, and content or target."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        inside = (
            os.fsencode(path.readlink()) if path.is_symlink() else b"" if path.is_dir() else path.read_bytes()
        )
        found[str(path.relative_to(folder))] = (status.st_mode, inside)
    return found


def executable(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o755)
    return path


def plain_environment() -> dict[str, str]:
    """What a graphical client gives to git: next to nothing."""
    kept = (
        "HOME",
        "WHEREIN_CONFIG",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_AUTHOR_DATE",
        "GIT_COMMITTER_DATE",
    )
    folder = Path(shutil.which("git") or "/usr/bin/git").parent
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PATH": f"{folder}:/usr/bin:/bin"
    }


COMMAND = Path(sys.executable).with_name("wherein")
"""The installed one."""


class Beside:
    """A worktree that git made."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, check=True)
        return os.fsdecode(done.stdout)


REPOSITORY = Path(__file__).resolve().parents[2]
