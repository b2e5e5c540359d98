"""Everything that `wherein doctor` checks. A check that fails stops no other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import wherein
from wherein.config.settings import Settings
from wherein.redaction import without_passwords
from wherein_server.cli import machine_checks, memory
from wherein_server.cli.check import Bad, Check
from wherein_server.cli.options import Common
from wherein_server.cli.session import opened, settings_for
from wherein_server.cli.side_by_side import SideBySide
from wherein_server.cli.system_errors import ALL_CHECKS_FILES, MORE_FILES, most_files
from wherein_server.cli.wording import count, freshness, size

WITHIN = 2.2
"""Seconds that all that may not answer has together: the store, a language model, the data folder's disk. With the
start and the end of the process doctor takes three on an idle machine, whatever the network does."""

MORE = 1.0
"""Seconds that they have at least after the checks of this machine, which take longer than WITHIN on a busy one."""


def run_checks(common: Common) -> list[Check]:
    """All checks, in the order of what builds on what."""
    if (
        limit := memory.limit()
    ) < memory.ALL_CHECKS_BYTES:  # libraries would print what they meet, or end all
        says = (
            f"a process may use {size(limit)} here; all checks together need {size(memory.ALL_CHECKS_BYTES)}"
        )
        return [_checked("python", machine_checks.python), Check("memory", "fail", says, memory.REMEDY)]
    if (files := most_files()) < ALL_CHECKS_FILES:
        says = f"a process may have {files} open here; all checks need {ALL_CHECKS_FILES}"
        return [_checked("python", machine_checks.python), Check("files", "fail", says, MORE_FILES)]
    checks = [
        _checked("python", machine_checks.python),
        _checked("git", machine_checks.git),
        _checked("sqlite", machine_checks.sqlite),
    ]
    try:
        settings = settings_for(common, tell=False)
    except wherein.ConfigError as error:
        return [*checks, Check("settings", "fail", error.message, error.remedy)]
    folder = settings.data_dir
    _load(settings)
    looks: SideBySide[Check] = SideBySide(WITHIN)
    looks.begin("store", lambda found: _stored(common, settings, found))
    looks.begin("language model", _noting("language model", lambda: _endpoint(settings)))
    looks.begin("deep model", lambda found: found.append(_deep_model(settings)))
    looks.begin("data folder", _noting("data folder", lambda: machine_checks.data_folder(folder)))
    looks.begin("disk", _noting("disk", lambda: machine_checks.disk(folder)))
    with ThreadPoolExecutor(1) as pool:  # the processor may be busy: it is waited for, as the model is
        grammars = pool.submit(_checked, "grammars", machine_checks.grammars)
        here = [_checked("model", lambda: machine_checks.model(settings)), grammars.result()]
    looks.give(MORE)
    return [
        *(*checks, _settings(settings)),
        *(*_answered(looks, "data folder"), *_answered(looks, "disk")),
        *here,
        *_answered(looks, "deep model"),
        *_answered(looks, "store", "index"),
        *_answered(looks, "language model"),
    ]


def _load(settings: Settings) -> None:
    """Load what the looks need, which takes a busy processor as long as a network that does not answer."""
    from wherein.store.open import in_redis

    with suppress(wherein.WhereinError):  # the look at the store tells it
        if in_redis(settings.store):
            from wherein.store.redis import store  # noqa: F401
            from wherein.store.redis.health import examine, inventory  # noqa: F401


def _settings(settings: Settings) -> Check:
    if settings.warnings:
        return Check("settings", "warn", " ".join(settings.warnings))
    return Check("settings", "ok", "are valid")


def _deep_model(settings: Settings) -> Check:
    from wherein_server.cli.deep_check import look_at

    return Check("deep model", *look_at(settings))


def _noting(name: str, look: Callable[[], str]) -> Callable[[list[Check]], None]:
    return lambda found: found.append(_checked(name, look))


def _answered(looks: SideBySide[Check], name: str, last: str = "") -> list[Check]:
    """What a look found, whose last check is called `last`."""
    found, ended = looks.found(name)
    missed = Check(
        last or name,
        "warn",
        f"was not checked completely: no answer within {WITHIN} s",
        "wherein doctor again, when this machine and the network are less busy",
        unanswered=True,
    )
    return [*found] if ended else [*found, missed]


def _stored(common: Common, settings: Settings, found: list[Check]) -> None:
    """The store and the index in it. One behind a network that fails is not asked again for the index."""
    found += _each_checked("store", lambda: _redis(common, settings))
    if any(each.name == "redis server" and each.level == "fail" for each in found):
        found.append(Check("index", "warn", "was not checked, because the server fails"))
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


def _redis(common: Common, settings: Settings) -> list[Check]:
    """The server, where indexes are kept in one."""
    from wherein.store.open import in_redis

    try:
        if settings.store is None or not in_redis(settings.store):
            return []
        from wherein.store.redis.connection.address import parse
        from wherein.store.redis.prefixes import repository_prefix

        target = parse(settings.store)
        try:
            with opened(common, settings=settings) as index:
                key = repository_prefix(target.tenant, index.repository)
        except wherein.NotARepository:
            key = ""
        from wherein.store.redis.health.examine import examine

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
        else f"a window of unknown size (taken to be {UNTOLD_WINDOW:,})"
    )
    where = "" if is_loopback(endpoint.base_url) else "; NOT on this machine: code is sent there"
    return f"{endpoint.model} at {without_passwords(endpoint.base_url)}, {window}{where}"
