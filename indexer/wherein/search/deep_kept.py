"""The deep tier over several repositories: what their stores have for the best candidates, and for no others.

To ask each for its nearest chunks would bring all vectors of all of them here. Vectors of the best candidates alone are
two questions more, by content, which the texts tell that are about to be shown anyway; and that is where the deep tier
helps most (`deep.LOOKED_AT`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from wherein.deepening.text import deep_text
from wherein.search.deep import LOOKED_AT, Deep
from wherein.search.gathered import Gathered
from wherein.search.present import SPARE, Each, Origin
from wherein.search.query import Query
from wherein.search.showing import Ranked
from wherein.store.deep import DeepQuestion, content_of
from wherein.store.int8 import cosines_with
from wherein.store.protocol import Candidate

Reading = tuple[Query, Sequence[Gathered]]
"""A reading of the query, and what each repository has for it."""


def look_up(
    deep: Deep,
    readings: Sequence[Reading],
    origins: Sequence[Origin],
    ranked: Callable[[Reading], Iterable[Ranked]],
    *,
    limit: int,
    each: Each | None = None,
) -> list[Origin]:
    """Note with the best candidates of each reading their cosines by the deep tier, as far as stores have vectors of
    their content. The origins with the texts that were read: those of whatever may be shown now."""
    asked = [deep.question(query.text) for query, _ in readings]
    if not any(asked):
        return list(origins)
    best: list[dict[int, list[Candidate]]] = [{} for _ in readings]
    shown: dict[int, dict[int | str, Candidate]] = {}
    for reading, of in zip(readings, best, strict=True):
        for place, item in enumerate(islice(ranked(reading), LOOKED_AT + limit + SPARE)):
            if place < LOOKED_AT:
                of.setdefault(item.origin, []).append(item.candidate)
            shown.setdefault(item.origin, {})[item.candidate.id] = item.candidate
    models = list(dict.fromkeys(question.model for questions in asked for question in questions))
    texts: dict[int, dict[int | str, str]] = {}
    kept: dict[int, Mapping[str, Mapping[bytes, bytes]]] = {}

    def read(number: int) -> None:
        store, some = origins[number].store(), shown[number]
        texts[number] = dict(zip(some, store.texts(list(some)), strict=True))
        wanted = {each.id for of in best for each in of.get(number, ())}
        contents = [content_of(said) for id in wanted if (said := _said(some[id], texts[number]))]
        kept[number] = store.deep_vectors(models, contents) if contents else {}

    for _ in (each or map)(read, list(shown)):
        pass
    for questions, of in zip(asked, best, strict=True):
        for number, candidates in of.items():
            _note(candidates, texts[number], questions, kept[number])
    return [
        replace(origin, known=texts[place]) if place in texts else origin
        for place, origin in enumerate(origins)
    ]


def _said(candidate: Candidate, texts: Mapping[int | str, str]) -> str:
    return deep_text(candidate, texts.get(candidate.id, ""))


def _note(
    candidates: Sequence[Candidate],
    texts: Mapping[int | str, str],
    questions: Sequence[DeepQuestion],
    kept: Mapping[str, Mapping[bytes, bytes]],
) -> None:
    contents = [content_of(said) if (said := _said(each, texts)) else b"" for each in candidates]
    columns: list[list[float | None]] = []
    for question in questions:
        vectors = kept.get(question.model, {})
        fits = {
            content: np.frombuffer(vectors[content], np.int8)
            for content in contents
            if len(vectors.get(content, b"")) == len(question.embedding)
        }
        near = cosines_with(question.embedding, np.array(list(fits.values()), np.int8)) if fits else ()
        told = {
            content: float(cosine) for content, cosine in zip(fits, near, strict=True) if fits[content].any()
        }
        columns.append([told.get(content) for content in contents])
    for each, own in zip(candidates, zip(*columns, strict=True), strict=True):
        if any(cosine is not None for cosine in own):
            each.deep = own
