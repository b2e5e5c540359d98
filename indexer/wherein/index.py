"""The library's front: one repository's index, opened, brought up to date and searched."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from wherein.config import Settings, load_settings
from wherein.embedding.open import open_embedder
from wherein.errors import IndexMissing
from wherein.git.source import Listing, Source, SourceSettings, open_source
from wherein.hit import Hit
from wherein.status import ProgressCallback, Status, UpdateReport
from wherein.store.open import open_store, recreate_store, remove_index, update_lock
from wherein.store.protocol import Collected, Filters, Header, Store

if TYPE_CHECKING:
    from wherein.embedding.embedder import Embedder
    from wherein.search.search import Mode

SCHEMA = 1
"""Of what a store keeps, in every store; a change makes older indexes incompatible."""


def open_index(
    path: str | os.PathLike[str] = ".",
    *,
    store: str | None = None,
    view: str | None = None,
    settings: Settings | None = None,
) -> "Index":
    """The index of the repository or folder at `path`; of what lies below it when it is a folder in a repository.

    `store` is a URL, `view` a branch, tag or commit; without them, the configured store and what is on disk. Nothing
    is written before `Index.update`. NotARepository, ConfigError.
    """
    settings = settings or load_settings(Path(path))
    source = open_source(path, ref=view, name=settings.index.name, settings=_source_settings(settings))
    return Index(source, settings, store or settings.store)


class Index:
    """The index of one repository, seen through one view. Also a context manager."""

    def __init__(self, source: Source, settings: Settings, store: str | None) -> None:
        self._source = source
        self._settings = settings
        self._url = store
        self._store: Store | None = None
        self._listing: Listing | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the store and git. A second call does nothing."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self._source.close()

    @property
    def repository(self) -> str:
        """The repository's identity."""
        return self._source.identity

    @property
    def view(self) -> str:
        """The name of the view that is updated and searched."""
        return self._source.view_name

    @property
    def root(self) -> Path | None:
        """The folder that hits' paths are relative to; None for a ref of a bare repository."""
        return self._source.root

    @cached_property
    def _embedder(self) -> "Embedder":
        return open_embedder(self._settings.model)

    def _header(self) -> Header:
        from wherein.chunking.chunker import CHUNKER_VERSION
        from wherein.tokens import TOKENIZER_VERSION

        return Header(
            schema=SCHEMA,
            chunker=CHUNKER_VERSION + _digest(self._settings.index.languages),
            tokenizer=TOKENIZER_VERSION,
            model=self._embedder.model_id,
            dimension=self._embedder.dimension,
        )

    def _reader(self) -> Store:
        """The store, if this view was ever indexed."""
        if self._store is None:
            self._store = open_store(
                self._url, self.repository, self._header(), data_dir=self._settings.data_dir, mode="read"
            )
        if self._store.view(self.view) is None:
            raise IndexMissing(f"{self._where()} is not indexed yet.", remedy="wherein index")
        return self._store

    def _where(self) -> str:
        return str(self.root) if self.root is not None else self.view

    def update(
        self,
        progress: ProgressCallback | None = None,
        *,
        wait: bool = True,
        force: bool = False,
        processes: int | None = None,
    ) -> UpdateReport:
        """Bring the view up to date with what is there: only content that the store lacks is chunked and embedded.

        One process updates a repository at a time: another waits for it, or with `wait=False` returns a report that
        is `busy`. `force` replaces the whole index, also one that is damaged or incompatible. `processes` is the
        number of worker processes, by default one a core; 0 works in this one.
        """
        from wherein.indexing.update import update
        from wherein.indexing.workers import Setup

        with update_lock(self._url, self.repository, self._settings.data_dir, wait=wait) as locked:
            if not locked:
                return UpdateReport(busy=True)
            listing = self._listing = self._source.listing()
            return update(
                self._writer(force),
                self._source,
                self._embedder,
                listing=listing,
                setup=Setup(self._settings.model, self._settings.index.languages),
                processes=processes,
                progress=progress,
            )

    def _writer(self, force: bool) -> Store:
        if self._store is not None:
            self._store.close()
            self._store = None
        make = recreate_store if force else open_store
        self._store = make(
            self._url, self.repository, self._header(), data_dir=self._settings.data_dir, mode="write"
        )
        return self._store

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        mode: "Mode" = "hybrid",
        languages: Sequence[str] = (),
        paths: Sequence[str] = (),
        exclude: Sequence[str] = (),
        kinds: Sequence[str] = (),
    ) -> list[Hit]:
        """The best hits, best first. ConfigError for a query without words; IndexMissing before the first update."""
        from wherein.search.search import search

        return search(
            self._reader(),
            self.view,
            self._embedder,
            query,
            repository=self.repository,
            limit=limit,
            mode=mode,
            filters=_filters(languages, paths, exclude, kinds),
            adjust=self._settings.search.ranking,
        )

    def related(self, path: str, line: int, *, limit: int = 10) -> list[Hit]:
        """Code like the chunk at a line (1-based) of a path relative to the root."""
        from wherein.search.related import related

        return related(self._reader(), self.view, path, line, repository=self.repository, limit=limit)

    def symbols(
        self, name: str, *, limit: int = 50, languages: Sequence[str] = (), paths: Sequence[str] = (),
        exclude: Sequence[str] = (), kinds: Sequence[str] = (),
    ) -> list[Hit]:
        """Definitions of exactly this name first, then of names that begin with it."""
        from wherein.search.symbols import symbols

        filters = _filters(languages, paths, exclude, kinds)
        return symbols(self._reader(), self.view, name, repository=self.repository, limit=limit, filters=filters)

    def status(self, *, check: bool = True) -> Status:
        """What is indexed and how far behind the disk it is. `check=False` trusts the last look at the disk."""
        from wherein.indexing.update import plan

        store = self._reader()
        record = store.view(self.view)
        assert record is not None
        if check or self._listing is None:
            self._listing = self._source.listing()
        skipped = dict(record.skipped)
        for reason in self._listing.skipped.values():
            skipped[reason] = skipped.get(reason, 0) + 1
        return Status(
            repository=self.repository,
            view=self.view,
            commit=record.commit,
            files=record.files - sum(record.skipped.values()),
            chunks=record.chunks,
            behind=len(plan(store.view_files(self.view), self._listing)),
            complete=record.complete,
            skipped=skipped,
            bytes=store.counts().bytes,
            model=self._embedder.model_id,
            store=store.url,
        )

    def files(self) -> dict[str, str]:
        """Path → blob of every file in the view whose content is indexed."""
        store = self._reader()
        skipped = store.skipped_files(self.view)
        return {path: blob for path, blob in store.view_files(self.view).items() if path not in skipped}

    def skipped(self) -> dict[str, str]:
        """Path → reason of every file that git shows and the index leaves out."""
        if self._listing is None:
            self._listing = self._source.listing()
        reasons: dict[str, str] = {path: str(reason) for path, reason in self._listing.skipped.items()}
        return reasons | self._reader().skipped_files(self.view)

    def collect(self) -> Collected:
        """Delete what no view shows."""
        with update_lock(self._url, self.repository, self._settings.data_dir, wait=True):
            return self._writer(force=False).collect()

    def clear(self) -> int:
        """Delete this repository's index, whatever state it is in. Returns the bytes freed."""
        if self._store is not None:
            self._store.close()
            self._store = None
        return remove_index(self._url, self.repository, self._settings.data_dir)


def _filters(
    languages: Sequence[str], paths: Sequence[str], exclude: Sequence[str], kinds: Sequence[str]
) -> Filters:
    if languages:
        from wherein.languages.registry import resolve

        languages = [resolve(language) for language in languages]
    return Filters(tuple(languages), tuple(kinds), tuple(paths), tuple(exclude))


def _source_settings(settings: Settings) -> SourceSettings:
    wanted = settings.index
    return SourceSettings(
        submodules=wanted.submodules,
        max_file_bytes=wanted.max_file_size,
        include_generated=wanted.include_generated,
        include_vendored=wanted.include_vendored,
        exclude=wanted.exclude,
        stamp_cache=settings.data_dir / "stamps",
    )


def _digest(languages: Mapping[str, str]) -> str:
    """What the user's own extension table changes in chunks is part of the chunker's version."""
    if not languages:
        return ""
    table = repr(sorted(languages.items())).encode()
    return "+" + hashlib.sha256(table).hexdigest()[:8]
