"""What a reader knows of the views of one generation, and how answers of the server bring that up to date."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from wherein.errors import IndexIncompatible
from wherein.store.redis.connection.pinned import Command
from wherein.store.redis.connection.redis_py import Client, Pipeline, pairs
from wherein.store.redis.keys import Keys
from wherein.store.redis.trees.cache import TreeCache
from wherein.store.redis.trees.cache_files import TreeFiles
from wherein.store.redis.trees.contents import (
    Contents,
    to_bytes,
    to_name,
    unpack_changes,
    unpack_shown,
)
from wherein.store.redis.views.from_clone import Assumed, OwnFiles, assume
from wherein.store.redis.views.record import ReadAnew, Record, Seen, unpack_record

VIEWS_KEPT = 8
"""Views that a reader remembers."""

LOG_LENGTH = 64
"""Batches of changes that a view's log holds; a reader that was away for longer reads the whole view again."""

ANSWERS = 5
"""To the questions of `Views.commands`."""

_TRIES = 50

Knowledge = Record | Assumed | Seen
"""Of a view: its record alone; with what a clone says that it shows; or with what it shows."""


class Views:
    """What this reader knows of the views of one generation. May be used from several threads.

    At first it knows nothing of a view, then its record (`glimpsed`), and with the next answers what the view shows
    (`known`), which the view's log keeps up to date. Until then a clone that has most of the view's files may stand
    in for the server (`assumed`).
    """

    def __init__(self, keys: Keys, tree_files: TreeFiles | None = None) -> None:
        """`tree_files`: where trees that were read are kept."""
        self._keys = keys
        self.trees = TreeCache(keys, tree_files)
        self._lock = Lock()
        self._views: OrderedDict[str, Knowledge] = OrderedDict()
        self._own_files: OwnFiles | None = None

    def known(self, view: str) -> Seen | None:
        """The view as it was seen last, which may be old."""
        with self._lock:
            found = self._views.get(view)
            if not isinstance(found, Seen):
                return None
            self._views.move_to_end(view)
            return found

    def glimpsed(self, view: str) -> Record | None:
        """The record of a view whose contents were not read yet."""
        found = self._knowledge(view)
        if isinstance(found, Assumed):
            return found.seen.record
        return found if isinstance(found, Record) else None

    def glimpse(self, view: str, raw: bytes | None) -> None:
        """Note the record of a view; what it shows comes with the answers to the next `ask`."""
        before = self._knowledge(view)
        if raw is None or isinstance(before, Seen):
            return
        record = unpack_record(raw)
        if not (isinstance(before, Assumed) and record.follows(before.seen.record)):
            self._replace(view, before, record)

    def glimpse_all(self, records: Mapping[bytes, bytes]) -> None:
        """`glimpse` of every view, where they are few: one of them is likely to be read."""
        if len(records) <= VIEWS_KEPT:
            for name, raw in records.items():
                self.glimpse(to_name(name), raw)

    def kept_here(self, view: str) -> Seen | None:
        """A glimpsed view that shows just what a known tree does; None for any other."""
        record = self.glimpsed(view)
        tree = self.trees.known(record.tree) if record is not None and record.digest else None
        if record is None or tree is None or tree.digest != record.digest:
            return None
        return self.keep(view, Seen(record, tree))

    def have(self, files: OwnFiles) -> None:
        """Note which files the reader has on disk."""
        self._own_files = files

    def assumed(self, view: str) -> Assumed | None:
        """A glimpsed view, with the reader's own files in place of what it shows; None if nothing would be saved by
        that. Good for finding chunks only."""
        found, files = self._knowledge(view), self._own_files
        if found is None or files is None or isinstance(found, Seen):
            return None
        if isinstance(found, Assumed) and (not found.lacks or found.files is files):
            return found  # with nothing lacking it is known to be right, whatever the files are now
        record = found if isinstance(found, Record) else found.seen.record
        if files.known_digest != record.digest and self.trees.known(record.tree) is not None:
            return None
        made = assume(record, files)
        self._replace(view, found, made or record)
        return made

    def commands_assumed(self, view: str, assumed: Assumed) -> list[Command]:
        """The questions that `still` needs the answers of."""
        name = to_bytes(view)
        return [("HGET", self._keys.views, name), *assumed.commands(self._keys, name)]

    def still(self, view: str, assumed: Assumed, answers: Sequence[Any]) -> Seen:
        """What was assumed of a view, by its record now. ReadAnew if that is another one."""
        raw, *lacked = answers
        if raw is None or not (record := unpack_record(raw)).follows(assumed.seen.record):
            raise ReadAnew(view)
        whole = assumed.whole(lacked)
        self._replace(view, assumed, whole)
        return Seen(record, whole.seen.contents)

    def blobs(self, view: str) -> Seen | None:
        """The view as it was seen last, or as the reader's own files tell it: its paths and blobs are right."""
        if (known := self.known(view)) is not None:
            return known
        found = self.assumed(view)
        return None if found is None or found.lacks else found.seen

    def commands(self, view: str) -> list[Command]:
        """The ANSWERS questions that `follow` needs the answers of."""
        name = to_bytes(view)
        known, glimpsed = self.known(view), self.glimpsed(view)
        tree = "" if glimpsed is None or self.trees.known(glimpsed.tree) is not None else glimpsed.tree
        # The log tells a reader who knows the view what is new; to anybody else it says nothing.
        since = f"({known.record.number}-0" if known is not None else "+"
        return [
            ("HGET", self._keys.views, name),
            ("XRANGE", self._keys.log(name), since, "+"),
            ("GET", self._keys.tree(tree)),
            ("HGETALL", self._keys.difference(b"" if glimpsed is None else name)),
            ("HGET", self._keys.views, name),
        ]

    def ask(self, pipe: Pipeline, view: str) -> None:
        """Add `commands` to a pipeline."""
        for command in self.commands(view):
            pipe.execute_command(*command)

    def follow(self, view: str, answers: Sequence[Any]) -> Seen | None:
        """The view as the answers to `commands` say; None if it is gone. ReadAnew if they do not tell all."""
        raw, log, tree, difference, after = answers
        if raw is None:
            with self._lock:
                self._views.pop(view, None)
            return None
        record = unpack_record(raw)
        known = self.known(view)
        if known is None and raw == after:
            known = self._filled(view, record, tree, pairs(difference))
        if known is None or known.record.born != record.born:
            raise ReadAnew(view)
        return self.keep(view, Seen(record, _up_to_date(known, record, log)))

    def load(self, client: Client, view: str) -> Seen | None:
        """Read a view, or what changed in it since; None if it is gone."""
        if self._knowledge(view) is None:
            self.glimpse(view, client.hget(self._keys.views, to_bytes(view)))
        pipe = client.pipeline(transaction=False)
        self.ask(pipe, view)
        answers = pipe.execute()
        try:
            return self.follow(view, answers)
        except ReadAnew:
            return self._read(client, view)

    def keep(self, view: str, seen: Seen) -> Seen:
        """Remember a view as it was read, or as this process has written it."""
        with self._lock:
            self._remember(view, seen)
        return seen

    def _filled(
        self, view: str, record: Record, raw: bytes | None, difference: Mapping[bytes, bytes]
    ) -> Seen | None:
        """A glimpsed view with its tree and its difference to that; None if they do not fit its record."""
        glimpsed = self.glimpsed(view)
        with self._lock:
            if not isinstance(self._views.get(view), Seen):
                self._views.pop(view, None)
        if glimpsed is None or glimpsed.tree != record.tree:
            return None
        base = self.trees.known(record.tree)
        if base is None:
            if raw is None:
                return None
            base = self.trees.take(record.tree, raw)
        contents = _with_difference(base, difference)
        lost = record.differs and not difference
        # It shows another number of files where another thread glimpsed it when this one had asked already.
        return None if lost or len(contents.files) != record.files else Seen(record, contents)

    def _read(self, client: Client, view: str) -> Seen | None:
        """Read all of a view. IndexIncompatible if the server has lost some of it."""
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
            return self.keep(view, Seen(record, _with_difference(tree, difference)))
        raise TimeoutError(f"the view {view!r} changes faster than it can be read")

    def _knowledge(self, view: str) -> Knowledge | None:
        with self._lock:
            return self._views.get(view)

    def _replace(self, view: str, before: Knowledge | None, after: Knowledge) -> None:
        """Know something else of a view, unless another thread has learnt more of it meanwhile."""
        with self._lock:
            if self._views.get(view) is before:
                self._remember(view, after)

    def _remember(self, view: str, knowledge: Knowledge) -> None:
        self._views[view] = knowledge
        self._views.move_to_end(view)
        while len(self._views) > VIEWS_KEPT:
            self._views.popitem(last=False)


def _with_difference(tree: Contents, difference: Mapping[bytes, bytes]) -> Contents:
    return tree.with_changes({to_name(path): unpack_shown(shown) for path, shown in difference.items()})


def _up_to_date(known: Seen, record: Record, log: Sequence[Any]) -> Contents:
    """What a known view shows by its record now: what it showed, with the changes that the log tells. ReadAnew if
    some of them are missing."""
    contents, number = known.contents, known.record.number
    if record.follows(known.record):
        return contents
    for entry, values in log:
        following = int(entry.split(b"-")[0])
        if not number < following <= record.number:
            continue
        told = pairs(values)
        is_first = number == known.record.number
        continues = following == number + 1 and b"d" in told
        if not continues or (is_first and not known.record.is_before(told.get(b"u", b""))):
            raise ReadAnew(f"batch {following}")
        contents = contents.with_changes(dict(unpack_changes(told[b"d"])))
        number = following
    if number != record.number or number == known.record.number:
        raise ReadAnew(f"batch {record.number}")
    return contents
