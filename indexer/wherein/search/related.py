"""Similar code."""

import numpy as np

from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.places import places
from wherein.search.by_place import by_place
from wherein.search.places import chunk_at
from wherein.search.present import present
from wherein.search.rank.kinds import TEXTS
from wherein.search.showing import Ranked
from wherein.search.variety import best_first, tax
from wherein.store.protocol import Candidate, Filters, Retrieval, Store

CANDIDATES = 100

SAME_FILE = 0.03
"""Taken off the cosine for each nearer chunk of the same file: neighbours are seen anyway."""

PROSE = 0.15
"""Taken off the cosine of documents, beside code. Without it 1.3 of the ten hits for 222 functions of psf/requests were
documents, with it .1."""


def related(
    store: Store,
    view: str,
    path: str,
    line: int,
    *,
    repository: str,
    limit: int = 10,
    filters: Filters = Filters(),
) -> list[Hit]:
    """The chunks nearest in meaning to the one at path:line, without its own definition; for code, code is
    preferred."""
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    chunk, embedding = chunk_at(store, view, path, line)
    retrieved = store.retrieve(
        Retrieval(view=view, embedding=embedding, filters=filters, limit=max(CANDIDATES, 2 * limit))
    )
    others, _, files = by_place([found for found in retrieved.candidates if not _is_of(found, chunk)])
    scores = np.array([candidate.semantic for candidate in others], np.float32)
    prose = np.zeros(len(others), np.float32)
    if chunk.kind not in TEXTS:
        prose[[candidate.kind in TEXTS for candidate in others]] = PROSE
    scores -= prose
    taken = tax(files, scores, SAME_FILE)
    ranked = [
        Ranked(
            others[i],
            scores.item(i) - taken.item(i),
            {"cosine": others[i].semantic, "same_file": -taken.item(i)}
            | ({"prose": -prose.item(i)} if prose[i] else {}),
        )
        for i in best_first(scores - taken)
    ]
    return present(store, ranked, repository=repository, limit=limit, view=view)


def _is_of(found: Candidate, chunk: Candidate) -> bool:
    """Whether it is the chunk itself, or another part of the same definition."""
    if found.id == chunk.id or found.path != chunk.path:
        return found.id == chunk.id
    at = places(chunk.profile, chunk.start_line)
    return at.part is not None and places(found.profile, found.start_line).definition == at.definition
