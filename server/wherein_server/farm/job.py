"""One job: fetches a repository and indexes it at its branch's commit. Doing it twice does no harm."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import replace

import wherein
from wherein import private
from wherein.config.load import load_settings
from wherein.config.setting import Origin
from wherein.errors import IndexDamaged, IndexMissing, StoreForbids, StoreUnreachable, WhereinError
from wherein.git.remote import FOR_GOOD, RemoteFailed, head_of
from wherein.status import UpdateReport
from wherein_server.farm.deep import DEEP, deepen, hand_out, is_lacking
from wherein_server.farm.entry import Entry
from wherein_server.farm.farm import Farm
from wherein_server.farm.hosts import HostBusy, rest, turn

CLEAN = "clean"
"""Instead of a commit: delete what no view of the repository shows."""

PATIENCE = 30.0
"""Seconds that a worker waits for its turn at a host, or at a mirror, before it gives the job back."""

BUSY_PAUSE = 10.0
"""Seconds until a repository is tried again that another worker is working on."""

STORE_PAUSE = 15.0
"""Seconds until a repository is tried again whose store did not answer."""

STORE_PATIENCE = 120.0
"""Seconds that a worker whose broker is away waits to report how the job ended. After that the job counts as a dead
worker's, and another one does it."""

DIED = "died"


