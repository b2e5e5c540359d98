"""Filling the deep tier of a view: batch by batch, each seen at once, from wherever the last one ended."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wherein.deepening.text import deep_text
from wherein.embedding.texts import Remote, TextEmbedder
from wherein.store.deep import DeepModel, DeepRow, content_of
from wherein.store.protocol import Embeddings, Store

BATCH = 64
"""Chunks that are stored together: half a second of a small transformer. What a kill loses at most."""

AT_ONCE = 16
"""Texts between two looks whether to stop: a tenth of a second, which who saves or searches waits at most."""

NOTED_EVERY = 86_400.0
"""Seconds, after which a run that finds all done notes that the model is in use."""

PAUSE = 2.0
"""Seconds until what another process has claimed is looked for again."""

LONGEST_WAIT = 90.0
"""Seconds without anything new after which what others have claimed is left to them: a claim ends before."""


@dataclass(frozen=True, slots=True)
class DeepProgress:
    """How far it is, in chunks of the view."""

    filled: int
    chunks: int


@dataclass(frozen=True, slots=True)
class DeepReport:
    """What a run did."""

    model: str = ""
    embedded: int = 0
    """texts that the model was asked for"""
    shared: int = 0
    """chunks whose text was known already: of another branch, version, clone or teammate"""
    filled: int = 0
    chunks: int = 0
    """of the view, and how many of them are filled now"""
    seconds: float = 0.0
    stopped: bool = False
    """somebody else was to have the machine; the next run goes on from there"""
    busy: bool = False
    """another process fills this index"""


class _Stopped(Exception):
    """Somebody else is to have the machine."""


@dataclass(slots=True)
class Filling:
    """One run over a view."""

    store: Store
    view: str
    embedder: TextEmbedder
    setting: str
    """what the setting `deep_model` calls the embedder's model"""
    order: Callable[[Sequence[str]], Sequence[str]]
    stop: Callable[[], bool] = lambda: False
    progress: Callable[[DeepProgress], object] = lambda step: None
    embedded: int = 0
    shared: int = 0
    _filled: int = 0
    _chunks: int = 0

    def run(self) -> DeepReport:
        """Fill what is lacking. WhereinError where the model or the store fails; what was stored stays."""
        began, stopped = time.monotonic(), False
        try:
            self._fill()
        except _Stopped:
            stopped = True
        filled, chunks = self.store.deep_covered(self.view, self.embedder.model_id)
        if chunks and filled == chunks and self._newest() != self.embedder.model_id:
            self.store.deep_note_whole(self.view, self.embedder.model_id)
        self._touch()
        took = time.monotonic() - began
        return DeepReport(
            self.embedder.model_id, self.embedded, self.shared, filled, chunks, took, stopped=stopped
        )

    def _touch(self) -> None:
        """Note once a day that the model is in use."""
        model = next((each for each in self.store.deep_models() if each.id == self.embedder.model_id), None)
        if model is not None and self.store.now() - model.used > NOTED_EVERY:
            self.store.deep_put(DeepModel(model.id, model.dimension, self.setting), ())

    def _newest(self) -> str | None:
        return next(iter(self.store.deep_whole(self.view)), None)

    def _fill(self) -> None:
        waited = 0.0
        while True:
            self._filled, self._chunks = self.store.deep_covered(self.view, self.embedder.model_id)
            self.progress(DeepProgress(self._filled, self._chunks))
            lacking = self.store.deep_lacking(self.view, self.embedder.model_id)
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
        """Id → text, of whole files as far as they fit."""
        batch: dict[int | str, str] = {}
        for path in self.order(list(lacking)):
            self._look()
            ids = lacking[path]
            chunks = {each.id: each for each in self.store.chunks_of(self.view, path)}
            there = [each for each in ids if each in chunks]  # the view may show another version by now
            for each, text in zip(there, self.store.texts(there), strict=True):
                batch[each] = deep_text(chunks[each], text)
                if len(batch) >= BATCH:
                    yield batch
                    batch = {}
        if batch:
            yield batch

    def _put(self, batch: Mapping[int | str, str]) -> bool:
        """Store what is known of a batch, and what is embedded of the rest; whether some is left to other processes.
        What was embedded when something fails is stored all the same."""
        model = self.embedder
        contents = {each: content_of(text) for each, text in batch.items()}
        texts = {contents[each]: text for each, text in batch.items()}
        known = self.store.deep_known(model.model_id, texts)
        wanted = [content for content in texts if content not in known]
        claimed = self.store.deep_claim(model.model_id, wanted) if wanted else set()
        mine = sorted((content for content in wanted if content in claimed), key=lambda one: len(texts[one]))
        made: dict[bytes, Embeddings] = {}
        try:
            step = model.at_once if isinstance(model, Remote) else AT_ONCE
            for start in range(0, len(mine), step):
                self._look()
                some = mine[start : start + step]
                vectors = _embedded(model, [texts[content] for content in some])
                made |= dict(zip(some, vectors, strict=True))
        finally:
            rows = [
                DeepRow(each, content, made.get(content))
                for each, content in contents.items()
                if content in made or content in known
            ]
            self.embedded += len(made)
            self.shared += len(rows) - len(made)
            if rows:
                self._filled += self.store.deep_put(
                    DeepModel(model.model_id, model.dimension, self.setting), rows
                )
            self.progress(DeepProgress(min(self._filled, self._chunks), self._chunks))
        return len(mine) < len(wanted)


def _embedded(model: TextEmbedder, texts: Sequence[str]) -> Embeddings:
    """Shape (texts, dimension). What says nothing has no direction, and the model is not asked for it."""
    vectors = np.zeros((len(texts), model.dimension), np.float32)
    said = [place for place, text in enumerate(texts) if text]
    if said:
        vectors[said] = model.documents([texts[place] for place in said])
    return vectors
