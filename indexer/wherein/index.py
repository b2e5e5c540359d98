"""The public API of an index: `Index`, with its status, its files and its views."""

from dataclasses import replace
from typing import TYPE_CHECKING

from wherein.deepened import Deepened
from wherein.errors import (
    ConfigError,
    IndexIncompatible,
    NotARepository,
    StoreUnreachable,
)
from wherein.git.source import Folders, Listing
from wherein.indexing.history import REF
from wherein.indexing.tags import split
from wherein.naming.claims import marked
from wherein.skips import SEARCHED, SkipReason, left_out
from wherein.status import Status
from wherein.store.header import MEND
from wherein.store.open import go_back, remove_index
from wherein.store.protocol import Collected, Inventory, ViewRecord
from wherein.updates import LONGEST_WAIT

if TYPE_CHECKING:
    from wherein.secrets.report import SecretPlace


class Index(Deepened):
    """The index of one repository, seen through one view. Use it as a context manager, or close it."""

    def folders(self) -> Folders:
        """The folders to watch for changes to what this view shows."""
        return self._files().folders()

    def status(self, *, check: bool = True) -> Status:
        """What is indexed, and how many files differ from the disk.

        `check=False` reuses the last look at the disk, if there was one, and does not check whether a server has lost
        anything.

        Raises IndexMissing; IndexIncompatible if the store has lost part of the index.
        """
        record, store = self._record(), self._open()
        found = store.inventory() if check else Inventory(store.counts(), "")
        if found.lacks:
            raise IndexIncompatible(
                f"The store {store.url} has lost {found.lacks} of {self.repository}.", remedy=MEND
            )
        listing = self._look() if check and not self.fixed else self._listing
        described = self.described_status()  # what the view shows comes along
        status = self._status(record, listing, found.counts.bytes)
        return replace(status, deep=self.deep_status(), described=described, others=found.others)

    def _status(self, record: ViewRecord, listing: Listing | None, size: int) -> Status:
        skipped = dict(record.skipped)
        for reason in listing.skipped.values() if listing else ():
            skipped[str(reason)] = skipped.get(str(reason), 0) + 1
        return Status(
            repository=self.repository,
            view=self.view,
            commit=record.commit,
            files=record.files - left_out(record.skipped),
            chunks=record.chunks,
            behind=len(self._difference(record, listing)) if listing else None,
            complete=record.complete,
            skipped=skipped,
            bytes=size,
            model=self._embedder.model_id,
            store=self._open().url,
            branch=listing.branch if listing else None,
        )

    def look(self) -> bool:
        """Look at the disk, so that the next `told` need not. A server then need not send what this clone has anyway
        for the next search. Returns False if the files cannot be read. Raises IndexMissing."""
        if self.fixed:
            return True
        try:
            listing = self._look()
        except NotARepository:
            return False
        record = self._open().seen(self.view)
        if record is not None:
            exactly = self._seen.is_listed(record, listing, self._how())
            self._open().shows(record, listing.files, exactly=exactly)
        return True

    def told(self, *, check: bool = False, deep: bool = True) -> Status:
        """The state of the index that just gave an answer: as `status`, but without further questions to a server, and
        with `bytes` 0. Without `deep`, the deep tier is left out."""
        record = self.record()
        status = self._status(record, self._look() if check and not self.fixed else self._listing, 0)
        return replace(status, deep=self.deep_status(counted=not self._open().shared)) if deep else status

    def files(self) -> dict[str, str]:
        """Path → blob id of every file in the view whose content is indexed."""
        skipped, files = self._answer(
            lambda store: (store.skipped_files(self.view), store.view_files(self.view))
        )
        left_out = {path for path, reason in skipped.items() if reason not in SEARCHED}
        return {path: split(key).blob for path, key in files.items() if path not in left_out}

    def skipped(self) -> dict[str, str]:
        """Path → reason of every file that git shows and the index leaves out, or holds less of than it should."""
        listing = self._look()
        reasons = {path: str(reason) for path, reason in listing.skipped.items()}
        reasons |= dict.fromkeys(self._files().ignored(), str(SkipReason.IGNORED))
        return reasons | self._answer(lambda store: store.skipped_files(self.view))

    def secrets(self) -> "list[SecretPlace]":
        """Where the view's files hold keys, passwords and tokens: path, line and rule, never the secret. The files are
        read again; nothing needs to be indexed."""
        from wherein.secrets.report import secret_places

        return list(secret_places(self._files(), self._files().listing()))

    def why(self, path: str) -> str:
        """One sentence: whether a path (relative to the root) is indexed, or why not."""
        explained = self._files().explain(path)
        if not explained.included:
            return explained.sentence
        store = self._reader()
        reason = store.skipped_files(self.view).get(explained.path)
        if reason in SEARCHED:
            return f"{explained.path} is searched, but {reason}: parsing it takes too much time or memory."
        if reason is not None:
            return f"{explained.path} is left out because of its content: {reason}."
        if explained.path not in store.view_files(self.view):
            if self.view.startswith(REF):
                return f"{explained.path} is not in {self.view} as it was last indexed."
            return f"{explained.path} is not indexed yet: the next update will add it."
        chunks = store.chunks_of(self.view, (explained.path,))[explained.path]
        return f"{explained.path} is indexed in {len(chunks)} chunks."

    def views(self) -> list[ViewRecord]:
        """The views of this repository in the store, latest first, without those of other users' disks."""
        return [record for record in self.all_views() if record.own]

    def all_views(self) -> list[ViewRecord]:
        """As `views`, with those of other users' disks."""
        return self._open().views()

    def ask_to_write(self) -> None:
        """Raise StoreForbids if this user may not update the view, even while somebody else is updating it."""
        with self._lock(0.0, self.view):
            pass

    def read_instead(self) -> str | None:
        """Switch to a view that others keep up to date, for a user who may not write: the branch that is checked out,
        else the branch that was updated last, else this view as it was left. Returns its name, or None if there is
        none. What differs on this disk is not in it."""
        from wherein.indexing.history import kept_branches

        source, records = self._files(), self.views()
        mark = self.named.claim.mark if self.named is not None else ""
        kept = kept_branches(records, marked("", mark, source.prefix))
        own = [record.name for record in records if record.name == self.view]
        listing = self._listing or self._look()
        names = sorted(kept, key=lambda name: name.split(":")[1] != listing.branch) + own
        if not names:
            return None
        self.view = names[0]
        chosen = next(record for record in records if record.name == self.view)
        self._open().shows(chosen, listing.files, exactly=False)
        return self.view

    def restore(self) -> str:
        """Make a branch's view show again what this view, an earlier state of it, shows. Returns that view's name.

        Raises ConfigError if this view is not an earlier state of a branch, StoreUnreachable while another process
        updates it.
        """
        from wherein.indexing.history import present_view

        target = present_view(self.view)
        if target is None:
            raise ConfigError(
                f"{self.view} is not an earlier state of a branch.",
                remedy="name one such as main@{1} (wherein repo views)",
            )
        with self._lock(LONGEST_WAIT, target) as held:
            if not held:
                raise StoreUnreachable(f"{self._where()} is still being indexed by another process.")
            commit = self._record().commit
            store = self._writer(held)
            store.copy_view(self.view, target)
            store.write(target, commit=commit, complete=True)
        return target

    def go_back(self) -> None:
        """Go back to the whole index as it was before it was rebuilt (`update` with `force`)."""
        self.let_go()
        go_back(self._url, self.repository, self._header())

    def forget_view(self) -> None:
        """Drop this view. What no other view shows is deleted when the store next collects."""
        with self._lock(LONGEST_WAIT, self.view) as held:
            if held:
                self._writer(held).drop_view(self.view)

    def collect(self) -> Collected:
        """Delete what no view shows, and views that nobody has used for as long as the settings say. Raises
        StoreUnreachable while another process updates the repository."""
        from wherein.indexing.belonging import forget_gone
        from wherein.indexing.retention import drop_unused

        with self._lock(LONGEST_WAIT) as locked:
            if not locked:
                raise StoreUnreachable(f"{self._where()} is still being indexed by another process.")
            self._reader()
            store = self._writer()
            forget_gone(self._settings.data_dir)
            drop_unused(store, self._settings.index.keep_views, self.view)
            return store.collect()

    def clear(self) -> int:
        """Delete this repository's index, whatever state it is in, and even if others use it. Returns the bytes
        freed."""
        from wherein.indexing.belonging import forget

        self.let_go()
        freed = remove_index(self._settings.data_dir, self.repository, url=self._url)
        forget(self._settings.data_dir, self.repository)
        if self.named is not None:
            self.named.release()
        return freed
