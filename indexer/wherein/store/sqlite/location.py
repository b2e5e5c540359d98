"""Where a data folder keeps its indexes, and which there are."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import field
from pathlib import Path

from wherein import private
from wherein.errors import StoreUnreachable, WhereinError
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Store, ViewRecord
from wherein.store.sqlite.connection import connect_reader, missing, to_bytes, transaction, verify
from wherein.store.sqlite.failures import explained
from wherein.store.sqlite.file import remove
from wherein.store.sqlite.replace import side_file
from wherein.store.sqlite.space import size
from wherein.store.sqlite.views import records

SLUG_LENGTH = 48
HASH_LENGTH = 12
"""Hexadecimal digits of the identity's hash in a file's name: they tell repositories apart."""
REMOVE_WAIT_SECONDS = 2.0

Entry = tuple[str, Path, int, tuple[str, ...], float | None, str]
"""The fields of `IndexEntry`, in their order."""


def index_path(data_dir: Path, repository: str) -> Path:
    """The file of a repository's index."""
    words = re.sub(r"[^a-z0-9]+", "-", repository.lower())
    slug = words[-SLUG_LENGTH:].strip("-") or "repository"
    digest = hashlib.blake2b(to_bytes(repository)).hexdigest()[:HASH_LENGTH]
    return data_dir / "indexes" / f"{slug}-{digest}.db"


@contextmanager
def locked(data_dir: Path, repository: str, wait: float) -> Iterator[bool]:
    """Hold the file lock of a repository's index; yields whether it was got within `wait` seconds."""
    from filelock import Timeout

    path = index_path(data_dir, repository)
    with explained(path):
        private.folder(path.parent)
        lock = private.lock(path.with_suffix(".lock"))
        try:
            lock.acquire(timeout=max(wait, 0.0))
        except Timeout:
            held = False
        else:
            held = True
            remove(side_file(path))  # who holds the lock is alone: what lies there, a killed rebuild left
    try:
        yield held
    finally:
        lock.release()


@contextmanager
def filling(data_dir: Path, repository: str, of: str) -> Iterator[bool]:
    """Hold the right to fill the deep tier of a repository's index; yields whether it was got. Updates go on beside."""
    from filelock import Timeout

    path = index_path(data_dir, repository)
    with explained(path):
        private.folder(path.parent)
        lock = private.lock(path.with_suffix(f".{of}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
    try:
        yield True
    finally:
        lock.release()


@dataclass(slots=True)
class Listed:
    """What a process that lists indexes again and again keeps of them."""

    known: dict[Path, tuple[tuple[int, ...], Entry]] = field(default_factory=dict)
    """entries that were read, with what their files were then"""
    opened: dict[str, Store] = field(default_factory=dict)
    """stores that are open in this process, by repository. Their files are not opened a second time: who closes a file
    lets go of all locks that his process has on it, and then a writer elsewhere may take the log away from under a
    reader here, who sees no change from then on."""


def entries(data_dir: Path, listed: Listed | None = None) -> list[Entry]:
    """All index files of a data folder, by repository. Of those that are as `listed` knows them nothing is read; it is
    brought up to date."""
    folder = data_dir / "indexes"
    with explained(folder):
        paths = sorted(folder.glob("*.db")) if folder.is_dir() else []
    if listed is None:
        found = list(map(_entry, paths))
    else:
        for gone in listed.known.keys() - set(paths):
            del listed.known[gone]
        opened = {index_path(data_dir, name): (name, store) for name, store in listed.opened.items()}
        found = [_remembered(path, listed, opened.get(path)) for path in paths]
    return sorted(found, key=lambda entry: (entry[0], entry[1]))


def _remembered(path: Path, listed: Listed, opened: tuple[str, Store] | None) -> Entry:
    stamp = _stamp(path)
    if path not in listed.known or listed.known[path][0] != stamp:
        entry = _entry(path) if opened is None else _entry_of(path, *opened)
        listed.known[path] = stamp, entry
    return listed.known[path][1]


def _entry_of(path: Path, repository: str, store: Store) -> Entry:
    try:
        views = store.views()
    except WhereinError as error:
        return repository, path, 0, (), None, error.message
    return _listed(repository, path, views)


def _stamp(path: Path) -> tuple[int, ...]:
    """What a commit to an index changes."""
    stamp: list[int] = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            status = file.stat()
            stamp += status.st_ino, status.st_mtime_ns, status.st_size
        except OSError:
            stamp.append(0)
    return tuple(stamp)


def remove_index_file(data_dir: Path, repository: str) -> int:
    """Delete a repository's index; the bytes it had."""
    path = index_path(data_dir, repository)
    if not path.exists():
        raise missing(path)
    with locked(data_dir, repository, REMOVE_WAIT_SECONDS) as held, explained(path):
        if not held:
            raise StoreUnreachable(
                f"The index of {repository} is being updated.", remedy="wait for the update, then try again"
            )
        freed = size(path)
        remove(path)
        remove(side_file(path))
    return freed


def _entry(path: Path) -> Entry:
    try:
        with explained(path), closing(connect_reader(path)) as db, transaction(db):
            views = records(db)
            repository = verify(db, path).repository
    except WhereinError as error:
        return "", path, size(path) if path.is_file() else 0, (), None, error.message
    return _listed(repository, path, views)


def _listed(repository: str, path: Path, views: Sequence[ViewRecord]) -> Entry:
    updated = max((view.updated for view in views), default=None)
    return repository, path, size(path), tuple(view.name for view in views), updated, ""
