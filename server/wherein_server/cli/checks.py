"""What `wherein doctor` looks at, a function a check. One that fails stops no other."""

import json
import os
import platform
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import wherein
from wherein import private
from wherein.config.settings import Settings
from wherein.git.command import OLDEST, git_executable
from wherein.git.guard import keeps_from_fetching
from wherein.interpreter import interpreter
from wherein.redaction import without_passwords
from wherein_server.cli import memory
from wherein_server.cli.options import Common
from wherein_server.cli.session import opened, settings_for
from wherein_server.cli.side_by_side import SideBySide
from wherein_server.cli.wording import count, freshness, size

WITHIN = 2.5
"""Seconds that all that may not answer has together: the store, a language model, the data folder's disk. With the
start and the end of the process doctor takes three, whatever the network does."""

MORE = 1.0
"""Seconds that they have at least after the checks of this machine, which take longer than WITHIN on a busy one."""

LEAST_FREE = 200_000_000
"""Bytes; an index of 100,000 chunks takes about so much."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding."""

    name: str
    level: str
    """ok, warn or fail"""
    says: str
    remedy: str = ""
    unanswered: bool = False
    """something was asked that is still waited for"""


class Bad(Exception):
    """A check that did not pass."""

    def __init__(self, says: str, remedy: str = "", *, level: str = "fail") -> None:
        super().__init__(says)
        self.says, self.remedy, self.level = says, remedy, level


def run_checks(common: Common) -> list[Check]:
    """All checks, in the order of what builds on what."""
    if (
        limit := memory.limit()
    ) < memory.ALL_CHECKS_BYTES:  # libraries would print what they meet, or end all
        says = f"a process may have {size(limit)} here; all checks need {size(memory.ALL_CHECKS_BYTES)}"
        return [_checked("python", _python), Check("memory", "fail", says, memory.REMEDY)]
    checks = [
        _checked("python", _python),
        _checked("git", _git),
        _checked("sqlite", _sqlite),
    ]
    try:
        settings = settings_for(common)
    except wherein.ConfigError as error:
        return [*checks, Check("settings", "fail", error.message, error.remedy)]
    folder = settings.data_dir
    looks: SideBySide[Check] = SideBySide(WITHIN)
    looks.begin("store", lambda found: _stored(common, settings, found))
    looks.begin("language model", _noting("language model", lambda: _endpoint(settings)))
    looks.begin("deep model", lambda found: found.append(_deep_model(settings)))
    looks.begin("data folder", _noting("data folder", lambda: _data_folder(folder)))
    looks.begin("disk", _noting("disk", lambda: _disk(folder)))
    with ThreadPoolExecutor(1) as pool:  # the processor may be busy: it is waited for, as the model is
        grammars = pool.submit(_checked, "grammars", _grammars)
        here = [_checked("model", lambda: _model(settings)), grammars.result()]
    looks.give(MORE)
    return [
        *(*checks, Check("settings", "ok", "are valid")),
        *(*_answered(looks, "data folder"), *_answered(looks, "disk")),
        *here,
        *_answered(looks, "deep model"),
        *_answered(looks, "store", "index"),
        *_answered(looks, "language model"),
    ]


def _deep_model(settings: Settings) -> Check:
    from wherein_server.cli.deep_check import look_at

    return Check("deep model", *look_at(settings))


def _noting(name: str, look: Callable[[], str]) -> Callable[[list[Check]], None]:
    return lambda found: found.append(_checked(name, look))


def _answered(looks: SideBySide[Check], name: str, last: str = "") -> list[Check]:
    """What a look found, whose last check is called `last`."""
    found, ended = looks.found(name)
    missed = Check(
        last or name, "warn", f"was not looked at to the end: no answer within {WITHIN} s", unanswered=True
    )
    return [*found] if ended else [*found, missed]


def _stored(common: Common, settings: Settings, found: list[Check]) -> None:
    """The store and the index in it. One behind a network that fails is not asked again for the index."""
    found += _each_checked("store", lambda: _redis(common, settings))
    if any(each.name == "redis server" and each.level == "fail" for each in found):
        found.append(Check("index", "warn", "was not looked at, for the server fails"))
    else:
        found.append(_checked("index", lambda: _index(common, settings)))


def _checked(name: str, look: Callable[[], str]) -> Check:
    (check,) = _each_checked(name, lambda: [Check(name, "ok", look())])
    return check


