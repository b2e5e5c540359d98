"""wherein's own folders and files: only their owner reads or writes them, whatever the umask.

The data folder holds code, its names, and answers about it. Everything that makes a folder or a file there makes it
through this module. What an older version or another tool left open is closed when the folder is next used; what cannot
be closed, or belongs to another user, is reported.
"""

import json
import logging
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from errno import EFBIG
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherein.without_waiting import beginning

if TYPE_CHECKING:
    from filelock import BaseFileLock

FOLDER_MODE, FILE_MODE = 0o700, 0o600

OTHERS = 0o077

PARTS = {
    "indexes": r".+-[0-9a-f]{12}\.(?:db|lock|deep\.lock)(?:[-.].+)?",
    "stamps": r"[0-9a-f]{20}[0-9a-f-]*\.[a-z]+",
    "answers": r"answers\.db(?:-[a-z]+)?",
    "shown": r"[a-z0-9-]*-[0-9a-f]{8}\.md",
    "hooks": r"request|requests|repositories|running|lock|log|last\.json|(?:taken|done)\.[0-9.]+",
    "damaged": r"[0-9a-f]{24}",
    "trees": r"[0-9A-Za-z]{20,64}",
    "names": r"[0-9a-f]{16,64}",
    "measured": r"\d{4}-\d\d-\d\d\.jsonl|totals\.(?:json|lock)",
    "models": r"[a-z]+-[0-9a-f]{24}\.json",
    "mirrors": r".+\.git",
    "deep": r"[0-9a-f]{24}",
}
"""The folders in a data folder, and the names of what is in each, as expressions."""

FILES = (
    *("names.json", "names.lock", "agreed.json", "agreed.lock"),
    *("mcp-token", "serve-access.json", "serve-access.lock"),
)
"""The files directly in it."""

LARGEST = 1 << 30
"""Bytes of a file that is read whole; the largest, with the numbers of a million files, has 150 MB."""

MOST_MENDED = 10_000
"""Files that are checked in one folder: 2 us each."""

_log = logging.getLogger(__name__)
_told: set[str] = set()


def folder(path: Path) -> Path:
    """A folder that only its owner may enter, created with what is missing above it. Raises OSError."""
    missing = []
    place = path
    while not place.exists():
        missing.append(place)
        place = place.parent
    for each in reversed(missing):
        with suppress(FileExistsError):
            each.mkdir(mode=FOLDER_MODE)
            if os.name == "posix":
                each.chmod(FOLDER_MODE)  # whatever the umask took away
    if not missing and path.name in PARTS and _is_ours(path):
        _close(path)
    return path


def create(path: Path) -> None:
    """Create an empty file, if there is none."""
    with suppress(FileExistsError):
        os.close(_opened(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))


