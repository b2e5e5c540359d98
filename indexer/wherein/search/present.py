"""Ranked candidates → hits: texts are fetched for what is shown, copies of one text are shown once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from wherein.hit import Hit
from wherein.store.protocol import Candidate, Store

SPARE = 2
"""Texts fetched beyond those still wanted, once some were copies: most answers have none."""
FETCHED_AT_ONCE = 20
"""Where a hit must hold a phrase, and most do not."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place."""

    candidate: Candidate
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    definition: int | None = None
    """what it is, or is a part of"""


def present(
    store: Store,
    ranked: Iterable[Ranked],
    *,
    repository: str,
    limit: int,
    phrases: Sequence[str] = (),
) -> list[Hit]:
    """The first `limit` hits that hold every phrase (ignoring case and how blanks are written), one a definition.

    No more of `ranked` is taken than that needs.
    """
    wanted = [_normal(phrase) for phrase in phrases]
    hits: list[Hit] = []
    shown: set[str] = set()
    defined: set[int | None] = set()
    remaining = iter(ranked) if phrases else _once(ranked)
    fetched = limit if not phrases else max(limit, FETCHED_AT_ONCE)
    while some := list(islice(remaining, fetched)):
        for item, text in zip(some, store.texts([item.candidate.id for item in some]), strict=True):
            normal = _normal(text)
            known = normal in shown or item.definition in defined
            if known or not all(phrase in normal for phrase in wanted):
                continue
            shown.add(normal)
            if item.definition is not None:
                defined.add(item.definition)
            hits.append(_hit(item, text, repository))
            if len(hits) == limit:
                return hits
        fetched = limit - len(hits) + SPARE if not phrases else max(limit, FETCHED_AT_ONCE)
    return hits


def _once(ranked: Iterable[Ranked]) -> Iterator[Ranked]:
    """Each definition by its best part."""
    seen: set[int] = set()
    for item in ranked:
        if item.definition is not None:
            if item.definition in seen:
                continue
            seen.add(item.definition)
        yield item


def whole_text(
    pieces: Sequence[Candidate], texts: Sequence[str], repository: str, *, score: float = 0.0
) -> Hit:
    """Chunks that follow one another as one hit."""
    whole = replace(pieces[0], end_line=pieces[-1].end_line)
    return _hit(Ranked(whole, score), "\n".join(texts), repository)


def _hit(item: Ranked, text: str, repository: str) -> Hit:
    """Blank lines around a chunk belong to it in the store, where nothing may be lost, but not in an answer."""
    found = item.candidate
    lines = text.split("\n")
    above = next((i for i, line in enumerate(lines) if line.strip()), 0)
    below = next((i for i, line in enumerate(reversed(lines)) if line.strip()), 0)
    return Hit(
        repository=repository,
        path=found.path,
        start_line=found.start_line + above,
        end_line=found.end_line - below,
        symbol=found.symbol,
        qualified_name=found.qualified_name,
        kind=found.kind,
        language=found.language,
        score=item.score,
        text="\n".join(lines[above : len(lines) - below]),
        parts=item.parts,
    )


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()
