"""The folders whose user agreed to have them indexed: a list in the data folder."""

import json
from contextlib import suppress
from pathlib import Path

from wherein import private
from wherein.errors import StoreUnreachable

FILE = "agreed.json"

LOCK_SECONDS = 10.0


def is_agreed(data_dir: Path, folder: Path) -> bool:
    """Whether the user said so of this very folder."""
    return str(folder) in _read(data_dir)


def agree(data_dir: Path, folder: Path) -> None:
    """Note that the user says so. Raises StoreUnreachable if that cannot be noted."""
    path = data_dir / FILE
    try:
        private.folder(data_dir)
        with private.lock(path.with_suffix(".lock"), LOCK_SECONDS):
            known = _read(data_dir)
            if str(folder) not in known:
                private.write(path, json.dumps([*known, str(folder)], indent=1).encode())
    except OSError as error:  # a timeout of the lock is one
        raise StoreUnreachable(f"{path} cannot be written: {error.strerror or error}.") from error


def _read(data_dir: Path) -> list[str]:
    with suppress(OSError, ValueError):
        known = private.read_json(data_dir / FILE)
        if isinstance(known, list):
            return [each for each in known if isinstance(each, str)]
    return []
