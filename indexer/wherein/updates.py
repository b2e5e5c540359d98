"""Bringing an index up to date with the files."""

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from wherein.errors import (
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
    IndexOfAnotherModel,
    IndexOutdated,
    StoreBusy,
    StoreUnreachable,
    UpdateLost,
    WhereinError,
)
from wherein.git.source import Listing
from wherein.indexing.history import REF
from wherein.measured.recording import Facts, note
from wherein.questions import Questions
from wherein.skips import left_out
from wherein.status import ProgressCallback, UpdateReport
from wherein.store.open import is_suspect, list_again, mend_index
from wherein.store.protocol import Retrieval, ViewRecord

LONGEST_WAIT = 3600.0
"""Seconds that an update waits for another process's update."""

MOST_RESTARTS = 3
"""How often an update restarts because another process changed its view."""

SHORTEST_WAIT = 0.05
"""Seconds between attempts to get the lock. If it took less, the lock was free at once."""


class Updates(Questions):
    """The index of one repository, as far as it is brought up to date."""

    def update(
        self,
        progress: ProgressCallback | None = None,
        *,
        wait: bool | float = True,
        force: bool = False,
        beside: bool = False,
        mend: bool = False,
        processes: int | None = None,
        then_search: bool = False,
        told: Collection[str] | None = None,
    ) -> UpdateReport:
        """Bring the view up to date with the files. Only content that the store lacks is chunked and embedded.

        One process at a time updates a repository. Another one waits for it; with `wait=False`, or after `wait`
        seconds, it returns a report that is `busy`. So it does in a shared store if its turn to write does not come
        in some seconds.

        - An index on this machine that an older version made is rebuilt. With `beside`, so is one for another model;
          and in a shared store an index for this version is made if there are only others.
        - `force` rebuilds the whole index, even if it is damaged or incompatible.
        - `mend` first restores what the server has lost, in a shared store.
        - `processes` is the number of worker processes; by default one for each core. 0 works in this process.
        - `then_search` loads what a search needs while git is asked.
        - `told` are paths below the root, if it is known that nothing else has changed since the last update.
        """
        began = time.monotonic()
        if self.fixed and self.view.startswith(REF):
            return UpdateReport()  # what a commit, or the past, shows does not change
        restored = mend and not force and self._mend()
        unsettled = self._settle_name()
        listing = self._look(self._load_for_search if then_search else None, told)
        if not force and (nothing := self._nothing_to_do(listing, beside)):
            return replace(nothing, restored=restored, seconds=time.monotonic() - began)
        if unsettled is not None:
            raise unsettled
        for restarts in range(MOST_RESTARTS + 1):
            try:
                report = self._update(listing, progress, wait, force, beside, processes)
                break
            except UpdateLost:  # to another process, while this one slept
                if restarts == MOST_RESTARTS:
                    raise
                listing = self._look()
            except StoreBusy:
                if wait is True:
                    raise
                report = UpdateReport(busy=True)
                break
        return self._noted(replace(report, restored=restored), began)

    def _noted(self, report: UpdateReport, began: float) -> UpdateReport:
        """The report with the time that the update took, which is recorded for `wherein stats`."""
        report = replace(report, seconds=time.monotonic() - began)
        if not report.busy:
            facts: Facts = {
                "files": report.files_added + report.files_changed,
                "embedded": report.files_embedded,
                "chunks": report.chunks,
            }
            note(self._settings, "update", self.repository, report.seconds, facts)
        return report

    def _load_for_search(self) -> None:
        """Load what the first search would otherwise wait for."""
        from wherein.search import search  # noqa: F401

        with suppress(WhereinError):  # the search tells it
            store, nowhere = self._open(), self._embedder.embed([()])[0]
            store.seen(self.view)
            store.retrieve(Retrieval(self.view, embedding=nowhere, limit=1))

    def _update(
        self,
        listing: Listing,
        progress: ProgressCallback | None,
        wait: bool | float,
        force: bool,
        beside: bool,
        processes: int | None,
    ) -> UpdateReport:
        from wherein.indexing.update import update

        asked = time.monotonic()
        renewed = False
        with self._lock(LONGEST_WAIT if wait is True else float(wait), self.view) as held:
            if not held:
                return UpdateReport(busy=True)
            if (
                time.monotonic() - asked > SHORTEST_WAIT
            ):  # for another update: files may have changed meanwhile
                listing = self._look()
            try:
                store = self._writer(held, force=force, beside=beside)
            except IndexIncompatible as error:
                if not (
                    isinstance(error, IndexOutdated) or (beside and isinstance(error, IndexOfAnotherModel))
                ):
                    raise
                store, renewed = self._writer(held, force=True), True
            report = update(
                store,
                self._files(),
                self._embedder,
                listing=listing,
                difference_now=lambda: self._difference(store.view(self.view), listing),
                model=self._settings.model,
                processes=processes,
                progress=progress,
                history=self._settings.index.history,
                keep_days=self._settings.index.keep_views,
            )
            record = store.seen(self.view)
            if record is not None and not (report.files_unreadable or report.files_moved):
                self._note_same(record, listing)
            return replace(report, renewed=renewed)

    def _mend(self) -> bool:
        """Restore what a server has lost of the index, if the index exists. Returns whether anything was lost."""
        try:
            url, place = self._url, self._settings.data_dir
            mends = is_suspect(url, self.repository, data_dir=place) or bool(self._open().lacks(self.view))
        except IndexDamaged:
            mends = True
        except (IndexMissing, IndexIncompatible):
            return False
        if mends:
            self.let_go()
            mend_index(url, self.repository, self._header(), data_dir=place)
        else:
            list_again(url, self.repository)
        return mends

    def _nothing_to_do(self, listing: Listing, beside: bool) -> UpdateReport | None:
        """The report of an update that has nothing to do, or None; takes no lock and writes nothing."""
        try:
            store = self._open()
        except IndexMissing:
            return None
        except IndexIncompatible:
            if beside:
                return None
            raise
        record = store.view(self.view)
        if record is None or not record.complete or record.commit != listing.commit:
            return None
        if self._difference(record, listing):
            return None
        self._note_same(record, listing)
        self._touch(record)
        out = left_out(record.skipped)
        return UpdateReport(files_skipped=len(listing.skipped) + out, files=record.files - out)

    def _touch(self, record: ViewRecord) -> None:
        """Record once a day that the view is in use, if that is possible."""
        from wherein.indexing.retention import TOUCHED_EVERY

        if self._open().now() - record.updated < TOUCHED_EVERY:
            return
        with (
            suppress(StoreUnreachable),
            self._lock(0.0, self.view) as held,
        ):  # who may only read goes on reading
            if held:
                self._writer(held).write(self.view, commit=record.commit, complete=True)
