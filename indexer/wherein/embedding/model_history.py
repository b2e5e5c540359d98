"""Deep models that were used before, so that one can go back: kept in the data folder, latest on top."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.embedding.facts import FOLDER
from wherein.errors import StoreUnreachable

FILE = "before.json"

MOST = 20

KEYS = ("deep_model", "deep_endpoint", "deep_consent", "deep_dimension")
"""The settings that name a model, and where it is."""

Choice = Mapping[str, str | int | None]


def note(data_dir: Path, choice: Choice) -> None:
    """Put what is set now on top, before it is changed. Raises StoreUnreachable if it cannot be noted."""
    _write(data_dir, [*_read(data_dir), dict(choice)][-MOST:])


def last(data_dir: Path, now: Choice) -> Choice | None:
    """What was set before `now`, if anything was: a change that was noted may not have come to pass."""
    return next((each for each in reversed(_read(data_dir)) if each != now), None)


def drop_last(data_dir: Path, choice: Choice) -> None:
    """One has gone back to it: it is no longer one before, nor is what came after."""
    kept = _read(data_dir)
    while kept and kept.pop() != choice:
        pass
    _write(data_dir, kept)


def _read(data_dir: Path) -> list[dict[str, str | int | None]]:
    with suppress(OSError, ValueError):
        kept = private.read_json(data_dir / FOLDER / FILE)
        if isinstance(kept, list):
            return [{key: each.get(key) for key in KEYS} for each in kept if isinstance(each, dict)]
    return []


def _write(data_dir: Path, kept: list[dict[str, str | int | None]]) -> None:
    path = data_dir / FOLDER / FILE
    try:
        private.folder(data_dir)
        private.folder(path.parent)
        private.write(path, json.dumps(kept, indent=1).encode())
    except OSError as error:
        raise StoreUnreachable(f"{path} cannot be written: {error.strerror}.") from None
