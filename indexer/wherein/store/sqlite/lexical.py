"""The best chunks for a set of terms, by FTS5's BM25."""

import sqlite3
from collections.abc import Iterable, Sequence

from wherein.store.sqlite.candidates import first_by_place
from wherein.store.sqlite.memory import Allowed, Memory
from wherein.store.sqlite.numbers import columns

WEIGHTS = (3.0, 2.0, 1.0, 1.0)
"""What an occurrence counts in symbol, path, doc, body."""

SATURATION = 1.2
"""BM25's k1: the larger, the more a second occurrence adds."""

POSTINGS_SCORED = 3_000
"""A chunk must hold one of the rarest terms: of as many as have this many postings together; bm25() takes 0.2 us
for each. Twice as many change 21 of 750 answers on the benchmarks, and no figure (a fifth: 207, files .875 to .872).
Leaving out every term that a fifth of the chunks hold costs more (functions: .88 to .81)."""
SHARE_SCORED = 0.02
"""In an index so large that this share of its chunks is more, the bound is that."""

WIDENED = 10
"""Times as many postings are looked at where too little of what holds the rarest terms may be found: all of it may lie
outside of a filter, or in another view."""

TELLING_TERMS = 3
"""So many of the rarest terms are enough to tell the best 200 chunks; only where fewer fit the bound do the others
count in the score as well. Always counting them takes half as long again, and changes 12 of 750 answers and no figure:
our own ranking looks at all terms anyway."""

TERMS_SCORED = 48
"""The rarest so many of a longer query's terms are used: a pasted file is no reason to stall."""

SPARE = 64
"""Matches read beyond the limit, where three of five queries at 50,000 chunks have scores that equal the last one: the
first of these by path and line are taken. Where even more are equal, all matches are read once more."""

_K1, _B = 1.2, 0.75  # fixed in FTS5's bm25()
_NO_BASE = 1e-4
"""Nearer to 0, `base` (see `_weights`) leaves bm25() nothing to divide by: it is NULL where a term is missing."""


_SCORED = "SELECT rowid, bm25(lexical, {weights}) AS score FROM lexical WHERE lexical MATCH ?"
_OF_ONE_TERM = "SELECT rowid, rank AS score FROM lexical WHERE lexical MATCH ?"


def document_frequencies(db: sqlite3.Connection, terms: Iterable[str], memory: Memory) -> dict[str, int]:
    """For each distinct term: chunks that hold it in any field."""
    known = memory.document_frequency
    frequencies = {}
    for term in terms:
        if term not in known:
            known[term] = 0
            if _clean(term):
                for (count,) in db.execute("SELECT doc FROM term WHERE term = ?", (term,)):
                    known[term] = count
        frequencies[term] = known[term]
    return frequencies


def best_matches(
    db: sqlite3.Connection,
    memory: Memory,
    frequencies: dict[str, int],
    allowed: Allowed,
    limit: int,
    *,
    least: int = 1,
) -> dict[int, float]:
    """Chunk → score (greater is better) of the `limit` best allowed chunks. Where fewer than `least` hold one of the
    rarest terms, also those that hold others."""
    terms = sorted((term for term, count in frequencies.items() if count), key=frequencies.__getitem__)
    terms = terms[:TERMS_SCORED]
    if not terms or limit <= 0:
        return {}
    if not allowed.everything:
        # A method of a C type: no Python frame for each of the thousands of calls.
        db.create_function("allowed", 1, allowed.lookup.__getitem__, deterministic=True)
    bound = max(POSTINGS_SCORED, int(SHARE_SCORED * memory.chunks))
    drivers, postings = 1, frequencies[terms[0]]
    while True:
        while drivers < len(terms) and postings + frequencies[terms[drivers]] <= bound:
            postings += frequencies[terms[drivers]]
            drivers += 1
        found = _best(db, memory, terms, drivers, allowed, limit)
        if len(found) >= least or drivers == len(terms):
            return found
        while postings + frequencies[terms[drivers]] > bound:
            bound *= WIDENED


def _best(
    db: sqlite3.Connection, memory: Memory, terms: list[str], drivers: int, allowed: Allowed, limit: int
) -> dict[int, float]:
    """The best of those that hold one of the first so many terms."""
    query = _any_of(terms[:drivers])
    if drivers < min(TELLING_TERMS, len(terms)):
        query = f"({query}) AND ({_any_of(terms)})"
    weights = _weights(memory.terms / memory.chunks)
    rows: list[tuple[int, float]] = []
    if weights is not None:
        scored, wanted = _SCORED.format(weights=", ".join(map(str, weights))), [query]
        scored += "" if allowed.everything else " AND allowed(rowid)"
        rows = db.execute(f"{scored} ORDER BY score LIMIT ?", (*wanted, limit + SPARE)).fetchall()
    if weights is None or any(score is None for _, score in rows):
        scored, wanted = _by_presence(terms), [*map(_quoted, terms), query]
        scored += "" if allowed.everything else " HAVING allowed(rowid)"
        rows = db.execute(f"{scored} ORDER BY score LIMIT ?", (*wanted, limit + SPARE)).fetchall()
    if len(rows) <= limit:
        return {chunk: -score for chunk, score in rows}
    last = rows[limit - 1][1]
    kept = {chunk: -score for chunk, score in rows if score < last}
    if len(rows) == limit + SPARE and rows[-1][1] == last:
        (same,) = columns(db, ("rowid",), f"({scored}) WHERE score = ?", (*wanted, last))
        equal = same.tolist()
    else:
        equal = [chunk for chunk, score in rows if score == last]
    for chunk in first_by_place(db, equal, limit - len(kept)):
        kept[chunk] = -last
    return kept


def _weights(average_terms: float) -> list[float] | None:
    """The arguments for bm25() that make it BM25 without normalisation by length.

    Looking up each chunk's length would take two thirds of bm25()'s time, and finds no more among the best 200 on the
    benchmarks (functions .88 with, .89 without; files 1.00). So the index stores no lengths. FTS5 then takes the length
    of each column for -1, and so scores w * f * (k1 + 1) / (w * f + base) with one `base` for all chunks, which may
    even be negative. With w in proportion to it, it cancels out. None if it is 0: where chunks have twelve terms on
    average.
    """
    base = _K1 * (1 - _B - _B * len(WEIGHTS) / average_terms)
    return [weight * base / SATURATION for weight in WEIGHTS] if abs(base) > _NO_BASE else None


def _by_presence(terms: Sequence[str]) -> str:
    """The statement for BM25 where a second occurrence adds nothing: each term is asked for alone, so that it is never
    missing. Its parameters are the terms, and what must match."""
    each = " UNION ALL ".join([_OF_ONE_TERM] * len(terms))
    return (
        f"SELECT rowid, sum(score) AS score FROM ({each}) "  # noqa: S608 (constants)
        "WHERE rowid IN (SELECT rowid FROM lexical WHERE lexical MATCH ?) GROUP BY rowid"
    )


def _any_of(terms: Sequence[str]) -> str:
    return " OR ".join(map(_quoted, terms))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _clean(term: str) -> bool:
    """Terms of our tokenizer always are; NUL and lone surrogates must not reach FTS5's query parser."""
    return term.isprintable()
