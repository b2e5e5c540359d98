"""What an open index holds: its store, its files, its lock."""

import shlex
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from wherein.config.settings import Settings
from wherein.embedding.open import open_embedder
from wherein.errors import (
    ConfigError,
    IndexIncompatible,
    IndexMissing,
    StoreUnreachable,
    WhereinError,
)
from wherein.git.overlaid import Overlaid
from wherein.git.source import Base, Listing, Source
from wherein.indexing import belonging
from wherein.indexing.history import REF
from wherein.indexing.plan import Plan
from wherein.indexing.seen_views import SeenViews
from wherein.indexing.tags import KEY_FILES, SINGLE, tag
from wherein.languages import parsers
from wherein.naming.claims import marked
from wherein.store.open import Held, in_redis, open_store, update_lock
from wherein.store.protocol import Header, Store, ViewRecord
from wherein.unasked.agreed import agree
from wherein.unasked.ask_first import ask_first

if TYPE_CHECKING:
    from wherein.embedding.embedder import Embedder
    from wherein.naming.named import Named
    from wherein.store.redis.repositories.survey import Survey


class Holdings:
    """Opens the store, for reading, when it is first asked, and git when the files are."""

    def __init__(
        self,
        settings: Settings,
        store: str | None,
        repository: str,
        view: str,
        source: Source | None,
        named: "Named | None" = None,
        seen_in: Path | None = None,
        survey: "Survey | None" = None,
    ) -> None:
        self.repository = repository
        """the repository's identity"""
        self.view = view
        """the name of the view that is updated and searched"""
        self._settings = settings
        self._url = store
        self._source = source
        self.named = named
        """the hold on its name; None where it was opened from the store alone"""
        self.note = named.claim.note if named is not None else ""
        """a sentence for the user about the name that the index is kept under, or nothing"""
        self._seen_in = seen_in
        self.survey = survey
        """what was read of it already, with all others of a server"""
        if survey is not None:
            survey.hold()
        self._may_index = False
        self._store: Store | None = None
        self._listing: Listing | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the store and git. A second call does nothing."""
        self.let_go()
        if self._source is not None:
            self._source.close()
        if self.survey is not None:
            self.survey.close()
            self.survey = None

    @property
    def root(self) -> Path | None:
        """The folder that hits' paths are relative to; None without a worktree."""
        return self._source.root if self._source is not None else self._seen_in

    @cached_property
    def _embedder(self) -> "Embedder":
        return open_embedder(self._settings.model)

    def _header(self) -> Header:
        from wherein.made_with import header

        return header(self._embedder.model_id, self._embedder.dimension)

    def _reader(self) -> Store:
        """The store, if this view was ever indexed, as far as the last answer tells."""
        self.record()
        return self._open()

    def _open(self) -> Store:
        """The store, whatever it holds."""
        if self._store is None:
            self._store = self._opened("read")
        return self._store

    def record(self) -> ViewRecord:
        """The store's record of the view; a server that has been asked before is not asked again. Raises
        IndexMissing."""
        record = self._open().seen(self.view)
        if record is None:
            raise self._not_indexed()
        return record

    def _record(self) -> ViewRecord:
        record = self._open().view(self.view)
        if record is None:
            raise self._not_indexed()
        return record

    def _not_indexed(self) -> IndexMissing:
        where = self._where()
        if not self.view.startswith(REF):
            return IndexMissing(f"{where} is not indexed yet.", remedy="wherein index")
        ref = self.view.removeprefix(REF).partition(":")[0]  # no ref holds a colon
        of = "" if where == self.view else f" of {where}"
        return IndexMissing(
            f"{ref}{of} is not indexed yet.", remedy=f"wherein index --view {shlex.quote(ref)}"
        )

    @property
    def fixed(self) -> bool:
        """Whether the index was opened from the store, so that there are no files to update it from."""
        return self._source is None

    @property
    def shared(self) -> bool:
        """Whether it is in a shared store."""
        return in_redis(self._url)

    @property
    def kept_by_others(self) -> bool:
        """Whether it is a branch's view in a shared store. Searching it from a clone does not move it to where the
        branch is there."""
        if not self.view.startswith(REF) or not self.shared:
            return False
        try:
            self._reader()
        except IndexMissing:
            return False
        return True

    def _opened(
        self,
        mode: Literal["read", "write"],
        *,
        replace: bool = False,
        held: Held | None = None,
        beside: bool = False,
        before: Store | None = None,
    ) -> Store:
        return open_store(
            self._url,
            self.repository,
            self._header(),
            data_dir=self._settings.data_dir,
            mode=mode,
            replace=replace,
            view=self.view,
            survey=self.survey,
            held=held,
            beside=beside,
            before=before,
        )

    def let_go(self) -> None:
        """Close the store if it is open. It is opened again when it is next asked."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _files(self) -> Source:
        if self._source is None:
            raise ConfigError(
                f"{self.repository} was opened from the store; there are no files to compare it with."
            )
        self._ask_first(self._source)
        return self._source

    def may_index(self) -> None:
        """Raise NotAgreed if the folder is in no repository and its user has not agreed to index it (`agree`),
        ConfigError if it never can be."""
        if self._source is not None:
            self._ask_first(self._source)

    def agree(self) -> None:
        """Record that the user wants this folder indexed, although it is in no repository: see `NotAgreed`."""
        if self.root is not None:
            agree(self._settings.data_dir, self.root)

    def _ask_first(self, source: Source) -> None:
        if not self._may_index:
            ask_first(source, self._settings.data_dir, self.is_indexed)
            self._may_index = True

    def is_indexed(self) -> bool:
        """Whether this version can read an index of this view. Raises StoreUnreachable."""
        try:
            return self._open().view(self.view) is not None
        except (IndexMissing, IndexIncompatible):
            return False

    def can_be_read(self) -> bool:
        """As `is_indexed`, but False if the store cannot be asked."""
        try:
            return self.is_indexed()
        except WhereinError:
            return False

    def _look(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """The files as they are now, as in `Source.listing`, with keys of file versions as ids. The result is
        remembered."""
        source = self._files()
        listing = source.listing(meanwhile, told)
        encodings = listing.encodings
        if source.root is not None:
            belonging.note(
                self._settings.data_dir, source.view_name, source.root / source.prefix, self.repository
            )

        def keys(files: Mapping[str, str]) -> dict[str, str]:
            return tag(files, self._settings.index.languages, encodings, self._secrets())

        gone: dict[str, str | None] = dict.fromkeys(listing.differs)
        here = {path: blob for path, blob in listing.differs.items() if blob is not None}
        base, whole = listing.base, listing.files
        self._listing = replace(
            listing,
            files=Overlaid(lambda: keys(whole), {}),
            base=None if base is None else Base(base.id, Overlaid(lambda: keys(base.files), {})),
            differs=gone | keys(here),
            contents={},
        )
        return replace(self._listing, contents=listing.contents)

    def _secrets(self) -> list[str]:
        wanted = self._settings.index
        return [KEY_FILES] * wanted.include_secrets + [SINGLE] * (not wanted.mask_secrets)

    @cached_property
    def _seen(self) -> SeenViews:
        return SeenViews(
            self._settings.data_dir / belonging.FOLDER, self._url or "", self.repository, self.view
        )

    def _difference(self, record: ViewRecord | None, listing: Listing) -> Plan:
        """What separates this view in the store from the files."""
        return self._seen.difference(self._open(), record, listing, self._how(), self.view)

    def _note_same(self, record: ViewRecord, listing: Listing) -> None:
        """Record that the view shows exactly what is listed."""
        self._open().shows(record, listing.files)
        self._seen.same(record, listing, self._how())

    def _how(self) -> str:
        languages = sorted(self._settings.index.languages.items())
        return repr((languages, self._secrets(), sorted(parsers.others().items())))

    def _where(self) -> str:
        return str(self.root) if self.root is not None else self.view

    def _lock(self, wait: float, view: str | None = None) -> AbstractContextManager[Held]:
        """The right to update a view; without a view, to delete what nobody needs."""
        return update_lock(self.repository, self._settings.data_dir, url=self._url, wait=wait, view=view)

    def _settle_name(self) -> StoreUnreachable | None:
        """Have the owner of the name recorded before anything is written under it. If another folder was faster, this
        index changes to another name. Returns why it cannot be recorded, which readers need not know."""
        named, source = self.named, self._source
        if named is None or source is None or named.claim.known:
            return None
        mark = named.claim.mark
        try:
            named.settle(source.root)
        except StoreUnreachable as error:
            return error
        claim = named.claim
        if (claim.name, claim.mark) != (self.repository, mark):
            self.let_go()
            source.identity = self.repository = claim.name
            source.view_name = self.view = marked(source.view_name, claim.mark, source.prefix)
            self.__dict__.pop("_seen", None)
        self.note = claim.note
        return None

    def _writer(self, held: Held | None = None, *, force: bool = False, beside: bool = False) -> Store:
        before = self._store
        self.let_go()
        self._store = self._opened("write", replace=force, held=held, beside=beside, before=before)
        return self._store
