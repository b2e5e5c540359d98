"""Fills the deep tier of a view: batch by batch, each visible at once, from wherever the last run ended.

What a chunk gets is a `Maker`'s word: a vector of a model, or a sentence that describes it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from wherein.quick_dataclass import dataclass
from wherein.store.deep import DeepModel, DeepRow
from wherein.store.protocol import Candidate, Store

if TYPE_CHECKING:
    from wherein.store.deep import Row, Vector

NOTED_EVERY = 86_400.0
"""Seconds after which a run that finds everything done records that the model is in use."""

PAUSE = 2.0
"""Seconds until texts that another process has claimed are looked for again."""

MOST_TOGETHER = 256
"""Chunks in one transaction, most of which need nothing made."""

LONGEST_WAIT = 90.0
"""Seconds without anything new after which what others have claimed is left to them: a claim ends earlier."""


@dataclass(frozen=True, slots=True)
class DeepProgress:
    """How far a run is, in chunks of the view."""

    filled: int
    chunks: int


@dataclass(frozen=True, slots=True)
class DeepReport:
    """What a run did."""

    model: str = ""
    embedded: int = 0
    """texts that the model was given"""
    shared: int = 0
    """chunks whose text was already known: from another branch, version, clone or teammate"""
    filled: int = 0
    chunks: int = 0
    """of the view, and how many of them are filled now"""
    seconds: float = 0.0
    stopped: bool = False
    """whether it stopped because somebody else needs the machine; the next run goes on from there"""
    busy: bool = False
    """whether another process is filling this index"""

    @classmethod
    def of(cls, reports: "Sequence[DeepReport]") -> "DeepReport":
        """Several models together: what the least filled one has."""
        if len(reports) == 1:
            return reports[0]
        least = min(reports, key=lambda each: each.filled)
        return cls(
            together(each.model for each in reports),
            sum(each.embedded for each in reports),
            sum(each.shared for each in reports),
            least.filled,
            least.chunks,
            sum(each.seconds for each in reports),
            any(each.stopped for each in reports),
        )


def together(models: Iterable[str]) -> str:
    """The ids of blended models, as one."""
    return " + ".join(models)


class Maker(Protocol):
    """Makes what is stored for texts. For an empty text nothing is made, and it counts as done."""

    model: DeepModel
    """the key that it is stored under"""
    batch: int
    """texts that are stored together, and claimed from others: the most that a kill loses"""
    at_once: int
    """texts between two checks whether to stop"""
    answers: bool
    """whether it is recorded that a view is complete with it: for a model that may answer alone"""

    def texts(self, chunks: Sequence[Candidate], texts: Sequence[str], wanted: Sequence[bool]) -> list[str]:
        """One text for each chunk of a file, from which something is made; empty for nothing, as for chunks that are
        not wanted."""
        ...

    def content(self, text: str) -> bytes:
        """The key of a text's row."""
        ...

    def make(self, texts: Sequence[str]) -> "Sequence[Vector | Row | None]":
        """One row for each text; None if none could be made now. Raises WhereinError."""
        ...


class _Stopped(Exception):
    """Somebody else needs the machine."""


