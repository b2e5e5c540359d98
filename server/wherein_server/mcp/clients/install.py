"""Adds us to a client's configuration, or removes us: planned as a text, compared with what is meant, and only then
written."""

import difflib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from wherein import private
from wherein.errors import ConfigError
from wherein_server.mcp.clients import jsonc, tables
from wherein_server.mcp.clients.client import NAME, Client
from wherein_server.whole_file import write_whole

MARK = "\ufeff"

JOURNAL = "mcp-clients.json"
"""Of the data folder: what was not there before, so that it can be taken out without a trace."""


@dataclass
class Change:
    """What is done to a client's file."""

    path: Path
    before: str | None
    """its text; None if there was no file"""
    after: str | None
    """None if it is deleted"""
    lines: list[str] = field(default_factory=list)
    """those that are added (`+`) and taken out (`-`); no other line of the file is shown"""

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.before != self.after


def install(
    client: Client, server: Mapping[str, Any], data_dir: Path, *, dry_run: bool, environ: Mapping[str, str]
) -> Change:
    """Put a server into a client's file, in the place of an older one. Raises ConfigError if that cannot be done
    safely."""
    path, form = client.path(environ), _form(client)
    before = _read(path)
    text = (before or "").removeprefix(MARK)
    try:
        document = form.loads(text)
        there = document.get(client.key, {})
        if not isinstance(there, dict):
            raise jsonc.Unreadable(f"{client.key} is not a table")
        if there.get(NAME) == server:
            return Change(path, before, before)
        after = _with_ends_of(text, form.put(text, client.key, NAME, server))
        if form.loads(after) != {**document, client.key: {**there, NAME: dict(server)}}:
            raise jsonc.Unreadable("it is written in a way that cannot be edited safely")
    except (jsonc.Unreadable, ValueError, IndexError) as error:
        raise _left(client, path, error, server) from None
    change = _change(path, before, (MARK if (before or "").startswith(MARK) else "") + after)
    if not dry_run:
        made = {
            "file": before is None,
            "key": client.key not in document,
            "newline": bool(text) and not text.endswith("\n") and client.format == "toml",
            "folders": [str(folder) for folder in _missing_folders(path)],
        }
        if NAME not in there:
            _note(data_dir, path, made)
        Path(os.path.realpath(path)).parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (change.after or "").encode(), mode=private.FILE_MODE)
    return change


def uninstall(client: Client, data_dir: Path, *, dry_run: bool, environ: Mapping[str, str]) -> Change:
    """Take us out of a client's file, and what was made for us alone. Raises ConfigError as of `install`."""
    path, form = client.path(environ), _form(client)
    before = _read(path)
    if before is None:
        return Change(path, None, None)
    text = before.removeprefix(MARK)
    made = _noted(data_dir).get(str(path), {})
    try:
        document = form.loads(text)
        there = document.get(client.key, {})
        if not isinstance(there, dict) or NAME not in there:
            return Change(path, before, before)
        rest = {name: value for name, value in there.items() if name != NAME}
        if form is jsonc:
            after = jsonc.take(text, client.key, NAME, with_key=bool(made.get("key")))
        else:
            after = tables.take(text, client.key, NAME)
            if made.get("newline") and text.startswith(after):
                after = after.removesuffix("\n").removesuffix("\r")
        wanted = {**document, client.key: rest}
        left = form.loads(after)
        if left != wanted and (rest or left != {k: v for k, v in document.items() if k != client.key}):
            raise jsonc.Unreadable("it is written in a way that cannot be edited safely")
    except (jsonc.Unreadable, ValueError, IndexError) as error:
        raise _left(client, path, error, None) from None
    gone = bool(made.get("file")) and not left.get(client.key) and len(left) <= 1 and not _says(after, client)
    mark = MARK if before.startswith(MARK) else ""
    change = _change(path, before, None if gone else mark + after)
    if not dry_run:
        if gone:
            path.unlink()
            for folder in made.get("folders", ()):
                with suppress(OSError):
                    Path(folder).rmdir()
        else:
            write_whole(path, (mark + after).encode(), mode=private.FILE_MODE)
        _note(data_dir, path, None)
    return change


def _form(client: Client) -> ModuleType:
    return tables if client.format == "toml" else jsonc


def _says(text: str, client: Client) -> bool:
    """Whether anything else stands in what is left: a comment."""
    return bool(set(text.replace(client.key, "")) - set('{}":, \t\r\n'))


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8: it was left as it is.", remedy="change it by hand") from None


def _with_ends_of(before: str, after: str) -> str:
    """New lines end as those of the file do."""
    everywhere = "\r\n" in before and before.count("\r\n") == before.count("\n")
    return after.replace("\r\n", "\n").replace("\n", "\r\n") if everywhere else after


def _change(path: Path, before: str | None, after: str | None) -> Change:
    old, new = (before or "").splitlines(), (after or "").splitlines()
    told = difflib.unified_diff(old, new, lineterm="", n=0)
    lines = [line for line in told if not line.startswith(("---", "+++", "@@"))]
    return Change(path, before, after, lines)


def _left(client: Client, path: Path, error: Exception, server: Mapping[str, Any] | None) -> ConfigError:
    reason = str(error).partition("\n")[0]
    remedy = f"take {NAME} out of its {client.key} by hand"
    if server is not None:
        remedy = f"add to its {client.key} by hand: {json.dumps({NAME: server})}"
    return ConfigError(f"{path} was left as it is: {reason}.", remedy=remedy)


def _missing_folders(path: Path) -> list[Path]:
    """The innermost first."""
    return [folder for folder in path.parents if not folder.exists()]


def _noted(data_dir: Path) -> dict[str, dict[str, Any]]:
    try:
        found = private.read_json(data_dir / JOURNAL)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(data_dir: Path, path: Path, made: Mapping[str, Any] | None) -> None:
    known: dict[str, Any] = _noted(data_dir)
    known.pop(str(path), None)
    if made is not None:
        known[str(path)] = dict(made)
    private.folder(data_dir)
    private.write(data_dir / JOURNAL, json.dumps(known, indent=1).encode())
