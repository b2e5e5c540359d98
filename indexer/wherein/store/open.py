"""The one place where a concrete store is chosen; and what can be done to an index as a whole."""

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
    """its identity; empty where the file cannot be read"""
    path: Path | None
    """its file; None in a store that has none"""
    bytes: int
    views: tuple[str, ...]
    updated: float | None
    """seconds since the epoch of the last write to one of its views"""
    problem: str = ""
    """why it cannot be read"""
    others: tuple[OtherIndex, ...] = ()
    """the repository's other indexes there, compared with this one"""


@dataclass(frozen=True, slots=True)
class Held:
    """Whether the right to update was got, and what the store is opened with then."""

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
    """The store of a repository: a file below `data_dir`, or below the folder of `sqlite:///folder`; or Redis.

    Writing makes an index where there is none. `replace` (with mode `write`) builds a new one beside the old,
    which may be incompatible or damaged; the new one takes its place with the first complete view written.
    `view` is the one that will be asked for first: a store on a server is asked for it in the same breath.
    `held` is the right to update that it is opened under: writing is UpdateLost once another process has that.
    `beside`: in a store for many, a version of wherein that has no index makes one, though others have.
    `survey` is what was read of the repository already, with others; `before` the store that was open until now, whose
    knowledge is used.
    Raises IndexMissing, IndexIncompatible, StoreUnreachable; ConfigError for a URL that says nothing to us.
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
            suspect=_suspect(url, repository, data_dir),
            here=TreeFiles(data_dir),
            before=before if isinstance(before, RedisStore) else None,
        )
    from wherein.store.sqlite.location import index_path
    from wherein.store.sqlite.store import EmbeddedStore

    path = index_path(embedded_folder(url, data_dir), repository)
    return EmbeddedStore(path, repository, header, write=mode == "write", replace=replace)


def mend_index(url: str | None, repository: str, header: Header, *, data_dir: Path) -> None:
    """Restore what is missing or damaged of an index in a store for many; nothing is done to another one.

    IndexMissing where nothing is stored, StoreUnreachable.
    """
    if url is not None and in_redis(url):
        from wherein.store.redis.damage.unopenable import mend

        mend(url, repository, header, _suspect(url, repository, data_dir))


def list_again(url: str | None, repository: str) -> None:
    """Enter an indexed repository into the list of a store for many, where that has lost it, by who may change it."""
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import list_again

        list_again(url, repository)


def is_suspect(url: str | None, repository: str, *, data_dir: Path) -> bool:
    """Whether something of an index could not be read here, and it was not mended since."""
    return url is not None and in_redis(url) and _suspect(url, repository, data_dir).noted()


def _suspect(url: str, repository: str, data_dir: Path) -> "UnreadableNote":
    from wherein.store.redis.connection.address import parse
    from wherein.store.redis.damage.unreadable import UnreadableNote

    return UnreadableNote(data_dir, parse(url).shown, repository)


def in_redis(url: str | None) -> bool:
    """Whether a URL names a Redis store. ConfigError where it does and redis-py is not installed."""
    if url is None or not url.lower().startswith(REDIS_SCHEMES):
        return False
    if find_spec("redis") is None:
        from wherein.store.redis.connection.missing_package import lacks_redis

        raise lacks_redis()
    return True


def embedded_folder(url: str | None, data_dir: Path) -> Path:
    """The folder whose `indexes` a URL of the embedded store speaks of."""
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
    """Hold the right to update a repository's index, in a store for many one view of it; yields whether it was got
    within `wait` seconds.

    The right ends with the block, or with the process. It keeps two updates from doing the same work twice;
    the store itself stays sound without it. Without a `view` a store for many is not locked.
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
    """Hold the right to fill the deep tier of a repository's index, with vectors or with descriptions; yields whether
    it was got. It ends with the block, or with the process. In a store for many, where machines share the work, texts
    are claimed instead."""
    if url is not None and in_redis(url):
        yield True
        return
    from wherein.store.sqlite.location import filling

    with filling(embedded_folder(url, data_dir), repository, of) as held:
        yield held


def survey_of(url: str | None, terms: Sequence[str] = ()) -> "Survey | None":
    """All repositories of a store on a server, read together, with how many chunks hold each of the terms; None for one
    on this machine, which is as soon asked one by one. To be closed."""
    if url is None or not in_redis(url):
        return None
    from wherein.store.redis.repositories.survey import Survey

    return Survey(url, terms=terms)


def list_indexes(
    data_dir: Path, *, url: str | None = None, listed: "Listed | None" = None
) -> list[IndexEntry]:
    """All indexes, by repository; those that cannot be read are listed with the reason. `listed`, which was given
    before, spares reading files that have not changed since, and those that are open."""
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import entries as in_catalogue

        return [
            IndexEntry(each.repository, None, each.bytes, each.views, each.updated, each.problem, each.others)
            for each in in_catalogue(url)
        ]
    from wherein.store.sqlite.location import entries

    return [IndexEntry(*entry) for entry in entries(embedded_folder(url, data_dir), listed)]


def add_index(url: str | None, repository: str, header: Header) -> None:
    """Make what indexing a repository in a store for many needs. ConfigError for a store that needs nothing.

    StoreForbids where this user may not do that, StoreUnreachable.
    """
    if not in_redis(url):
        raise ConfigError(
            "Repositories need not be added to a store on this machine.",
            remedy="wherein index, in the repository",
        )
    from wherein.store.redis.repositories.catalogue import add

    add(str(url), repository, header)


def go_back(url: str | None, repository: str, header: Header) -> None:
    """Let an index be again what it was before it was made anew.

    IndexMissing where nothing is kept of that; ConfigError for a store that never does.
    """
    if url is None or not in_redis(url):
        raise ConfigError("The embedded store does not keep the index that a rebuild replaced.")
    from wherein.store.redis.upkeep.administration import go_back as back

    back(url, repository, header)


def collect_index(url: str, repository: str, *, unused_days: float | None = None) -> Collected:
    """Delete what no view of a repository shows, in a store for many and for every version of wherein.

    With `unused_days`, views that nobody brought up to date for so long go as well, whoever made them. IndexMissing
    where nothing is stored.
    """
    from wherein.store.redis.upkeep.administration import collect

    return collect(url, repository, unused_days)


def remove_index(data_dir: Path, repository: str, *, url: str | None = None) -> int:
    """Delete the index of a repository; the bytes it had.

    Raises IndexMissing where there is none, StoreUnreachable where it is being updated.
    """
    if url is not None and in_redis(url):
        from wherein.store.redis.repositories.catalogue import remove

        return remove(url, repository)
    from wherein.store.sqlite.location import remove_index_file

    return remove_index_file(embedded_folder(url, data_dir), repository)
