"""The gits of Debian's releases, out of its packages. `WHEREIN_TEST_GITS` names more, separated as in PATH."""

import os
import subprocess
from pathlib import Path

from debian_packages import unpacked

RELEASES = {"bullseye": "2.30", "bookworm": "2.39", "trixie": "2.47"}
"""Debian 11, 12 and 13, and the git that each carries."""

NEWEST = "sid"
"""The release with a git (2.55) that takes hooks from its configuration."""

PACKAGES = ["git", "libc6", "libpcre2-8-0", "zlib1g"]


def debian_git(release: str) -> Path:
    """The folder with a release's `git`, which stands for its exec path as well; downloaded at the first call.
    LookupError where that is not possible, saying why."""
    try:
        root = unpacked(f"git-{release}", PACKAGES, release=release, finish=_make_runnable)
    except subprocess.CalledProcessError as error:
        raise LookupError(f"Debian's {release} cannot be had: {error}") from error
    return root / "bin-of-git"


def _make_runnable(root: Path) -> None:
    """A script that runs git with the C library of its release, wherever the folder lies by then."""
    loader = next(path for path in root.rglob("ld-linux-x86-64.so.2") if path.is_file())
    folder = loader.parent.resolve().relative_to(root.resolve())
    search = ":".join(f"$root/{place}" for place in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"))
    script = root / "bin-of-git" / "git"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\nroot=${{0%/bin-of-git/git}}\nexport GIT_EXEC_PATH="$root/bin-of-git"\n'
        f'exec "$root/{folder}/{loader.name}" --library-path "{search}" "$root/usr/bin/git" "$@"\n'
    )
    script.chmod(0o755)


def named_gits() -> list[Path]:
    """Folders with further gits, of who runs the tests."""
    return [Path(place) for place in os.environ.get("WHEREIN_TEST_GITS", "").split(os.pathsep) if place]
