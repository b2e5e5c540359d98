"""Brings a view in a store up to what a source shows."""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from itertools import chain

from wherein.embedding.embedder import Embedder
from wherein.git.source import Listing, Source
from wherein.indexing import kept_workers
from wherein.indexing.batches import Batches
from wherein.indexing.history import remember
from wherein.indexing.plan import Plan
from wherein.indexing.prepare import Content
from wherein.indexing.retention import drop_unused
from wherein.indexing.shared_work import SharedWork
from wherein.indexing.workers import Inline, Workers
from wherein.languages.registry import detect
from wherein.parsing import bounded
from wherein.quick_dataclass import dataclass
from wherein.skips import left_out
from wherein.status import Progress, ProgressCallback, UpdateReport
from wherein.store.protocol import FileVersion, NotStored, Store

INLINE_BYTES = 1_000_000
"""Up to this much new content is prepared in this process: two workers, which have to start and load their grammars,
would not be faster."""

BYTES_A_FILE = 500
"""A file takes as long as this many bytes, beyond its content."""

FEW_FILES = 8
"""Up to this many files are always prepared in this process, whose parser then starts while the rest is made ready."""

MOST_WORKERS = 8
"""The one writer keeps at most about this many busy; each takes some 80 MB."""

ATTEMPTS = 3

LOOKED_AFTER = 3_600.0
"""Seconds by the store's clock. Of the small updates in each such time, only the first looks for what may be deleted,
however often files are saved: on a server, that would be two more round trips for each."""

GARBAGE_FLOOR = 5_000
"""Chunks. Below this, versions that no view shows are kept: switching back to a branch embeds nothing again."""


def update(
    store: Store,
    source: Source,
    embedder: Embedder,
    *,
    listing: Listing,
    difference_now: Callable[[], Plan],
    model: str | None = None,
    processes: int | None = None,
    progress: ProgressCallback | None = None,
    history: int = 0,
    keep_days: int = 0,
) -> UpdateReport:
    """Write what `difference_now` says between view and listing, batch by batch; each can be searched as soon as it is
    written.

    A branch's last `history` commits stay searchable; views that were not written to for `keep_days` are dropped.
    Stopping at any point leaves a readable view, marked incomplete, from which the next update goes on.
    """

    def attempt() -> UpdateReport:
        change = difference_now()
        return _update(
            store, source, embedder, listing, change, model, processes, progress, history, keep_days
        )

    for _ in range(ATTEMPTS):
        with suppress(NotStored):  # somebody deleted what no view showed, which this one was to show
            return attempt()
    return attempt()


