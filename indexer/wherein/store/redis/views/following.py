"""What a view shows, as a reader follows it."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from wherein.errors import IndexIncompatible
from wherein.store.redis.connection.client_types import Client, Pipeline
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.keys import Keys
from wherein.store.redis.trees.cache import TreeCache
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import (
    Shown,
    to_bytes,
    to_name,
    unpack_changes,
    unpack_shown,
)
from wherein.store.redis.views.from_clone import Assumed, OwnFiles, assume
from wherein.store.redis.views.record import Record, Seen, unpack_record

VIEWS_KEPT = 8
"""Views whose contents a reader remembers."""

LOG_LENGTH = 64
"""Batches of changes that a view's log holds; a reader that was away for longer reads the view anew."""

ANSWERS = 5
"""To the questions of `Views.ask`."""

_TRIES = 50


def told(record: Record) -> bytes:
    """By what an entry of the log tells the batch before it from another one of its number, of a server that lost one
    and was told another one instead. Versions before this one do not say."""
    return repr(record.updated).encode()


class Views:
    """What this reader knows of the views of one generation. May be used from several threads.

    Of a view it knows nothing at first, then the record (`glimpsed`), then with the next answers also what it shows
    (`known`), which is followed by the view's log. What a complete view shows may be `assumed` meanwhile, by a clone
    that has most of its files.
    """

    def __init__(self, keys: Keys, here: TreeFiles | None = None) -> None:
        """`here`: where trees are kept that were read."""
        self._keys = keys
        self.trees = TreeCache(keys, here)
        self._lock = Lock()
        self._seen: OrderedDict[str, Seen] = OrderedDict()
        self._glimpsed: OrderedDict[str, Record] = OrderedDict()
        self._here: OwnFiles | None = None
        self._assumed: dict[str, Assumed] = {}

    def known(self, view: str) -> Seen | None:
        """What was seen last, which may be old."""
        with self._lock:
            if view in self._seen:
                self._seen.move_to_end(view)
            return self._seen.get(view)

    def glimpsed(self, view: str) -> Record | None:
        """The record of a view whose contents were not read yet."""
        with self._lock:
            return self._glimpsed.get(view)

    def glimpse(self, view: str, raw: bytes | None) -> None:
        """Note the record of a view; what it shows comes with the answers to the next `ask`."""
        if raw is None or self.known(view) is not None:
            return
        with self._lock:
            self._glimpsed[view] = unpack_record(raw)
            while len(self._glimpsed) > VIEWS_KEPT:
                self._glimpsed.popitem(last=False)

    def glimpse_all(self, records: Mapping[bytes, bytes]) -> None:
        """`glimpse` of every view, where they are few: one of them is likely to be read."""
        if len(records) <= VIEWS_KEPT:
            for name, raw in records.items():
                self.glimpse(to_name(name), raw)

    def kept_here(self, view: str) -> Seen | None:
        """The view as it was glimpsed, where that shows just what a tree does that is known."""
        record = self.glimpsed(view)
        tree = self.trees.known(record.tree) if record is not None and record.digest else None
        if record is None or tree is None or tree.digest != record.digest:
            return None
        return self.keep(view, Seen(record, tree))

    def have(self, here: OwnFiles) -> None:
        """Note what files who reads has himself."""
        self._here = here

    def assumed(self, view: str) -> Assumed | None:
        """The view as it was glimpsed and who reads it has it himself, where more would have to be fetched and nothing
        but chunks is to be found."""
        known, glimpsed, here = self.known(view), self.glimpsed(view), self._here
        if known is not None or glimpsed is None or here is None:
            return None
        found = self._assumed.get(view)
        follows = found is not None and glimpsed.follows(found.seen.record)
        if found is not None and follows and (not found.lacks or found.here is here):
            return found  # nothing is lacked: all of it is known, by whatever files
        if here.known_digest != glimpsed.digest and self.trees.known(glimpsed.tree) is not None:
            return None
        found = assume(glimpsed, here)
        self._assumed = {} if found is None else {view: found}
        return found

    def commands_assumed(self, view: str, assumed: Assumed) -> list[Command]:
        """The questions that `still` needs the answers of."""
        name = to_bytes(view)
        return [("HGET", self._keys.views, name), *assumed.commands(self._keys, name)]

    def still(self, view: str, assumed: Assumed, told: Sequence[Any]) -> Seen:
        """What was assumed of a view, by its record now. KeyError where that is another one: `load` tells."""
        raw, *lacked = told
        if raw is None or not (record := unpack_record(raw)).follows(assumed.seen.record):
            raise KeyError(view)
        whole = assumed.whole(lacked)
        self._assumed = {view: whole}
        return Seen(record, whole.seen.contents)

    def blobs(self, view: str) -> Seen | None:
        """The view as it was seen last, for what is shown under which path alone."""
        if (known := self.known(view)) is not None:
            return known
        found = self.assumed(view)
        return None if found is None or found.lacks else found.seen

    def commands(self, view: str) -> list[Command]:
        """The ANSWERS questions that `follow` needs the answers of."""
        name = to_bytes(view)
        known, glimpsed = self.known(view), self.glimpsed(view)
        lacks = known is None and glimpsed is not None
        tree = glimpsed.tree if lacks and glimpsed is not None else ""
        if self.trees.known(tree) is not None:
            tree = ""
        # The log tells who knows the view what is new; to anybody else it says nothing.
        since = f"({known.record.number}-0" if known is not None else "+"
        return [
            ("HGET", self._keys.views, name),
            ("XRANGE", self._keys.log(name), since, "+"),
            ("GET", self._keys.tree(tree)),
            ("HGETALL", self._keys.difference(name if lacks else b"")),
            ("HGET", self._keys.views, name),
        ]

    def ask(self, pipe: Pipeline, view: str) -> None:
        """Add `commands` to a pipeline."""
        for command in self.commands(view):
            pipe.execute_command(*command)

    def follow_plain(self, view: str, answers: Sequence[Any]) -> Seen | None:
        """`follow`, with answers that redis-py has not taken apart."""
        raw, log, tree, difference, after = answers
        entries = [(entry, dict(zip(values[::2], values[1::2], strict=True))) for entry, values in log]
        changes = dict(zip(difference[::2], difference[1::2], strict=True))
        return self.follow(view, raw, entries, tree, changes, after)

    def follow(
        self,
        view: str,
        raw: bytes | None,
        log: list[Any],
        tree: bytes | None,
        difference: Mapping[bytes, bytes],
        after: bytes | None,
    ) -> Seen | None:
        """The view as the answers say. KeyError where they do not tell everything: `load` does."""
        if raw is None:
            with self._lock:
                self._seen.pop(view, None)
                self._glimpsed.pop(view, None)
            return None
        record = unpack_record(raw)
        known = self.known(view)
        if known is None and raw == after:
            known = self._filled(view, record, tree, difference)
        if known is None or known.record.born != record.born:
            raise KeyError(view)
        if record.follows(known.record):
            return self.keep(view, Seen(record, known.contents))
        contents, number = known.contents, known.record.number
        for entry, values in log:
            following = int(entry.split(b"-")[0])
            if number < following <= record.number:
                after_known = number > known.record.number or values.get(b"u", b"") in (
                    b"",
                    told(known.record),
                )
                if following != number + 1 or not after_known:
                    raise KeyError(view)
                contents = contents.with_changes(dict(unpack_changes(values[b"d"])))
                number = following
        if number != record.number or number == known.record.number:
            raise KeyError(view)
        return self.keep(view, Seen(record, contents))

    def load(self, client: Client, view: str) -> Seen | None:
        """Read a view, or what changed in it since."""
        if self.known(view) is None and self.glimpsed(view) is None:
            self.glimpse(view, client.hget(self._keys.views, to_bytes(view)))
        pipe = client.pipeline(transaction=False)
        self.ask(pipe, view)
        answers = pipe.execute()
        try:
            return self.follow(view, *answers)
        except KeyError:
            return self._read(client, view)

    def _filled(
        self, view: str, record: Record, raw: bytes | None, difference: Mapping[bytes, bytes]
    ) -> Seen | None:
        """What was glimpsed, with its tree and how it differs from that."""
        with self._lock:
            glimpsed = self._glimpsed.pop(view, None)
        if glimpsed is None or glimpsed.tree != record.tree:
            return None
        base = self.trees.known(record.tree)
        if base is None:
            if raw is None:
                return None
            base = self.trees.take(record.tree, raw)
        changes = {to_name(path): unpack_shown(shown) for path, shown in difference.items()}
        contents = base.with_changes(changes)
        if record.differs and not difference:
            return None  # lost: `load` tells
        if len(contents.files) != record.files:  # another thread glimpsed it when this one had asked already
            return None
        return Seen(record, contents)

    def _read(self, client: Client, view: str) -> Seen | None:
        name = to_bytes(view)
        raw = client.hget(self._keys.views, name)
        for _ in range(_TRIES):
            if raw is None:
                return None
            before = unpack_record(raw)
            tree = self.trees.get(client, before.tree)
            pipe = client.pipeline(transaction=False)
            pipe.hget(self._keys.views, name)
            pipe.hgetall(self._keys.difference(name))
            pipe.hget(self._keys.views, name)
            raw, difference, after = pipe.execute()
            record = None if raw is None else unpack_record(raw)
            if record is None or after != raw or record.tree != before.tree:
                raw = after
                continue  # written to meanwhile
            if tree is None or (record.differs and not difference):
                raise IndexIncompatible(
                    f"The store has lost what the view {view} shows.",
                    remedy="wherein index, which restores it",
                )
            changes: dict[str, Shown | None] = {
                to_name(path): unpack_shown(shown) for path, shown in difference.items()
            }
            return self.keep(view, Seen(record, tree.with_changes(changes)))
        raise TimeoutError(f"the view {view!r} changes faster than it can be read")

    def keep(self, view: str, seen: Seen) -> Seen:
        """Remember a view as it was read, or as this process has written it."""
        with self._lock:
            self._seen[view] = seen
            self._seen.move_to_end(view)
            while len(self._seen) > VIEWS_KEPT:
                self._seen.popitem(last=False)
        return seen
