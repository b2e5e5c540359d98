"""Chooses a concrete store, which nothing else does; and acts on an index as a whole."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.status import OtherIndex
from wherein.store.protocol import Collected, Header, Store

if TYPE_CHECKING:
    from wherein.store.redis.damage.unreadable import UnreadableNote
    from wherein.store.redis.locks.update_lease import Lease
    from wherein.store.redis.repositories.survey import Survey
    from wherein.store.sqlite.location import Listed

REDIS_SCHEMES = ("redis:", "rediss:", "unix:", "redis+cluster:", "rediss+cluster:")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An index in a store."""

    repository: str
    """its identity; empty if the file cannot be read"""
    path: Path | None
    """its file; None in a store that has none"""
    bytes: int
    views: tuple[str, ...]
    updated: float | None
    """seconds since the epoch of the last write to one of its views"""
    problem: str = ""
    """why it cannot be read"""
    others: tuple[OtherIndex, ...] = ()
    """the repository's other indexes in the store, compared with this one"""


@dataclass(frozen=True, slots=True)
class Held:
    """Whether the right to update was obtained, and what to open the store with."""

    got: bool
    lease: "Lease | None" = None

    def __bool__(self) -> bool:
        return self.got


def open_store(
    url: str | None,
    repository: str,
    header: Header,
    *,
    data_dir: Path,
    mode: Literal["read", "write"],
    replace: bool = False,
    view: str | None = None,
    held: Held | None = None,
    survey: "Survey | None" = None,
    beside: bool = False,
    before: Store | None = None,
) -> Store:
    """Open the store of a repository: a file below `data_dir`, or below the folder of `sqlite:///folder`; or Redis.

    - `mode="write"` makes an index if there is none. With it, `replace` builds a new index beside the old one, which
      may be incompatible or damaged; the new one takes its place with the first complete view written.
    - `view` is the view that will be asked for first: a server sends it in the same round trip.
    - `held` is the right to update that the store is opened under; once another process has it, writing raises
      UpdateLost.
    - `beside`: in a shared store, a version of wherein that has no index makes one, although others have.
    - `survey` is what was already read of the repository, together with others.
    - `before` is the store that was open until now, whose knowledge is reused.

    Raises IndexMissing, IndexIncompatible, StoreUnreachable; ConfigError for a URL that cannot be used.
    """
    if replace and mode != "write":
        raise ValueError("only a store that is opened for writing can replace another")
    if url is not None and in_redis(url):
        from wherein.store.redis.store import RedisStore
        from wherein.store.redis.trees.cache_files import TreeFiles

        lease = held.lease if held is not None else None
        return RedisStore(
            *(url, repository, header),
            write=mode == "write",
            replace=replace,
            view=view,
            lease=lease,
            survey=survey if mode == "read" else None,
            beside=beside,
            unreadable=_unreadable(url, repository, data_dir),
            tree_files=TreeFiles(data_dir),
            before=before if isinstance(before, RedisStore) else None,
        )
    from wherein.store.sqlite.location import index_path
    from wherein.store.sqlite.store import EmbeddedStore

    path = index_path(embedded_folder(url, data_dir), repository)
    return EmbeddedStore(path, repository, header, write=mode == "write", replace=replace)


def mend_index(url: str | None, repository: str, header: Header, *, data_dir: Path) -> None:
    """Restore what is missing from or damaged in an index in a shared store; does nothing to another one.

    Raises IndexMissing if nothing is stored, StoreUnreachable.
    """
    if url is not None and in_redis(url):
        from wherein.store.redis.damage.unopenable import mend

        mend(url, repository, header, _unreadable(url, repository, data_dir))


def list_again(url: str | None, repository: str) -> None:
    """Enter an indexed repository into a shared store's list again if the list has lost it, for a user who may change
    it."""
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import list_again

        list_again(url, repository)


def is_suspect(url: str | None, repository: str, *, data_dir: Path) -> bool:
    """Whether part of an index could not be read on this machine, and has not been repaired since."""
    return url is not None and in_redis(url) and _unreadable(url, repository, data_dir).noted()


def _unreadable(url: str, repository: str, data_dir: Path) -> "UnreadableNote":
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.damage.unreadable import UnreadableNote

    return UnreadableNote(data_dir, parse(url).shown, repository)


def in_redis(url: str | None) -> bool:
    """Whether a URL names a Redis store. Raises ConfigError if it does and redis-py is not installed."""
    if url is None or not url.lower().startswith(REDIS_SCHEMES):
        return False
    if find_spec("redis") is None:
        from wherein.store.redis.connection.missing_package import lacks_redis

        raise lacks_redis()
    return True