def _each_checked(name: str, look: Callable[[], list[Check]]) -> list[Check]:
    try:
        return look()
    except Bad as bad:
        check = Check(name, bad.level, bad.says, bad.remedy)
    except wherein.WhereinError as error:
        check = Check(name, "fail", error.message, error.remedy)
    except MemoryError:
        return [Check(name, "fail", memory.MESSAGE, memory.REMEDY)]
    except Exception as error:  # a broken installation fails in ways of its own
        first = str(error).strip().partition("\n")[0]
        says = without_passwords(f"{type(error).__name__}: {first}")
        check = Check(name, "fail", says, "reinstall wherein")
    if memory.is_short():  # libraries meet it with errors of every kind
        return [Check(name, "fail", memory.MESSAGE, memory.REMEDY)]
    return [check]


def _python() -> str:
    return f"{platform.python_version()} at {sys.executable}; wherein {wherein.__version__}"


def _git() -> str:
    try:
        answer = subprocess.run(
            [git_executable(), "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except wherein.WhereinError:
        raise Bad("there is no git command", "install git") from None
    except (subprocess.SubprocessError, OSError) as error:
        raise Bad(f"git does not run: {error}", "reinstall git") from None
    version = answer.stdout.strip().removeprefix("git version ")
    numbers = tuple(int(part) for part in version.split()[0].split(".")[:2] if part.isdigit())
    if numbers < tuple(map(int, OLDEST.split("."))):
        raise Bad(f"{version} is older than {OLDEST}", f"install git {OLDEST} or newer", level="warn")
    if not keeps_from_fetching():
        return f"{version}; partial clones need 2.45 or newer"
    return version


def _sqlite() -> str:
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


def _data_folder(folder: Path) -> str:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Bad(f"{folder} cannot be written to", "set WHEREIN_DATA_DIR to a folder of yours")
    if there != folder:
        return f"{folder} (made when it is needed)"
    if wrong := private.complaint(folder):
        raise Bad(
            wrong.removesuffix("."), f"chmod -R go= {shlex.quote(str(folder))}, as its owner", level="warn"
        )
    held = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return f"{folder} holds {size(held)}"


def _disk(folder: Path) -> str:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Bad(
            f"only {size(free)} are free where the data folder is",
            "free some, `wherein repo list` shows what indexes take; or set WHEREIN_DATA_DIR",
            level="warn",
        )
    return f"{size(free)} free"


def _model(settings: Settings) -> str:
    from wherein.embedding.open import open_embedder

    embedder = open_embedder(settings.model)
    embedder.embed([["where", "is", "this", "done"]])
    return f"{embedder.model_id}, {embedder.dimension} dimensions"


def _grammars() -> str:
    done = subprocess.run(
        [interpreter(), "-P", "-m", "wherein.languages.all_load"],
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


def _redis(common: Common, settings: Settings) -> list[Check]:
    """The server, where indexes are kept in one."""
    from wherein.store.open import in_redis

    try:
        if settings.store is None or not in_redis(settings.store):
            return []
        from wherein.store.redis.address import parse
        from wherein.store.redis.names import repository_prefix

        target = parse(settings.store)
        try:
            with opened(common, settings=settings) as index:
                key = repository_prefix(target.tenant, index.repository)
        except wherein.NotARepository:
            key = ""
        from wherein.store.redis.health import examine

        return [Check(each.name, each.level, each.says, each.remedy) for each in examine(target, key=key)]
    except wherein.WhereinError as error:
        return [Check("redis server", "fail", error.message, error.remedy)]


def _index(common: Common, settings: Settings) -> str:
    try:
        with opened(common, settings=settings) as index:
            status = index.status()
    except (wherein.IndexMissing, wherein.NotARepository) as error:
        raise Bad(error.message, error.remedy, level="warn") from None
    says = ", ".join((*freshness(status), count(status.files, "file"), size(status.bytes)))
    if not status.complete:
        raise Bad(says, "wherein index", level="warn")
    return says


def _endpoint(settings: Settings) -> str:
    import asyncio

    from wherein.endpoint.loopback import is_loopback
    from wherein_server.explain.endpoint.discover import discover
    from wherein_server.explain.endpoint.endpoint import UNTOLD_WINDOW
    from wherein_server.explain.endpoint.failures import NoEndpoint

    try:
        endpoint = asyncio.run(discover(settings))
    except NoEndpoint as error:
        if settings.llm.base_url is None:
            return "none on this machine; only explain and ask need one (docs/explain.md)"
        raise Bad(error.message, error.remedy, level="warn") from None
    except wherein.EndpointUnreachable as error:  # search works without one
        raise Bad(error.message, error.remedy, level="warn") from None
    window = (
        f"{endpoint.window:,} tokens"
        if endpoint.window
        else f"a window it does not tell (taken for {UNTOLD_WINDOW:,})"
    )
    where = "" if is_loopback(endpoint.base_url) else "; NOT on this machine: code is sent there"
    return f"{endpoint.model} at {without_passwords(endpoint.base_url)}, {window}{where}"
