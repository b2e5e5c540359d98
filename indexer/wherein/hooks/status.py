"""Whether hooks are installed and intact, how the last run ended, and what would keep the next one from running."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from wherein.config.settings import Settings
from wherein.errors import ConfigError, WhereinError
from wherein.git.repository import Repository
from wherein.hooks import configured, journal, register, script
from wherein.hooks.block import (
    SKIP,
    anywhere,
    configured_command,
    find,
    inserted,
    request_words,
    speaks_of_us,
)
from wherein.hooks.hookfiles import look
from wherein.hooks.managers import asked_by, in_force, managers_in
from wherein.hooks.place import HooksFolder, Whose, events_of, for_everybody, here, hooks_folder, named_by_git
from wherein.hooks.spool import Spool
from wherein.on_path import on_path
from wherein.power import on_battery
from wherein.quick_dataclass import dataclass

INSTALL = "wherein hook install"

BY = "by "
"""Begins the state of a hook that somebody else has ask."""

LEAST_FREE = 20_000_000
"""Bytes where the data folder is; with less, an update may not find room."""


@dataclass(frozen=True, slots=True)
class HookState:
    """One hook in one place."""

    event: str
    path: Path
    """of the hook's file, or of the configuration that names it"""
    state: str
    """whole, damaged, missing, not executable, another's: with another data folder, or `by` whoever else
    asks: `by pre-commit`, `by hand`"""
    beside: bool = False
    """whether there is somebody else's hook in the file, or one that was moved aside"""


@dataclass(frozen=True, slots=True)
class HooksStatus:
    """Of one repository."""

    place: Path
    hooks: tuple[HookState, ...]
    last: journal.Run | None
    obstacles: tuple[str, ...]
    """sentences: what would keep a run from happening"""
    log: Path
    asked: bool
    """whether a run is asked for that is not done"""
    remedy: str
    """the command that puts there what is missing; nothing if none does"""

    @property
    def installed(self) -> bool:
        """Whether each event has a hook that is whole, or another that asks."""
        whole = {each.event for each in self.hooks if each.state == "whole" or each.state.startswith(BY)}
        return bool(whole) and whole >= {each.event for each in self.hooks}


def hooks_status(path: Path, settings: Settings) -> HooksStatus:
    """How it stands in the repository at `path`. Raises NotARepository."""
    repository = here(path)
    state = script.state_folder(settings.data_dir)
    place = repository.root or repository.git_dir
    in_configuration = configured.read(repository)
    hooks: list[HookState] = []
    obstacles: list[str] = []
    if in_configuration:
        hooks += _configured(repository, state, in_configuration, obstacles)
    in_files = list(_in_files(repository, state, obstacles, quiet=bool(hooks)))
    if not hooks or any(each.state != "missing" for each in in_files):
        hooks += in_files
    if any(each.state != "missing" for each in hooks):
        ours = any(each.state != "missing" and not each.state.startswith(BY) for each in hooks)
        obstacles += _obstacles(repository, settings, state, ours=ours)
    real = Path(os.path.realpath(place))
    return HooksStatus(
        place,
        tuple(hooks),
        journal.last_run(state, real),
        tuple(obstacles),
        state / journal.LOG,
        Spool(state).asked(real),
        _remedy(repository),
    )


def _remedy(repository: Repository) -> str:
    if configured.is_understood(repository):
        return INSTALL
    try:
        whose = hooks_folder(repository).whose
    except ConfigError as error:
        return error.remedy or ""
    return f"{INSTALL} --shared" if whose is Whose.EVERYBODY else INSTALL


def _configured(
    repository: Repository, state: Path, hook: configured.ConfiguredHook, obstacles: list[str]
) -> Iterator[HookState]:
    whole = hook.command == configured_command(request_words(state / script.FILE))
    understood = configured.is_understood(repository)
    if not understood:
        obstacles.append(
            "The hooks are in git's configuration, and this git takes none from there; `wherein hook install` "
            "writes files."
        )
    for event in events_of(repository):
        other = "another's" if b"/hooks/request" in hook.command else "damaged"
        found = "missing" if event not in hook.events else "whole" if whole else other
        if understood and found == "whole" and not configured.is_listed(repository, event):
            obstacles.append(
                f"git is configured not to run {event} hooks (git config --show-origin --get-regexp '^hook')."
            )
        yield HookState(event, repository.common_dir / "config", found)