def embedded_folder(url: str | None, data_dir: Path) -> Path:
    """The folder that holds `indexes`, for a URL of the embedded store."""
    if not url or url in ("sqlite", "sqlite:", "sqlite://"):
        return data_dir
    scheme, _, rest = url.partition(":")
    if scheme.lower() != "sqlite":
        raise ConfigError(
            "The store's URL begins with neither `sqlite:` nor `redis:`.",
            remedy="use sqlite, sqlite:///folder, redis://host:6379 or unix:///path/to.sock",
        )
    try:
        parts = urlsplit(f"sqlite:{rest}")
    except ValueError:
        raise ConfigError("The store's URL cannot be read.", remedy="use sqlite:///folder") from None
    if parts.netloc or parts.query or parts.fragment or not parts.path.strip("/"):
        raise ConfigError("The store's URL names no folder.", remedy="use sqlite:///folder, an absolute path")
    folder = unquote(parts.path)
    if "\0" in folder:
        raise ConfigError("The store's URL names a folder that holds a NUL.", remedy="use sqlite:///folder")
    return Path(folder[1:] if folder[2:3] == ":" else folder)  # sqlite:///C:/folder


@contextmanager
def update_lock(
    repository: str, data_dir: Path, *, url: str | None = None, wait: float = 0.0, view: str | None = None
) -> Iterator[Held]:
    """Hold the right to update a repository's index; in a shared store, one view of it. Yields whether it was obtained
    within `wait` seconds.

    The right ends with the block, or with the process. It keeps two updates from doing the same work; the store itself
    stays sound without it. A shared store is not locked without a `view`.
    """
    if url is not None and in_redis(url):
        from wherein.store.redis.locks import update_lease

        if view is None:
            yield Held(True)
            return
        with update_lease.held(url, repository, view, wait) as got:
            yield Held(got is not None, got)
        return
    from wherein.store.sqlite.location import locked

    with locked(embedded_folder(url, data_dir), repository, wait) as held:
        yield Held(held)


@contextmanager
def fill_lock(
    repository: str, data_dir: Path, *, url: str | None = None, of: Literal["deep", "described"] = "deep"
) -> Iterator[bool]:
    """Hold the right to fill the deep tier of a repository's index, with vectors or with descriptions. Yields whether
    it was obtained; it ends with the block, or with the process. In a shared store, where machines share the work,
    texts are claimed instead."""
    if url is not None and in_redis(url):
        yield True
        return
    from wherein.store.sqlite.location import filling

    with filling(embedded_folder(url, data_dir), repository, of) as held:
        yield held


def survey_of(url: str | None, terms: Sequence[str] = ()) -> "Survey | None":
    """All repositories of a store on a server, read together, with how many chunks hold each of the terms; None for a
    store on this machine, where asking one by one is as fast. The caller closes it."""
    if url is None or not in_redis(url):
        return None
    from wherein.store.redis.repositories.survey import Survey

    return Survey(url, terms=terms)


def list_indexes(
    data_dir: Path, *, url: str | None = None, listed: "Listed | None" = None
) -> list[IndexEntry]:
    """All indexes, by repository; those that cannot be read are listed with the reason. `listed`, from an earlier call,
    saves reading files that are open or have not changed since."""
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import entries as in_catalogue

        return [
            IndexEntry(each.repository, None, each.bytes, each.views, each.updated, each.problem, each.others)
            for each in in_catalogue(url)
        ]
    from wherein.store.sqlite.location import entries

    return [IndexEntry(*entry) for entry in entries(embedded_folder(url, data_dir), listed)]


def add_index(url: str | None, repository: str, header: Header) -> bool:
    """Create what indexing a repository in a shared store needs. Returns whether the store did not list it before.

    Raises ConfigError for a store that needs nothing, StoreForbids if this user may not, StoreUnreachable.
    """
    if not in_redis(url):
        raise ConfigError(
            "Repositories need not be added to a store on this machine.",
            remedy="wherein index, in the repository",
        )
    from wherein.store.redis.repositories.catalogue import add

    return add(str(url), repository, header)


def go_back(url: str | None, repository: str, header: Header) -> None:
    """Go back to the index as it was before it was rebuilt.

    Raises IndexMissing if that was not kept, ConfigError for a store that never keeps it.
    """
    if url is None or not in_redis(url):
        raise ConfigError(
            "The embedded store does not keep the index that a rebuild replaced.",
            remedy="wherein repo rollback VIEW for one of the earlier states that wherein repo views lists",
        )
    from wherein.store.redis.upkeep.administration import go_back as back

    back(url, repository, header)


def collect_index(url: str, repository: str, *, unused_days: float | None = None) -> Collected:
    """Delete what no view of a repository shows, in a shared store and for every version of wherein.

    With `unused_days`, views that nobody brought up to date for so long go as well, whoever made them. Raises
    IndexMissing if nothing is stored.
    """
    from wherein.store.redis.upkeep.administration import collect

    return collect(url, repository, unused_days)


def remove_index(data_dir: Path, repository: str, *, url: str | None = None) -> int:
    """Delete the index of a repository, or what `add_index` created for one. Returns the bytes it had.

    Raises IndexMissing if there is none, StoreUnreachable if it is being updated.
    """
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import remove

        return remove(url, repository)
    from wherein.store.sqlite.location import remove_index_file

    return remove_index_file(embedded_folder(url, data_dir), repository)
