"""Installs hooks in a repository, and removes them."""

import os
from collections.abc import Sequence
from dataclasses import field
from pathlib import Path

from wherein.errors import ConfigError
from wherein.git.repository import Repository
from wherein.hooks import changes, configured, register, script
from wherein.hooks.block import anywhere, block, configured_command, request_words
from wherein.hooks.changes import Change
from wherein.hooks.hookfiles import installing, uninstalling
from wherein.hooks.managers import managers_in
from wherein.hooks.place import HooksFolder, Whose, events_of, for_everybody, here, hooks_folder, whose_is
from wherein.quick_dataclass import dataclass


@dataclass(slots=True)
class Outcome:
    """What was done, or, with `dry_run`, would be done."""

    changes: list[Change] = field(default_factory=list)
    lines: str = ""
    """our lines in hook files, or in git's configuration"""
    notes: list[str] = field(default_factory=list)
    """sentences for the user"""


def install(
    path: Path,
    data_dir: Path,
    command: Sequence[str],
    *,
    shared: bool = False,
    in_files: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Have git request an index run after anything that changes files or commits in the repository at `path`.

    `command` starts wherein. The hooks go into git's configuration if this git takes them from there; otherwise, or
    with `in_files`, into files. With `shared`, also where others get them, or where other repositories use them. Raises
    NotARepository, ConfigError, StoreUnreachable.
    """
    repository = here(path)
    state = script.state_folder(data_dir)
    outcome = Outcome(changes=script.writing(state, command))
    if configured.is_understood(repository) and not (shared or in_files):
        _configure(outcome, repository, state)
    else:
        _write_files(outcome, repository, state, shared=shared)
    if not dry_run:
        changes.apply(outcome.changes)
    return outcome


def _configure(outcome: Outcome, repository: Repository, state: Path) -> None:
    command = configured_command(request_words(state / script.FILE))
    events = events_of(repository)
    outcome.lines = os.fsdecode(command) + "\n"
    if configured.read(repository) != configured.ConfiguredHook(command, events):
        outcome.changes.append(
            Change(
                repository.common_dir / "config",
                f"hook.{configured.NAME}.command set, .event to {', '.join(events)}",
                lambda: configured.write(repository, command, events),
            )
        )


def _write_files(outcome: Outcome, repository: Repository, state: Path, *, shared: bool) -> None:
    folder = hooks_folder(repository)
    target = for_everybody(folder) if shared else folder.path
    if folder.whose is Whose.EVERYBODY and not shared:
        raise ConfigError(
            f"The hooks of this repository lie in {folder.path}, among the files that others get too.",
            remedy="wherein hook install --shared",
        )
    if folder.whose is Whose.USER and target.stat().st_uid != os.geteuid():
        raise ConfigError(
            f"The hooks of this repository lie in {folder.path}, which belongs to another user.",
            remedy=f"git -C '{repository.git.folder}' config --show-origin core.hooksPath",
        )
    portable = folder.whose is Whose.EVERYBODY or target != folder.path
    listed = folder.whose is Whose.USER and not shared
    request = anywhere() if portable else request_words(state / script.FILE, listed=listed)
    if listed and repository.common_dir not in register.listed(state):
        path = state / register.FILE
        outcome.changes.append(
            Change(path, "this repository added", lambda: register.add(state, repository.common_dir))
        )
        outcome.notes.append(
            f"{folder.path} is shared with other repositories; only those in which `wherein hook install` was run "
            "are indexed from there."
        )
    outcome.lines = os.fsdecode(block(request))
    outcome.changes += installing(target, events_of(repository), request, run_by_sh=target != folder.path)
    outcome.notes += [f"{name} {does}." for name, does in managers_in(target)]


def uninstall(path: Path, data_dir: Path, *, shared: bool = False, dry_run: bool = False) -> Outcome:
    """Remove everything that `install` put into the repository at `path`, wherever it is by now. What others get too is
    only changed with `shared`. Does nothing if there is nothing. Raises NotARepository, ConfigError."""
    repository = here(path)
    state = script.state_folder(data_dir)
    outcome = Outcome()
    if configured.read(repository):
        outcome.changes.append(
            Change(
                repository.common_dir / "config",
                f"hook.{configured.NAME} taken out",
                lambda: configured.remove(repository),
            )
        )
    if repository.common_dir in register.listed(state):
        outcome.changes.append(
            Change(
                state / register.FILE,
                "this repository taken out",
                lambda: register.drop(state, repository.common_dir),
            )
        )
    for folder in _folders(repository):
        _clean(
            outcome,
            folder,
            [each for each in register.listed(state) if each != repository.common_dir],
            shared,
        )
    if not dry_run:
        changes.apply(outcome.changes)
    return outcome


def _clean(outcome: Outcome, folder: HooksFolder, others: Sequence[Path], shared: bool) -> None:
    notes: list[str] = []
    try:
        found = list(uninstalling(folder.path, notes))
    except OSError as error:
        raise ConfigError(f"{folder.path} cannot be read: {error.strerror}.") from error
    if found and folder.whose is Whose.EVERYBODY and not shared:
        notes = [
            f"{found[0].path} is a file that others get too; `wherein hook uninstall --shared` takes ours out of it."
        ]
    elif found and folder.whose is Whose.USER and others and not shared:
        notes = [f"{folder.path} keeps ours, for other repositories ({others[0]}); --shared takes them out."]
    else:
        outcome.changes += found
    outcome.notes += notes


def _folders(repository: Repository) -> list[HooksFolder]:
    """All folders that may hold our hooks: also git's own, if a setting names another one by now."""
    found: dict[str, HooksFolder] = {}
    try:
        folder = hooks_folder(repository)
        found[os.path.realpath(folder.path)] = folder
    except ConfigError:
        pass
    places = [repository.common_dir / "hooks", repository.git_dir / "hooks"]
    if repository.root is not None:
        places += [repository.root / ".husky" / "_", repository.root / ".husky"]
    if found:
        places.append(for_everybody(next(iter(found.values()))))
    for place in places:
        real = os.path.realpath(place)
        if real not in found and place.is_dir():
            found[real] = HooksFolder(place, whose_is(repository, place), configured=False)
    return list(found.values())
