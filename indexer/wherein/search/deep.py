"""The deep tier in a search: embeds the question, and takes a second look at the best candidates that lack a vector."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from itertools import islice

import numpy as np

from wherein.deepening.text import deep_text
from wherein.embedding.texts import Remote, TextEmbedder
from wherein.endpoint.failures import Stalled
from wherein.errors import WhereinError
from wherein.quick_dataclass import dataclass
from wherein.search.gathered import Gathered
from wherein.search.showing import Ranked
from wherein.store.deep import DeepQuestion, DeepRow, content_of
from wherein.store.int8 import cosines
from wherein.store.protocol import Candidate, Embeddings, Store

LOOKED_AT = 20
"""The best candidates that may become one of the ten that are shown. NDCG@10 of the shared questions for functions,
with nothing filled: .746 without a look, .771 with 10, .774 with 20, .780 with 30; newcomers' questions: .322, .339,
.345, .344."""

AT_ONCE = 4
"""Texts between two looks at the clock."""


GIVEN_UP_AFTER = 1.0
"""Seconds that a server is given for the first texts, however small the budget: otherwise what it has begun would be
lost."""


@dataclass(slots=True)
class Deep:
    """One search's use of the deep tier. If the model fails, that is said once, and the first tier answers."""

    embedders: Sequence[TextEmbedder]
    """one for each model; the first takes second looks"""
    budget: float
    """seconds for the second look; 0: none"""
    keep: Callable[[Sequence[DeepRow]], object]
    say: Callable[[str], object]
    measured: dict[int | str, float] = field(default_factory=dict)
    """cosines of the chunks that were embedded for this search, by id"""
    _asked: dict[tuple[str, str], Embeddings] = field(default_factory=dict)
    _looked_at: list[tuple[Candidate, str]] = field(default_factory=list)

    def question(self, text: str) -> tuple[DeepQuestion, ...]:
        """A text as the store is asked for it, by each model that can embed it."""
        asked = ((each.model_id, self._vector(each, text)) for each in self.embedders)
        return tuple(DeepQuestion(id, vector) for id, vector in asked if vector.any())

    def _vector(self, embedder: TextEmbedder, text: str) -> Embeddings:
        key = embedder.model_id, text
        if key not in self._asked:
            try:
                self._asked[key] = embedder.query(text)[0]
            except WhereinError as error:
                self.say(f"{error.message} The deep tier is not used.")
                self._asked[key] = np.zeros(embedder.dimension, np.float32)
        return self._asked[key]

    def looks(self, asked: Sequence[DeepQuestion]) -> bool:
        """Whether the model that takes second looks is asked; if so, it is the first of them."""
        return bool(self.budget and asked and asked[0].model == self.embedders[0].model_id)

    def note(self, gathered: Gathered, asked: Sequence[DeepQuestion]) -> Gathered:
        """The same, with the cosines measured so far."""
        for each in gathered.retrieved.candidates:
            if (cosine := self.measured.get(each.id)) is not None and _lacks(each):
                each.deep = cosine, *(each.deep[1:] or (None,) * (len(asked) - 1))
        return gathered

    def lacking(self, store: Store, gathered: Gathered, ranked: Callable[[], Iterable[Ranked]]) -> None:
        """Note the best candidates without a deep vector, with their texts, for `look`. Call this within `at_once`."""
        if not any(map(_lacks, gathered.retrieved.candidates)):
            return
        found = [each.candidate for each in islice(ranked(), LOOKED_AT) if _lacks(each.candidate)]
        said = zip(found, store.texts([each.id for each in found]) if found else (), strict=True)
        self._looked_at = [(each, deep) for each, text in said if (deep := deep_text(each, text))]

    def look(self, question: DeepQuestion) -> bool:
        """Embed what was noted, as far as the budget allows, and have it kept. Returns whether any was."""
        until = time.monotonic() + self.budget
        self.budget = 0.0  # one look a search
        rows: list[DeepRow] = []
        took = 0.0
        for start in range(0, len(self._looked_at), AT_ONCE):
            began = time.monotonic()
            if began + took > until:
                break
            some = self._looked_at[start : start + AT_ONCE]
            try:
                vectors = _embedded(self.embedders[0], [said for _, said in some], until - began)
            except Stalled:  # the time is over
                break
            except WhereinError as error:
                self.say(f"{error.message} There was no second look.")
                break
            for (each, said), vector, cosine in zip(
                some, vectors, cosines(question.embedding, vectors).tolist(), strict=True
            ):
                rows.append(DeepRow(each.id, content_of(said), vector))
                if vector.any():
                    self.measured[each.id] = cosine
            took = time.monotonic() - began
        if rows:
            self.keep(rows)
        return bool(rows)


def _lacks(candidate: Candidate) -> bool:
    """Whether it has no vector of the model that takes second looks."""
    return not candidate.deep or candidate.deep[0] is None


def _embedded(embedder: TextEmbedder, texts: Sequence[str], seconds: float) -> Embeddings:
    """Shape (texts, dimension). Waits for a server no longer than allowed; a model in this process cannot be
    stopped."""
    if isinstance(embedder, Remote):
        return embedder.documents_within(texts, max(seconds, GIVEN_UP_AFTER))
    return embedder.documents(texts)
