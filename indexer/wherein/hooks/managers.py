"""Other tools that write hooks, recognised by what is in a hooks folder."""

import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from wherein.hooks.block import speaks_of_us
from wherein.packaged import files
from wherein.without_waiting import beginning

MOST_BYTES = 20_000
"""Of a hook file that are looked at."""

_HOOK_NAME = re.compile(rb"\b((?:pre|post)-[a-z]+(?:-[a-z]+)*|prepare-commit-msg|commit-msg)\b")

_COMMENT = re.compile(rb"(?:^|(?<=\s))(?:#|//).*$", re.MULTILINE)


@cache
def _managers() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("wherein.hooks").joinpath("managers.toml").read_text(encoding="utf-8"))


def managers_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Name of each tool at home in a folder, and what it does to a hook that is not its own."""
    texts = list(_texts(folder))
    for name, manager in _managers().items():
        at_home = folder.as_posix().endswith(manager.get("folder", "\0"))
        if at_home or any(mark.encode() in text for mark in manager["marks"] for text in texts):
            yield name, manager["does"]


def in_force(folder: Path, event: str) -> Path:
    """The file of a hook in which ours may stand: its own, or the one before it that a tool keeps and runs."""
    path = folder / event
    with suppress(OSError):
        text = beginning(path, MOST_BYTES)
        for manager in _managers().values():
            kept = path.with_name(f"{event}{manager.get('runs', '')}")
            if kept != path and any(mark.encode() in text for mark in manager["marks"]) and _is_ours(kept):
                return kept
    return path


def asked_by(folder: Path, event: str, root: Path | None) -> str:
    """Who has wherein asked in a hook that is not ours: a tool, by its settings in a worktree, or `hand`; or nobody."""
    with suppress(OSError):
        text = beginning(folder / event, MOST_BYTES)
        if _asks(text):
            return "hand"
        for name, manager in _managers().items():
            if root is not None and any(mark.encode() in text for mark in manager["marks"]):
                said = b"\n".join(map(_beginning, (root / file for file in manager.get("settings", ()))))
                said = _of_event(said, event) if manager.get("events") else said
                if _asks(said, manager.get("asks", "")):
                    return name
    return ""


def _of_event(settings: bytes, event: str) -> bytes:
    """What settings that name each hook say of one: what follows its name, up to the next one's."""
    parts = _HOOK_NAME.split(_COMMENT.sub(b"", settings))
    return b"\n".join(
        said for name, said in zip(parts[1::2], parts[2::2], strict=True) if name == event.encode()
    )


def _asks(text: bytes, otherwise: str = "") -> bool:
    """Whether a line of it, no comment, has wherein asked."""
    words = "wherein hook request" + (f"|{otherwise}" if otherwise else "")
    return re.search(rf"^[^#\n]*(?:{words})".encode(), text, re.MULTILINE) is not None


def _beginning(path: Path) -> bytes:
    with suppress(OSError):
        return beginning(path, MOST_BYTES)
    return b""


def _is_ours(path: Path) -> bool:
    return not path.is_symlink() and os.access(path, os.X_OK) and speaks_of_us(_beginning(path))


def _texts(folder: Path) -> Iterator[bytes]:
    with suppress(OSError):
        for path in folder.iterdir():
            if path.suffix != ".sample" and path.is_file():
                yield beginning(path, MOST_BYTES)