@dataclass(slots=True)
class Filling:
    """One run over a view."""

    store: Store
    view: str
    maker: Maker
    order: Callable[[Sequence[str]], Sequence[str]]
    stop: Callable[[], bool] = lambda: False
    progress: Callable[[DeepProgress], object] = lambda step: None
    embedded: int = 0
    shared: int = 0
    _filled: int = 0
    _chunks: int = 0
    _tried: set[bytes] = field(default_factory=set)
    """texts for which this run makes nothing more"""

    def run(self) -> DeepReport:
        """Fill what is lacking. Raises WhereinError if the model or the store fails; what was stored stays."""
        began, stopped = time.monotonic(), False
        try:
            self._fill()
        except _Stopped:
            stopped = True
        id = self.maker.model.id
        filled, chunks = self.store.deep_covered(self.view, id)
        if self.maker.answers and chunks and filled == chunks and self._newest() != id:
            self.store.deep_note_whole(self.view, id)
        self._touch()
        took = time.monotonic() - began
        return DeepReport(id, self.embedded, self.shared, filled, chunks, took, stopped=stopped)

    def _touch(self) -> None:
        """Record once a day that the model is in use."""
        model = next((each for each in self.store.deep_models() if each.id == self.maker.model.id), None)
        if model is not None and self.store.now() - model.used > NOTED_EVERY:
            self.store.deep_put(self.maker.model, ())

    def _newest(self) -> str | None:
        return next(iter(self.store.deep_whole(self.view)), None)

    def _fill(self) -> None:
        waited = 0.0
        while True:
            self._filled, self._chunks = self.store.deep_covered(self.view, self.maker.model.id)
            self.progress(DeepProgress(self._filled, self._chunks))
            lacking = self.store.deep_lacking(self.view, self.maker.model.id)
            if not lacking:
                return
            before, left = self._filled, False
            for batch in self._batches(lacking):
                left = self._put(batch) or left
            if self._filled > before:
                waited = 0.0
            elif not left or waited >= LONGEST_WAIT:
                return
            if left:  # of others, who are at it
                self._look()
                time.sleep(PAUSE)
                waited += PAUSE

    def _look(self) -> None:
        if self.stop():
            raise _Stopped

    def _batches(self, lacking: Mapping[str, Sequence[int | str]]) -> Iterator[dict[int | str, str]]:
        """Id → text, of whole files as far as they fit. Empty texts take no room in a batch, but their number is
        limited."""
        batch: dict[int | str, str] = {}
        room = self.maker.batch
        for path in self.order(list(lacking)):
            self._look()
            ids = set(lacking[path])
            # The view may show another version by now.
            chunks = self.store.chunks_of(self.view, (path,))[path]
            wanted = [each.id in ids for each in chunks]
            there = [each.id for each in chunks if each.id in ids]
            stored = dict(zip(there, self.store.texts(there), strict=True))
            texts = [stored.get(each.id, "") for each in chunks]
            made = self.maker.texts(chunks, texts, wanted)
            for each, text, is_wanted in zip(chunks, made, wanted, strict=True):
                if not is_wanted:
                    continue
                batch[each.id] = text
                room -= bool(text)
                if room <= 0 or len(batch) >= MOST_TOGETHER:
                    yield batch
                    batch, room = {}, self.maker.batch
        if batch:
            yield batch

    def _put(self, batch: Mapping[int | str, str]) -> bool:
        """Store what is known of a batch, and what is made for the rest. Returns whether some is left to other
        processes. If something fails, what was made before is stored all the same."""
        id = self.maker.model.id
        contents = {each: self.maker.content(text) for each, text in batch.items()}
        texts = {contents[each]: text for each, text in batch.items()}
        known = self.store.deep_known(id, texts)
        wanted = [content for content in texts if content not in known and content not in self._tried]
        claimed = self.store.deep_claim(id, wanted) if wanted else set()
        mine = sorted((content for content in wanted if content in claimed), key=lambda one: len(texts[one]))
        made: dict[bytes, Vector | Row] = {}
        try:
            step = self.maker.at_once
            for start in range(0, len(mine), step):
                self._look()
                some = mine[start : start + step]
                rows = self.maker.make([texts[content] for content in some])
                self._tried.update(some)
                made |= {one: row for one, row in zip(some, rows, strict=True) if row is not None}
        finally:
            self._store(contents, made, known)
        return len(mine) < len(wanted)

    def _store(
        self, contents: Mapping[int | str, bytes], made: "Mapping[bytes, Vector | Row]", known: set[bytes]
    ) -> None:
        rows = [
            DeepRow(each, content, made.get(content))
            for each, content in contents.items()
            if content in made or content in known
        ]
        self.embedded += len(made)
        self.shared += len(rows) - len(made)
        if rows:
            self._filled += self.store.deep_put(self.maker.model, rows)
        self.progress(DeepProgress(min(self._filled, self._chunks), self._chunks))