class Job:
    """What a worker does with a job; `say` gets a sentence for people about each."""

    def __init__(self, farm: Farm, say: Callable[[str], object], *, processes: int | None = None) -> None:
        self._farm = farm
        self._say = say
        self._processes = processes
        self._who = f"{platform.node().partition('.')[0]}:{os.getpid()}"

    def run(self, identity: str, commit: str) -> None:
        """Do the job, and write the outcome into the ledger. Raises errors of Redis, and unexpected ones."""
        ledger = self._farm.ledger
        entry = ledger.entry(identity)
        if entry is None or entry.aside:
            return
        if commit == CLEAN:
            self._clean(entry)
            return
        if commit.startswith(DEEP):
            self._deepen(entry)
            return
        if entry.wanted != commit:  # the branch went on, and its newer commit is handed out by itself
            return
        if entry.indexed == commit and entry.made_with == self._farm.made_with and not entry.kind:
            return
        self._who = f"{platform.node().partition('.')[0]}:{os.getpid()}"
        tries = ledger.begin(entry, self._who)
        entry = replace(entry, tries=tries)
        if tries > self._farm.file.tries:
            reason = (
                entry.reason
                or f"{tries - 1} processes in a row died while indexing it, most recently "
                f"{entry.began or 'the last one'}."
            )
            ledger.failed(entry, entry.kind or DIED, reason, most=0, aside=True, who=self._who)
            self._say(f"{entry.name} is set aside: {reason}")
            return
        self._attempt(entry)

    def _attempt(self, entry: Entry) -> None:
        from redis.exceptions import RedisError

        ledger = self._farm.ledger
        try:
            self._index(entry)
        except RedisError as error:
            self._say(f"{entry.name} waits: the broker does not answer ({type(error).__name__}).")
            self._put_back(entry)
        except HostBusy as error:
            ledger.put_back(entry, error.seconds)
        except RemoteFailed as error:
            self._remote_failed(entry, error)
        except StoreForbids as error:
            self._failed(entry, "store", f"{error.message} {error.remedy}".strip())
        except StoreUnreachable as error:
            self._say(f"{entry.name} waits: {error.message}")
            self._put_back(entry, error.message)
        except TimeoutError:  # another worker of this machine is at it
            ledger.put_back(entry, BUSY_PAUSE)
        except WhereinError as error:
            self._failed(entry, "index", error.message)
        except MemoryError:
            self._failed(entry, "memory", "There was not enough memory.")
        except Exception as error:
            if type(error).__name__ == "JobTimeoutException":
                self._failed(entry, "too slow", f"It took more than {self._farm.file.job_seconds} seconds.")
                return
            self._failed(
                entry, "unexpected", f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:300]
            )

    def _index(self, entry: Entry) -> None:
        farm, began = self._farm, time.monotonic()
        mirror = farm.mirror(entry)
        with private.lock(farm.mirrors / f"{entry.id}.lock", timeout=PATIENCE):
            holds = farm.limits.seconds + 60
            with turn(
                farm.ledger.client,
                farm.ledger.keys,
                entry.host,
                most=farm.file.per_host,
                holds=holds,
                patience=PATIENCE,
            ):
                head = head_of(entry.url, farm.mirrors, farm.access, branch=entry.branch)
                commit = mirror.fetch(entry.url, head, farm.access, farm.limits)
            report, shows, chunks = self._update(entry, str(mirror.folder), head.branch)
        if report.busy:
            farm.ledger.put_back(entry, BUSY_PAUSE)
            return
        if shows != commit:  # the mirror is ours, so this is a fault of ours, and not to be called done
            raise IndexDamaged(f"{entry.name} was indexed at {shows}, not at {commit}.")
        seconds = time.monotonic() - began
        outcome = "indexed" if report.files_embedded or _changed(report) else "kept"
        farm.ledger.done(
            entry,
            commit=commit,
            branch=head.branch,
            outcome=outcome,
            facts={
                "made_with": farm.made_with,
                "seconds": round(seconds, 3),
                "files": report.files,
                "chunks": chunks,
                "embedded": report.files_embedded,
                "who": self._who,
            },
        )
        if (fresh := farm.ledger.entry(entry.id)) is not None and is_lacking(farm, fresh):
            hand_out(farm, fresh)
        read = f"{report.files_embedded} of {report.files} files"
        self._say(f"{entry.name} is {outcome} at {commit[:12]}: {read} in {seconds:.1f} s")

    def _update(self, entry: Entry, folder: str, branch: str) -> tuple[UpdateReport, str | None, int]:
        settings = load_settings(
            None, {"store": self._farm.settings.store, "data_dir": self._farm.settings.data_dir}
        )
        named = replace(settings.index, name=entry.name)
        settings = replace(
            settings, index=named, origins={**settings.origins, "index.name": Origin("flag", "farm")}
        )
        with wherein.open_index(folder, view=branch, settings=settings) as index:
            report = index.update(wait=0.0, beside=True, mend=True, processes=self._processes)
            if report.busy:
                return report, None, 0
            status = index.status(check=False)
            return report, status.commit, status.chunks

    def _remote_failed(self, entry: Entry, error: RemoteFailed) -> None:
        if error.reason == "limited":
            seconds = rest(self._farm.ledger.client, self._farm.ledger.keys, entry.host)
            self._farm.ledger.put_back(entry, seconds)
        elif error.reason == "empty":
            self._farm.ledger.noted(entry, "empty", error.message)
        else:
            self._failed(entry, error.reason, error.message, aside=error.reason in FOR_GOOD)

    def _failed(self, entry: Entry, kind: str, reason: str, *, aside: bool = False) -> None:
        aside = self._farm.ledger.failed(
            entry, kind, reason, most=self._farm.file.tries, aside=aside, who=self._who
        )
        self._say(f"{entry.name} {'is set aside' if aside else 'failed'}: {reason}")

    def _put_back(self, entry: Entry, reason: str = "") -> None:
        """The broker is the store: it is waited for, so that its absence does not count as this repository's
        failure."""
        from redis.exceptions import RedisError

        until = time.monotonic() + STORE_PATIENCE
        while True:
            try:
                self._farm.ledger.put_back(entry, STORE_PAUSE, "store", reason)
                return
            except (RedisError, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(1.0)

    def _deepen(self, entry: Entry) -> None:
        try:
            deepen(self._farm, entry, self._say)
        except WhereinError as error:
            self._farm.ledger.deep_failed(entry, error.message)
            self._say(f"The deep tier of {entry.name} is not filled: {error.message}")

    def _clean(self, entry: Entry) -> None:
        from wherein.store.open import collect_index

        try:
            freed = collect_index(self._farm.settings.store or "", entry.name, unused_days=None)
            self._say(f"{entry.name} is cleaned: {freed.file_versions} file versions deleted")
        except IndexMissing:
            self._say(f"{entry.name} is no longer in the store, and will be indexed again.")
            self._farm.ledger.lost(entry)
            return
        except WhereinError as error:  # somebody is at it: another day
            self._say(f"{entry.name} is not cleaned: {error.message}")
        self._farm.ledger.cleaned(entry)


def prepare(farm: Farm) -> None:
    """Load what every job needs, once for all processes of this worker: a fifth of a second of each small job."""
    import wherein.indexing.update
    import wherein.search.query
    import wherein.store.redis.store
    import wherein.store.redis.upkeep.collection
    import wherein.store.redis.writing.writer  # noqa: F401
    from wherein.embedding.open import open_embedder

    open_embedder(farm.settings.model).embed([("word",)])


def _changed(report: UpdateReport) -> bool:
    return bool(report.files_added or report.files_changed or report.files_removed)
