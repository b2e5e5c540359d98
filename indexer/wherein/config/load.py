"""Settings from all their sources: flag > environment > project > user > default."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wherein.config.files import UnusableFile, read_project_file, read_user_file
from wherein.config.locations import PROJECT_FILE, user_config_file
from wherein.config.setting import Origin, Setting
from wherein.config.settings import SECTIONS, Settings, all_settings
from wherein.config.values import PartlyUsable
from wherein.errors import ConfigError


def load_settings(
    root: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Resolve every setting.

    `root` is the folder whose .wherein.toml is read, if any. `overrides` are flags by dotted key; None means not given.

    Raises ConfigError for what the user set wrongly. What a project's file may not or cannot set is left out, and
    reported in `Settings.warnings`: a cloned repository's file must not keep anybody from searching it.
    """
    environ = os.environ if environ is None else environ
    resolved = _Resolved(dict(all_settings()))
    resolved.add_user(user_config_file(environ))
    if root is not None:
        resolved.add_project(root)
    for key, setting in resolved.known.items():
        if setting.environment and environ.get(setting.environment, "").strip():
            origin = Origin("environment", setting.environment)
            resolved.set(key, environ[setting.environment], origin, name=setting.environment)
    for key, value in (overrides or {}).items():
        if value is not None:
            resolved.set(key, value, Origin("flag"), name=key)
    return resolved.settings()


def checked(key: str, value: object) -> object:
    """A setting's value as it is understood. Raises ConfigError, worded for a file, if it cannot be used."""
    resolved = _Resolved(dict(all_settings()))
    resolved.set(key, value, Origin("user"), name=key)
    return resolved.values[key]


MOST_WARNINGS = 5
"""A file with a thousand wrong keys deserves no more."""

LONGEST_SHOWN = 80
"""Characters of a name that is not a setting."""


class _Resolved:
    """The values set so far; a later one wins."""

    def __init__(self, known: Mapping[str, Setting]) -> None:
        self.known = known
        self.values: dict[str, Any] = {}
        self._origins: dict[str, Origin] = {}
        self._warnings: list[str] = []

    def add_user(self, path: Path) -> None:
        origin = Origin("user", str(path))
        for key, value in read_user_file(path, self.known).items():
            if key not in self.known:
                raise ConfigError(f"{path} sets {key}, which is not a setting{self._meant(key)}.")
            if not self.known[key].in_files:
                variable = self.known[key].environment
                raise ConfigError(
                    f"{path} sets {key}, which is read from the environment only.",
                    remedy=f"take it out of the file, and set {variable}",
                )
            self.set(key, value, origin, name=f"{key} in {path}")

    def add_project(self, root: Path) -> None:
        path = root / PROJECT_FILE
        try:
            values = read_project_file(root, self.known)
        except UnusableFile as error:
            self._warnings.append(f"{path} is ignored: it {error}.")
            return
        origin = Origin("project", str(path))
        ignored = 0
        for key, value in values.items():
            if ignored >= MOST_WARNINGS and key not in self.known:  # finding what was meant takes time
                ignored += 1
                continue
            problem = self._problem_in_project(key, value, origin)
            if problem and ignored < MOST_WARNINGS:
                self._warnings.append(f"{path} sets {problem}; it is ignored.")
            ignored += bool(problem)
        if ignored > MOST_WARNINGS:
            self._warnings.append(f"{path} has {ignored - MOST_WARNINGS} more such settings.")

    def _problem_in_project(self, key: str, value: object, origin: Origin) -> str:
        if key not in self.known:
            return f"{key[:LONGEST_SHOWN]}, which is not a setting{self._meant(key)}"
        if not self.known[key].project:
            return f"{key}, which only your own file may set (wherein config path)"
        try:
            self._keep(key, self.known[key].read(value), origin)
        except PartlyUsable as error:
            self._keep(key, error.rest, origin)
            return f"{key}, which {error}"
        except ValueError as error:
            return f"{key}, which {error}"
        return ""

    def set(self, key: str, value: object, origin: Origin, *, name: str) -> None:
        if key not in self.known:
            raise ConfigError(
                f"{key} is not a setting{self._meant(key)}.",
                remedy="wherein config show, which lists all settings",
            )
        try:
            read = self.known[key].read(value)
        except ValueError as error:
            raise ConfigError(f"{name} {error}.") from None
        self._keep(key, read, origin)

    def _keep(self, key: str, read: object, origin: Origin) -> None:
        if isinstance(read, dict):
            read = self.values.get(key, {}) | read
        self.values[key] = read
        self._origins[key] = origin

    def settings(self) -> Settings:
        top: dict[str, Any] = {key: value for key, value in self.values.items() if "." not in key}
        for section, owner in SECTIONS.items():
            prefix = f"{section}."
            top[section] = owner(
                **{key.removeprefix(prefix): v for key, v in self.values.items() if key.startswith(prefix)}
            )
        return Settings(**top, origins=self._origins, warnings=tuple(self._warnings))

    def _meant(self, key: str) -> str:
        import difflib

        near = difflib.get_close_matches(key[:LONGEST_SHOWN], self.known, n=1)
        return f" (did you mean {near[0]}?)" if near else ""
