"""Programs out of packages of another Debian: downloaded and unpacked once into the virtual environment.

Nothing is installed: the packages bring their own C library and loader, and run beside the system's.
"""

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

RELEASE = "forky"
"""The first Debian release with llama.cpp, and with a Neovim that needs no plugin for a language server."""

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

APT = """\
Dir::Etc "{folder}"; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "none";
Dir::State "{folder}"; Dir::State::Lists "{folder}/lists"; Dir::State::status "{folder}/status";
Dir::Cache "{folder}"; Dir::Cache::srcpkgcache ""; Dir::Cache::Archives "{archives}";
APT::Architecture "amd64"; APT::Sandbox::User "{user}";
APT::Install-Recommends "false";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false"; Acquire::IndexTargets::deb::Contents-deb "false";
"""
"""Lists of our own: the system's are neither needed nor changed."""

LISTS_LAST = 3600.0
"""Seconds for which a release's lists serve all that is taken out of it; then what they name may be gone."""


def unpacked(
    name: str,
    packages: Sequence[str],
    *,
    release: str = RELEASE,
    all_needed: bool = False,
    finish: Callable[[Path], None] | None = None,
) -> Path:
    """The folder that stands for `/`, downloaded at the first call; `all_needed` takes also what the packages depend
    on. LookupError where that is not possible, saying why."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and os.uname().machine == "x86_64"):
        raise LookupError("no Debian on x86_64")
    home = Path(sys.prefix) / name
    root = home / "root"
    with FileLock(f"{home}.lock"):
        if not root.exists():
            home.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=home) as scratch:
                made = _unpack(Path(scratch), packages, release, all_needed)
                if finish is not None:
                    finish(made)
                made.rename(root)
    return root


def libraries(root: Path) -> Path:
    """Where the packages' libraries are, and their loader `ld-linux-x86-64.so.2`."""
    return root / "usr/lib/x86_64-linux-gnu"


def _unpack(scratch: Path, packages: Sequence[str], release: str, all_needed: bool) -> Path:
    for folder in ("archives/partial", "packages", "root"):
        (scratch / folder).mkdir(parents=True)
    fetch = ["--yes", "--download-only", "install"] if all_needed else ["download"]
    lists = Path(sys.prefix) / "debian-lists" / release
    lists.parent.mkdir(exist_ok=True)
    with FileLock(f"{lists}.lock"):  # apt has locks, too, but does not wait for them
        _read_lists(lists, release)
        _apt(lists, scratch, *fetch, *packages)
    for package in scratch.glob("archives/*.deb" if all_needed else "packages/*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, scratch / "root"], check=True)
    return scratch / "root"


def _read_lists(home: Path, release: str) -> None:
    """Of what a release has; it takes apt longer than to fetch most packages."""
    read = home / "read"
    if read.exists() and time.time() - read.stat().st_mtime < LISTS_LAST:
        return
    shutil.rmtree(home, ignore_errors=True)
    for folder in ("lists/partial", "archives/partial", "packages"):
        (home / folder).mkdir(parents=True)
    (home / "status").touch()
    (home / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {release} main\n")
    _apt(home, home, "update")
    read.touch()


def _apt(lists: Path, scratch: Path, *arguments: str) -> None:
    """Run apt-get, which keeps its lists in one folder and what it fetches in another."""
    configuration = APT.format(folder=lists, archives=scratch / "archives", user=getpass.getuser())
    (scratch / "configuration").write_text(configuration)
    subprocess.run(
        ["apt-get", "-qq", *arguments],
        cwd=scratch / "packages",
        env=os.environ | {"APT_CONFIG": str(scratch / "configuration")},
        check=True,
        stdout=2,  # whatever stands for standard error in a test
    )


def _mirror() -> str:
    """Where this machine gets Debian's packages."""
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    urls = [line.split()[-1] for line in said.stdout.splitlines() if line.strip()]
    mirror = next((url for url in urls if url.rstrip("/").endswith("/debian")), None)
    if mirror is None:
        raise LookupError("apt knows no mirror of Debian")
    return mirror