def _update(
    store: Store,
    source: Source,
    embedder: Embedder,
    listing: Listing,
    difference: Plan,
    model: str | None,
    processes: int | None,
    progress: ProgressCallback | None,
    history: int,
    keep_days: int,
) -> UpdateReport:
    view = source.view_name
    before = store.seen(view)
    recent = (
        before is not None
        and before.complete
        and before.updated // LOOKED_AFTER == store.now() // LOOKED_AFTER
    )
    remember(store, view, listing.commit, history)
    change = _change(store, view, listing, difference)
    _warm(change.fresh)
    count = min(usable_cores() if processes is None else processes, MOST_WORKERS)
    shared = SharedWork(store) if store.shared and len(change.fresh) > FEW_FILES else None
    batches = Batches(source, change.fresh, sharing=count, shared=shared, at_hand=listing.contents)
    first, rest = _first_bytes(batches, INLINE_BYTES)
    little = rest is None and len(first) == 1
    with _preparing(embedder, model, count, little=rest is None) as workers:
        # Workers are at work from here on, and while the store makes ready.
        begun: Iterable[Sequence[Content]] = chain(first, rest or ())
        prepared = workers.prepare(begun if shared is None else shared.without_found(begun))
        embedded, chunks = _write(store, change, prepared, shared, progress, little=little)
    if change.fresh and not little:
        # Of what could not be read nothing is stored: under this id it may be readable elsewhere.
        others = shared.news() if shared is not None else {}
        store.write(view, link=others, commit=change.commit, complete=True)
    if not (little and recent):
        drop_unused(store, keep_days, view)
        _collect_when_due(store)
    record = store.seen(view)
    out = left_out(record.skipped) if record else 0
    return UpdateReport(
        files_added=len(difference.added),
        files_changed=len(difference.changed),
        files_removed=len(difference.removed),
        files_skipped=len(listing.skipped) + out + len(batches.unreadable),
        chunks=chunks,
        files_embedded=embedded,
        files_unreadable=len(batches.unreadable),
        files_moved=len(batches.moved),
        files=record.files - out if record else 0,
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """What a view shows differently from now on."""

    view: str
    commit: str | None
    known: dict[str, str]
    """stored content: path → blob"""
    fresh: dict[str, str]
    """content that is not stored"""
    removed: Collection[str]


def _change(store: Store, view: str, listing: Listing, difference: Plan) -> _Change:
    wanted = difference.added | difference.changed | _lost(store, view, listing)
    missing = store.missing(wanted.items())
    known = {path: blob for path, blob in wanted.items() if (path, blob) not in missing}
    fresh = {path: blob for path, blob in wanted.items() if path not in known}
    return _Change(view, listing.commit, known, fresh, difference.removed)


def _write(
    store: Store,
    change: _Change,
    prepared: Iterable[list[FileVersion]],
    shared: SharedWork | None,
    progress: ProgressCallback | None,
    *,
    little: bool,
) -> tuple[int, int]:
    """Write known content, then prepared content. Returns how many file versions and chunks that were. A `little`
    change is one transaction, and complete then."""
    known_first = partial(
        store.write, change.view, link=change.known, unlink=change.removed, commit=change.commit
    )
    if shared is not None:
        change.known.update(shared.news())
    if little:  # a saved file is one transaction: a store far away is asked once
        prepared = [[version for versions in prepared for version in versions]]
    else:
        known_first(complete=not change.fresh)
    files_done = embedded = chunks = 0

    def report() -> None:
        if progress is not None and change.fresh:
            progress(Progress(files_done, len(change.fresh), chunks))

    report()
    for versions in prepared:
        if little:
            known_first(put=versions, complete=True)
        else:
            others = shared.news() if shared is not None else {}
            store.write(change.view, put=versions, link=others, commit=change.commit)
            files_done += len(others)
        files_done += len(versions)
        embedded += len(versions)
        chunks += sum(len(version.chunks) for version in versions)
        report()
    return embedded, chunks


def _lost(store: Store, view: str, listing: Listing) -> dict[str, str]:
    """What an incomplete view shows unchanged, but the store no longer has: the view was repaired."""
    record = store.seen(view)
    if record is None or record.complete:
        return {}
    shown = store.view_files(view).items()
    return {path: key for path, key in store.missing(shown) if listing.files.get(path) == key}


def _warm(fresh: Collection[str]) -> None:
    """Let the parser for a few files start while they are read."""
    if len(fresh) <= FEW_FILES:
        for name in {language.name for language in map(detect, fresh) if language.chunker == "definitions"}:
            bounded.warm("definitions", name)


def _first_bytes(
    batches: Iterable[list[Content]], limit: int
) -> tuple[list[list[Content]], Iterator[list[Content]] | None]:
    """Batches of more than `limit` bytes together, and the rest of them; all of them and None if there are no more."""
    first: list[list[Content]] = []
    size = 0
    remaining = iter(batches)
    for batch in remaining:
        first.append(batch)
        size += sum(len(content.data) + BYTES_A_FILE for content in batch)
        if size > limit:
            return first, remaining
    return first, None


def _preparing(
    embedder: Embedder, model: str | None, count: int, *, little: bool
) -> AbstractContextManager[Inline | Workers]:
    if count == 0 or (little and not kept_workers.waiting(count, model)):
        return Inline(embedder)
    return kept_workers.workers(count, model, little=little)


def usable_cores() -> int:
    """The cores that this process may use: in a container, fewer than there are."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _collect_when_due(store: Store) -> None:
    """Half the store may be garbage: what other branches and stashes left is worth keeping for a while."""
    stored = store.counts().chunks
    most = max((record.chunks for record in store.views()), default=0)
    # What views share counts once, which takes a look at all of them, and only one that may be worth it.
    if _is_much(stored, most) and _is_much(stored, store.live_chunks()):
        store.collect()


def _is_much(stored: int, live: int) -> bool:
    return stored > 2 * live + GARBAGE_FLOOR