def _in_files(
    repository: Repository, state: Path, obstacles: list[str], *, quiet: bool
) -> Iterator[HookState]:
    """What is in the folder where git looks; `quiet` where it does not matter whether there can be anything."""
    try:
        folder = hooks_folder(repository)
    except ConfigError as error:
        if not quiet:
            obstacles.append(error.message)
        folder = HooksFolder(named_by_git(repository)[0], Whose.REPOSITORY, configured=True)
    found = [_found(repository, state, folder, event) for event in events_of(repository)]
    yield from found
    left = repository.common_dir / "hooks"
    if folder.configured and folder.path != left and all(each.state == "missing" for each in found):
        if any(_file_state(state, left, event).state != "missing" for event in events_of(repository)):
            obstacles.append(
                f"The hooks are in {left}, but core.hooksPath makes git look in {folder.path}; "
                "`wherein hook install` puts them there."
            )
        obstacles += [f"{name} {does}." for name, does in managers_in(folder.path) if not quiet]


def _found(repository: Repository, state: Path, folder: HooksFolder, event: str) -> HookState:
    """What is to be said of one hook: of ours, wherever it lies, else of another's that asks."""
    shared = for_everybody(folder)
    places = [(folder.path, False)] + ([(shared, True)] if shared != folder.path else [])
    for place, run_by_sh in places:
        found = _file_state(state, place, event, run_by_sh=run_by_sh)
        if found.state != "missing":
            return found
    for place, _ in places:
        if who := asked_by(place, event, repository.root):
            return HookState(event, place / event, f"{BY}{who}")
    return HookState(event, in_force(folder.path, event), "missing")


def _file_state(state: Path, folder: Path, event: str, *, run_by_sh: bool = False) -> HookState:
    path = in_force(folder, event)
    try:
        hook = look(path)
    except ConfigError:
        return HookState(event, path, "damaged")
    if not speaks_of_us(hook.content):
        return HookState(event, path, "missing")
    blocks = find(hook.content)
    beside = inserted(hook.content, b"").count(b"\n") > 1 or b'exec "$' in b"".join(blocks)
    if len(blocks) != 1:
        return HookState(event, path, "damaged", beside)
    if not (hook.executable or run_by_sh):
        return HookState(event, path, "not executable", beside)
    return HookState(event, path, _asked(blocks[0], state), beside)


def _asked(lines: bytes, state: Path) -> str:
    """What becomes of a request of these lines."""
    script_of_ours = state / script.FILE
    wanted = (request_words(script_of_ours), request_words(script_of_ours, listed=True), anywhere())
    if any(b"(" + each + b" &)" in lines for each in wanted):
        return "whole"
    return "another's" if b"/hooks/request" in lines else "damaged"


def _obstacles(repository: Repository, settings: Settings, state: Path, *, ours: bool) -> Iterator[str]:
    """What else stands in the way, most likely first; what is no hook of `ours` brings the script with it."""
    if os.environ.get(SKIP, "0") not in ("", "0"):
        yield f"{SKIP} is set."
    if ours:
        yield from _of_the_script(state)
    if on_battery() and not settings.background.on_battery:
        yield "This machine is running on battery (background.on_battery)."
    yield from _of_a_shared_folder(repository, state)
    yield from _of_the_store(repository, settings)


def _of_the_script(state: Path) -> Iterator[str]:
    command = script.command_in(state)
    if not command:
        yield f"{state / script.FILE}, which the hooks run, does not exist; `wherein hook install` writes it."
    elif not os.access(command[0], os.X_OK):
        instead = on_path("wherein")
        found = f"the one in PATH is taken ({instead})" if instead else "none is in PATH"
        yield f"{command[0]}, which the hooks start, does not exist; {found}."
    if not state.exists():
        return
    if not os.access(state, os.W_OK | os.X_OK):
        yield f"{state} cannot be written to."
    elif (free := shutil.disk_usage(state).free) < LEAST_FREE:
        yield f"Only {free:,} bytes are free where {state} is."


def _of_a_shared_folder(repository: Repository, state: Path) -> Iterator[str]:
    try:
        folder = hooks_folder(repository)
    except ConfigError:
        return
    if folder.whose is Whose.USER and repository.common_dir not in register.listed(state):
        path = folder.path / events_of(repository)[0]
        if any(b" listed " in each for each in find(look(path).content)):
            yield f"{folder.path} serves several repositories, and this is not one of those that asked for it."


def _of_the_store(repository: Repository, settings: Settings) -> Iterator[str]:
    from wherein.errors import IndexMissing
    from wherein.opening import open_index

    try:
        with open_index(repository.root or repository.git_dir, settings=settings) as index:
            index.status(check=False)
    except IndexMissing:
        return  # it is made by the first run
    except WhereinError as error:
        yield error.message