def write(path: Path, data: bytes) -> None:
    """Put a complete file in the place of what was there. Raises OSError, which names it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(_opened(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "wb") as file:
            file.write(data)
        fresh.replace(path)
    except OSError as error:
        error.filename = str(path)  # a full disk names none
        raise
    finally:
        fresh.unlink(missing_ok=True)


def read(path: Path) -> bytes:
    """A whole file. Raises OSError, also for something that is not a regular file, which may be endless or make us
    wait, and for one that is larger than any of ours."""
    if path.stat().st_size > LARGEST:
        raise OSError(EFBIG, os.strerror(EFBIG), str(path))
    return beginning(path, LARGEST)


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON
    """The JSON in a file. Raises OSError as `read` does; ValueError if it is not JSON, or nested more deeply than
    ours."""
    try:
        return json.loads(read(path))
    except RecursionError:
        raise ValueError(f"{path.name} is nested too deeply") from None


def keep_newest(folder: Path, most: int, ours: str) -> None:
    """Delete the files in a folder whose whole name matches the expression `ours`, except the most recently written
    ones: the data folder may also hold other things, or link to them. Raises OSError."""
    named = re.compile(ours).fullmatch
    files = [file for file in folder.iterdir() if named(file.name) and file.is_file()]
    files.sort(key=lambda file: file.stat().st_mtime)
    for file in files[: max(0, len(files) - most)]:
        file.unlink(missing_ok=True)


def lock(path: Path, timeout: float = -1) -> "BaseFileLock":
    """A lock whose file is private."""
    from filelock import FileLock

    create(path)
    return FileLock(path, timeout=timeout, mode=FILE_MODE)


def mend(data_dir: Path) -> None:
    """Close whatever in a data folder is open to others, and say what is wrong with it, once per process."""
    if str(data_dir) in _told or os.name != "posix":
        return
    _told.add(str(data_dir))
    if not data_dir.is_dir():
        return
    for name in FILES:
        _close(data_dir / name)
    for name in PARTS:
        part = data_dir / name
        if part.is_dir() and not part.is_symlink() and _is_ours(part):
            _close(part)
            for file in _files(part):
                _close(file)
    if _holds_nothing_else(data_dir):
        _close(data_dir)
    if wrong := complaint(data_dir):
        _log.warning("%s", wrong)


def own_files(data_dir: Path | None, root: Path) -> tuple[str, ...]:
    """Beginnings of the paths, relative to `root`, of what belongs to a data folder: everything in it if it is below
    `root`; only what wherein makes in it if it is `root` itself."""
    if data_dir is None:
        return ()
    try:
        inner = Path(os.path.realpath(data_dir)).relative_to(os.path.realpath(root)).as_posix()
    except ValueError:
        return ()
    if inner != ".":
        return (f"{inner}/",)
    return (*(f"{part}/" for part in PARTS), *FILES, *(f".{name}." for name in FILES))


def complaint(data_dir: Path) -> str:
    """What is wrong with a data folder's owner, permissions or place: a sentence, or an empty string."""
    try:
        status = data_dir.stat()
    except OSError:
        return ""
    if os.name != "posix":
        return ""
    if status.st_uid not in (os.geteuid(), 0) or (status.st_uid == 0 != os.geteuid()):
        return f"The data folder {data_dir} belongs to another user, who can read and change what is indexed."
    if status.st_mode & 0o022 and not status.st_mode & stat.S_ISVTX:
        return f"The data folder {data_dir} can be written to by other users (chmod go-w)."
    open_parts = [
        name
        for name in PARTS
        if (part := data_dir / name).exists() and part.stat().st_mode & OTHERS and _is_ours(part)
    ]
    if open_parts:
        return f"What wherein keeps in {data_dir / open_parts[0]} is open to other users, and that cannot be changed."
    real = Path(os.path.realpath(data_dir))
    if real != data_dir.absolute():
        for above in real.parents:
            mode = above.stat().st_mode
            if mode & 0o002:
                return (
                    f"The data folder {data_dir} leads to {real}, in a folder that every user can write to."
                )
    return ""


def _holds_nothing_else(data_dir: Path) -> bool:
    """Whether a folder belongs to wherein alone: a folder with other things is the user's own to open."""
    known = {*PARTS, *FILES}
    with suppress(OSError), os.scandir(data_dir) as scan:
        return all(entry.name in known or entry.name.startswith(".names.json") for entry in scan)
    return False


def _is_ours(part: Path) -> bool:
    """Whether a folder with such a name is wherein's: in a folder that holds other things, it may be somebody
    else's."""
    if _holds_nothing_else(part.parent):
        return True
    named = re.compile(rf"\.?(?:{PARTS[part.name]})(?:\.\d+)?").fullmatch  # or one that is being written
    with suppress(OSError), os.scandir(part) as scan:
        return all(named(entry.name) for entry in islice(scan, MOST_MENDED))
    return False


def _files(part: Path) -> Iterator[Path]:
    with suppress(OSError), os.scandir(part) as scan:
        for number, entry in enumerate(scan):
            if number >= MOST_MENDED:
                return
            if entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _close(path: Path) -> None:
    """Take away what others may do with a folder or file of ours."""
    if os.name != "posix":
        return
    with suppress(OSError):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) or status.st_uid != os.geteuid():
            return
        if status.st_mode & OTHERS:
            path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)


def _opened(path: Path, flags: int) -> int:
    number = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), FILE_MODE)
    if os.name == "posix":
        os.fchmod(number, FILE_MODE)
    return number
