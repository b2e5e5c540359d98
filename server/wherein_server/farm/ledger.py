"""The farm's ledger in Redis: which repositories there are, where each should be and where it is.

The queue (engine.py) may forget: whatever is wanted and not indexed is handed out again. So the ledger is what must be
right, and every change to it is one transaction.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from wherein_server.farm.entry import Entry, Why, read, written
from wherein_server.farm.keys import Keys, repository_id

if TYPE_CHECKING:
    import redis

PIECE = 500
"""Entries that are read in one round trip: 2 ms of the server's time."""

KEPT_RUNS = 10_000
"""How many of the last runs are kept."""

PAUSES = (10.0, 60.0, 300.0, 1800.0)
"""Seconds until a failure is tried again; the last one repeats."""

Pipe: TypeAlias = Any
"""redis-py's pipeline, whose answers have no types"""


class Ledger:
    """A tenant's ledger."""

    def __init__(self, client: "redis.Redis", tenant: str) -> None:
        self.client: Any = client
        self.keys = Keys(tenant)

    def add(self, name: str, url: str, *, branch: str = "", source: str = "hand", forge_id: str = "") -> bool:
        """Enter a repository; if it is already there, set its address, branch and source. Returns whether it is new."""
        identity = repository_id(name)
        key = self.keys.repository(identity)
        given = {"name": name, "url": url, "branch": branch, "source": source, "forge_id": forge_id}
        with self.client.pipeline() as pipe:
            pipe.hset(key, mapping=given)
            pipe.sadd(self.keys.repositories, identity)
            return bool(pipe.execute()[-1])

    def remove(self, identity: str) -> bool:
        """Forget a repository; its index stays in the store. Returns whether it was there."""
        with self.client.pipeline() as pipe:
            pipe.srem(self.keys.repositories, identity)
            pipe.delete(self.keys.repository(identity))
            pipe.zrem(self.keys.due, identity)
            return bool(pipe.execute()[0])

    def rename(self, entry: Entry, name: str, url: str) -> None:
        """Rename a repository as its forge did. The new name is indexed, and the old name's index is recorded as left
        over."""
        self.add(name, url, branch=entry.branch, source=entry.source, forge_id=entry.forge_id)
        self.client.hset(self.keys.repository(repository_id(name)), "renamed_from", entry.name)
        self.remove(entry.id)

    def entry(self, identity: str) -> Entry | None:
        """One repository."""
        return read(identity, self.client.hgetall(self.keys.repository(identity)))

    def named(self, name: str) -> Entry | None:
        """A repository by its name in the store."""
        return self.entry(repository_id(name))

    def entries(self) -> Iterator[Entry]:
        """All entries, by name within each piece that is read."""
        return self._read(sorted(each.decode() for each in self.client.smembers(self.keys.repositories)))

    def entries_named(self, names: Iterable[str]) -> Iterator[Entry]:
        """Those of these names that exist."""
        return self._read([repository_id(name) for name in names])

    def _read(self, identities: Sequence[str]) -> Iterator[Entry]:
        for at in range(0, len(identities), PIECE):
            piece = identities[at : at + PIECE]
            with self.client.pipeline(transaction=False) as pipe:
                for each in piece:
                    pipe.hgetall(self.keys.repository(each))
                answers = pipe.execute()
            for identity, found in zip(piece, answers, strict=True):
                if (entry := read(identity, found)) is not None:
                    yield entry

    def count(self) -> int:
        """How many repositories there are."""
        return int(self.client.scard(self.keys.repositories))

    def want(self, entry: Entry, commit: str, branch: str, why: Why) -> None:
        """Record that the branch was seen at a commit. What was set aside because of that commit stays aside."""
        values: dict[str, object] = {"polled_at": time.time()}
        if commit != entry.wanted or branch != entry.wanted_branch:
            values |= {"wanted": commit, "wanted_branch": branch, "wanted_at": time.time(), "why": why}
        if entry.kind in ("empty", "gone", "unreachable", "limited", "forbidden") and not entry.aside:
            values |= {"kind": "", "reason": "", "tries": 0}
        self._set(entry.id, values)

    def begin(self, entry: Entry, who: str) -> int:
        """Record that somebody is working on it. Returns how many times in a row that was recorded."""
        with self.client.pipeline() as pipe:
            pipe.hset(
                self.keys.repository(entry.id), mapping=written({"began": who, "began_at": time.time()})
            )
            pipe.hincrby(self.keys.repository(entry.id), "tries", 1)
            return int(pipe.execute()[-1])

    def done(
        self, entry: Entry, *, commit: str, branch: str, outcome: str, facts: Mapping[str, object]
    ) -> None:
        """Record that the store has it at a commit. `facts` has made_with, seconds, files, chunks, embedded and who.
        What was wanted meanwhile, by a push that came after the remote was asked, stays wanted."""
        values: dict[str, object] = {
            "indexed": commit,
            "indexed_branch": branch,
            "indexed_at": time.time(),
            "made_with": facts["made_with"],
            "seconds": facts["seconds"],
            "files": facts["files"],
            "chunks": facts["chunks"],
            **{
                "tries": 0,
                "kind": "",
                "reason": "",
                "failed_at": 0.0,
                "aside": False,
                "began": "",
                "began_at": 0.0,
            },
        }

        def record(pipe: Pipe, wanted: str) -> None:
            still = {"wanted": commit, "wanted_branch": branch} if wanted == entry.wanted else {}
            if still:
                pipe.zrem(self.keys.due, entry.id)
            self._put(pipe, entry.id, values | still)  # it may run again: `values` stay as they are
            self._tell(pipe, entry, commit, outcome, facts)
            pipe.hincrby(self.keys.totals, outcome, 1)
            pipe.hincrby(self.keys.totals, "embedded", int(str(facts["embedded"])))
            pipe.hincrbyfloat(self.keys.totals, "seconds", float(str(facts["seconds"])))

        self._change(entry.id, record)

    def failed(
        self, entry: Entry, kind: str, reason: str, *, most: int, aside: bool = False, who: str = ""
    ) -> bool:
        """Record a failed run. After `most` in a row, or if the failure says so, the repository is set aside. Returns
        whether it is."""
        aside = aside or entry.tries >= most
        pause = PAUSES[min(max(entry.tries, 1), len(PAUSES)) - 1]
        values = {
            "kind": kind,
            "reason": reason,
            "failed_at": time.time(),
            "aside": aside,
            "began": "",
            "began_at": 0.0,
        }

        def record(pipe: Pipe, _: str) -> None:
            self._put(pipe, entry.id, values)
            if aside:
                pipe.zrem(self.keys.due, entry.id)
            else:
                pipe.zadd(self.keys.due, {entry.id: time.time() + pause})
            outcome = "aside" if aside else "failed"
            self._tell(pipe, entry, entry.wanted, outcome, {"reason": reason, "who": who})
            pipe.hincrby(self.keys.totals, outcome, 1)

        self._change(entry.id, record)
        return aside

    def noted(self, entry: Entry, kind: str, reason: str, *, most: int = 0) -> bool:
        """Record a failed look at its remote. With `most`, the repository is set aside after so many in a row. Returns
        whether it is."""
        tries = entry.tries + 1 if most else 0
        aside = bool(most) and tries >= most
        values: dict[str, object] = {"kind": kind, "reason": reason, "failed_at": time.time(), "aside": aside}
        self._set(entry.id, values | {"tries": tries, "polled_at": time.time()})
        return aside

    def put_back(self, entry: Entry, seconds: float, kind: str = "", reason: str = "") -> None:
        """Have it tried again in a while, although nothing is wrong with it; `reason` says what is wrong elsewhere."""
        values: dict[str, object] = {"tries": max(entry.tries - 1, 0), "began": "", "began_at": 0.0}
        if reason:
            values |= {"kind": kind, "reason": reason, "failed_at": time.time()}

        def record(pipe: Pipe, _: str) -> None:
            self._put(pipe, entry.id, values)
            pipe.zadd(self.keys.due, {entry.id: time.time() + seconds})

        self._change(entry.id, record)

    def retry(self, entry: Entry) -> None:
        """Try it again now, as if it had never failed."""
        anew = {"tries": 0, "kind": "", "reason": "", "aside": False, "polled_at": 0.0}

        def record(pipe: Pipe, _: str) -> None:
            self._put(pipe, entry.id, anew)
            pipe.zadd(self.keys.due, {entry.id: 0})

        self._change(entry.id, record)

    def cleaned(self, entry: Entry) -> None:
        """Record that what none of its views shows was deleted."""
        self._set(entry.id, {"cleaned_at": time.time()})

    def lost(self, entry: Entry) -> None:
        """Record that the store no longer has it."""
        self._set(entry.id, {"indexed": "", "why": "first"})

    def deepened(self, entry: Entry, known_as: str) -> None:
        """Record that its deep tier is complete."""
        self._set(entry.id, {"deep": known_as, "deep_failed_at": 0.0})

    def deep_failed(self, entry: Entry, reason: str) -> None:
        """Record that its deep tier could not be filled. It is tried again in a while, because nothing else is wrong
        with it."""

        def record(pipe: Pipe, _: str) -> None:
            self._put(pipe, entry.id, {"deep_failed_at": time.time()})
            self._tell(pipe, entry, entry.indexed, "deep failed", {"reason": reason})
            pipe.hincrby(self.keys.totals, "deep failed", 1)

        self._change(entry.id, record)

    def due(self) -> Sequence[str]:
        """Ids of what is due to be tried again."""
        return [each.decode() for each in self.client.zrangebyscore(self.keys.due, 0, time.time())]

    def handed_out(self, identity: str) -> None:
        """Record that it is no longer due: somebody has it."""
        self.client.zrem(self.keys.due, identity)

    def runs(self, count: int = KEPT_RUNS) -> list[dict[str, str]]:
        """The last runs, latest first."""
        found = self.client.xrevrange(self.keys.runs, count=count)
        return [
            {"at": stamp.decode().partition("-")[0]}
            | {k.decode(): v.decode("utf-8", "replace") for k, v in of.items()}
            for stamp, of in found
        ]

    def totals(self) -> dict[str, float]:
        """Counts since the farm began, by outcome; `embedded` file versions, `seconds` of work."""
        return {key.decode(): float(value) for key, value in self.client.hgetall(self.keys.totals).items()}

    def _set(self, identity: str, values: Mapping[str, object]) -> None:
        self._change(identity, lambda pipe, _: self._put(pipe, identity, values))

    def _change(self, identity: str, record: Callable[[Pipe, str], None]) -> None:
        """Write what `record` says, which is given the commit that is wanted now; nothing if the repository was removed
        meanwhile: whoever adds it again begins anew."""
        key = self.keys.repository(identity)

        def change(pipe: Pipe) -> None:
            url, wanted = pipe.hmget(key, "url", "wanted")
            pipe.multi()
            if url is not None:
                record(pipe, (wanted or b"").decode("utf-8", "replace"))

        self.client.transaction(change, key)

    def _put(self, pipe: Pipe, identity: str, values: Mapping[str, object]) -> None:
        pipe.hset(self.keys.repository(identity), mapping=written(values))

    def _tell(self, pipe: Pipe, entry: Entry, commit: str, outcome: str, facts: Mapping[str, object]) -> None:
        told = {"id": entry.id, "name": entry.name, "commit": commit, "outcome": outcome} | written(facts)
        pipe.xadd(self.keys.runs, told, maxlen=KEPT_RUNS, approximate=True)
