"""The best chunks for a set of terms, by FTS5's BM25."""

import sqlite3
from collections.abc import Iterable, Sequence

from wherein.store.sqlite.memory import Allowed, Memory

WEIGHTS = (3.0, 2.0, 1.0, 1.0)
"""bm25() weights of symbol, path, doc, body."""

POSTINGS_SCORED = 6_000
"""A chunk must hold one of the rarest terms: of as many as have this many postings together. All terms count
in its score, which takes bm25() 0.6 us a chunk. On benchmark repositories of 3,000 to 23,000 chunks this finds
as much among the best 200 as no bound does (recall 1.00), half of it a little less (.988). Leaving out every
term that a fifth of the chunks hold costs more (functions: .88 to .81)."""

TERMS_SCORED = 48
"""The rarest so many of a longer query's terms are used: a pasted file is no reason to stall."""


def document_frequencies(db: sqlite3.Connection, terms: Iterable[str], memory: Memory) -> dict[str, int]:
    """For each distinct term: chunks that hold it in any field."""
    known = memory.document_frequency
    frequencies = {}
    for term in terms:
        if term not in known:
            row = (
                db.execute("SELECT doc FROM term WHERE term = ?", (term,)).fetchone()
                if _clean(term)
                else None
            )
            known[term] = row[0] if row else 0
        frequencies[term] = known[term]
    return frequencies


def best_matches(
    db: sqlite3.Connection, frequencies: dict[str, int], allowed: Allowed, everything: bool, limit: int
) -> dict[int, float]:
    """Chunk → score (greater is better) of the `limit` best allowed chunks.

    `everything` says that no chunk of the store is left out, so that none needs to be asked for.
    """
    terms = sorted((term for term, count in frequencies.items() if count), key=frequencies.__getitem__)
    terms = terms[:TERMS_SCORED]
    if not terms or limit <= 0:
        return {}
    drivers, postings = 1, frequencies[terms[0]]
    while drivers < len(terms) and postings + frequencies[terms[drivers]] <= POSTINGS_SCORED:
        postings += frequencies[terms[drivers]]
        drivers += 1
    query = (
        _any_of(terms) if drivers == len(terms) else f"({_any_of(terms[:drivers])}) AND ({_any_of(terms)})"
    )
    if not everything:
        # A method of a C type: no Python frame for each of the thousands of calls.
        db.create_function("allowed", 1, allowed.lookup.__getitem__, deterministic=True)
    weights = ", ".join(map(str, WEIGHTS))
    rows = db.execute(
        f"SELECT rowid, bm25(lexical, {weights}) AS score FROM lexical "  # noqa: S608 (constants)
        f"WHERE lexical MATCH ?{'' if everything else ' AND allowed(rowid)'} ORDER BY score LIMIT ?",
        (query, limit),
    )
    return {chunk: -score for chunk, score in rows}


def _any_of(terms: Sequence[str]) -> str:
    return " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)


def _clean(term: str) -> bool:
    """Terms of our tokenizer always are; NUL and lone surrogates must not reach FTS5's query parser."""
    return term.isprintable()
