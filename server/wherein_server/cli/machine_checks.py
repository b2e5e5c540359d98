"""What `wherein doctor` checks on this machine: one finding each, or `Bad`."""

import json
import os
import platform
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import wherein
from wherein import private
from wherein.config.settings import Settings
from wherein.git.command import OLDEST, git_executable
from wherein.git.guard import keeps_from_fetching
from wherein.interpreter import interpreter, running
from wherein_server.cli.check import Bad
from wherein_server.cli.wording import count, size

LEAST_FREE = 200_000_000
"""Bytes; an index of 100,000 chunks takes about so much."""


def python() -> str:
    """The interpreter, and this version of wherein."""
    return f"{platform.python_version()} at {sys.executable}; wherein {wherein.__version__}"


def git() -> str:
    """The git command: its version, and what it is too old for."""
    try:
        answer = subprocess.run(
            [git_executable(), "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except wherein.WhereinError:
        raise Bad("there is no git command", "install git") from None
    except (subprocess.SubprocessError, OSError) as error:
        raise Bad(f"git cannot be run: {error}", "reinstall git") from None
    version = answer.stdout.strip().removeprefix("git version ")
    numbers = tuple(int(part) for part in version.split()[0].split(".")[:2] if part.isdigit())
    if numbers < tuple(map(int, OLDEST.split("."))):
        raise Bad(f"{version} is older than {OLDEST}", f"install git {OLDEST} or newer", level="warn")
    if not keeps_from_fetching():
        return f"{version}; partial clones need 2.45 or newer"
    return version


def sqlite() -> str:
    """The library that indexes are kept by."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
    except sqlite3.OperationalError:
        raise Bad(
            f"{sqlite3.sqlite_version} comes without FTS5",
            "use a Python whose sqlite3 module has FTS5, such as those of the distributions or python.org",
        ) from None
    finally:
        connection.close()
    return f"{sqlite3.sqlite_version} with FTS5"


def data_folder(folder: Path) -> str:
    """Whether indexes can be kept there, by their owner alone; how much they take."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Bad(f"{folder} cannot be written to", "set WHEREIN_DATA_DIR to a folder that you own")
    if there != folder:
        return f"{folder} (created when it is needed)"
    if wrong := private.complaint(folder):
        raise Bad(
            wrong.removesuffix("."), f"chmod -R go= {shlex.quote(str(folder))}, as its owner", level="warn"
        )
    held = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return f"{folder} holds {size(held)}"


def disk(folder: Path) -> str:
    """The space that is left where the data folder is."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Bad(
            f"only {size(free)} are free on the disk of the data folder",
            "free some, `wherein repo list` shows what indexes take; or set WHEREIN_DATA_DIR",
            level="warn",
        )
    return f"{size(free)} free"


def model(settings: Settings) -> str:
    """Whether the first tier's model embeds."""
    from wherein.embedding.open import open_embedder

    embedder = open_embedder(settings.model)
    embedder.embed([["where", "is", "this", "done"]])
    return f"{embedder.model_id}, {embedder.dimension} dimensions"


def grammars() -> str:
    """Whether each grammar loads, in a process of its own: a broken one may end it."""
    done = subprocess.run(
        running("wherein.languages.all_load"),
        executable=interpreter(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        *_, last = ["", *done.stderr.strip().splitlines()]
        raise Bad(
            f"grammars cannot be loaded ({last or f'the process that does ends with {done.returncode}'})",
            "reinstall wherein",
        )
    told: dict[str, str] = json.loads(done.stdout)
    failed = {name: says for name, says in told.items() if says}
    if failed:
        reasons = "; ".join(f"{name}: {says}" for name, says in failed.items())
        raise Bad(f"{count(len(failed), 'grammar')} cannot be loaded ({reasons})", "reinstall wherein")
    return f"{count(len(told), 'grammar')} load"
