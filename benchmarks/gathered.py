"""What searches gather for benchmark questions, kept, so that ranking can be fitted anew without an index."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import wherein
from homes import Question, questions
from indexes import bring_up_to_date
from wherein.config.settings import Settings
from wherein.search.query import parse
from wherein.search.search import retrieval
from wherein.store.protocol import Retrieved

Row = tuple[Question, str, Retrieved]
"""A question, the identity of its repository, and what was retrieved for it."""


def gathered(home: Path, settings: Settings, keep: Path | None = None) -> Iterator[Row]:
    """Of all questions of a home. What is in the folder `keep` is taken from there, whatever has changed since: it is
    of one model and one way to cut files. Retrievals hold no synonyms, so that those may change."""
    for repository, asked in questions(home, ()).items():
        kept = keep / home.name / f"{repository}.pickle" if keep is not None else None
        if kept is not None and kept.exists():
            yield from pickle.loads(kept.read_bytes())
            continue
        rows = list(_asked(home / "repos" / repository, asked, settings))
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(pickle.dumps(rows))
        yield from rows


def _asked(place: Path, asked: list[Question], settings: Settings) -> Iterator[Row]:
    with wherein.open_index(place, settings=settings) as index:
        bring_up_to_date(index)
        for question in asked:
            request = retrieval(parse(question.query), index.view, index._embedder)
            yield question, index.repository, index._reader().retrieve(request)
