"""The llama-server program, out of Debian's packages: downloaded and unpacked once into the virtual environment.

Nothing is installed: the packages of a newer Debian bring their own C library and loader, and run beside the system's.
`WHEREIN_TEST_LLAMA_SERVER` names another llama-server to use.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

HOME = Path(sys.prefix) / "llama-server"

RELEASE = "forky"
"""The first Debian release with llama.cpp; 0.7.0 at the time of writing."""

PACKAGES = (
    "llama.cpp-tools",
    "libllama0",
    "libggml0",
    "libc6",
    "libgcc-s1",
    "libgomp1",
    "libssl3t64",
    "libstdc++6",
    "libzstd1",
    "zlib1g",
)

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

APT = """\
Dir::Etc "{folder}"; Dir::Etc::sourcelist "sources.list"; Dir::Etc::sourceparts "none";
Dir::State "{folder}"; Dir::State::Lists "{folder}/lists"; Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache"; APT::Architecture "amd64"; APT::Sandbox::User "{user}";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false"; Acquire::IndexTargets::deb::Contents-deb "false";
"""
"""Lists of our own: the system's are neither needed nor changed."""


def llama_server() -> list[str]:
    """The command; downloads it at the first call. LookupError where that is not possible, saying why."""
    if own := os.environ.get("WHEREIN_TEST_LLAMA_SERVER"):
        return [own]
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and os.uname().machine == "x86_64"):
        raise LookupError("no Debian on x86_64; name a program in WHEREIN_TEST_LLAMA_SERVER")
    root = HOME / "root"
    with FileLock(f"{HOME}.lock"):
        if not root.exists():
            HOME.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=HOME) as scratch:
                _unpack(Path(scratch)).rename(root)
    libraries = root / "usr/lib/x86_64-linux-gnu"
    return [
        str(libraries / "ld-linux-x86-64.so.2"),
        *("--library-path", f"{libraries}:{libraries / 'llama'}"),
        *("--argv0", "llama-server", str(root / "usr/bin/llama-server")),
    ]


def _unpack(scratch: Path) -> Path:
    for folder in ("lists/partial", "cache/archives/partial", "packages", "root"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "status").touch()
    (scratch / "apt.conf").write_text(APT.format(folder=scratch, user=_user()))
    (scratch / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {RELEASE} main\n")
    environment = os.environ | {"APT_CONFIG": str(scratch / "apt.conf")}
    for arguments in (["update"], ["download", *PACKAGES]):
        subprocess.run(["apt-get", "-qq", *arguments], cwd=scratch / "packages", env=environment, check=True)
    for package in (scratch / "packages").glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, scratch / "root"], check=True)
    libraries = scratch / "root/usr/lib/x86_64-linux-gnu"
    for backend in (libraries / "ggml").rglob("*.so"):  # looked for beside the program, which is the loader
        (libraries / backend.name).symlink_to(backend.relative_to(libraries))
    return scratch / "root"


def _mirror() -> str:
    """Where this machine gets Debian's packages."""
    said = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    )
    urls = [line.split()[-1] for line in said.stdout.splitlines() if line.strip()]
    return next((url for url in urls if url.rstrip("/").endswith("/debian")), "http://deb.debian.org/debian")


def _user() -> str:
    import getpass

    return getpass.getuser()
