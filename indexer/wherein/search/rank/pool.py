"""The candidates of a query with what several ranking steps need of them, computed once."""

import math
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from wherein.profile import TermCounts, find_terms
from wherein.search.by_place import by_place
from wherein.search.query import Query
from wherein.search.rank.expand import held, spoken_for
from wherein.search.rank.kinds import DEFINITIONS
from wherein.search.rank.paths import PathFacts, facts
from wherein.store.protocol import Candidate, Retrieved

Column = NDArray[np.float32]
"""Shape (n,): one number a candidate."""

Features = dict[str, Column]
"""Named columns; each about 0 to 1, so that weights compare."""


@dataclass(slots=True)
class Pool:
    """n candidates of a query of t terms, ordered by path and line: whatever the store's order, sums and ties come out
    the same."""

    query: Query
    candidates: list[Candidate]
    weights: Column
    """shape (t,): what each query term tells (its IDF), summing to 1"""
    counts: TermCounts
    """of the query's terms; an occurrence of a synonym counts as a part of one"""
    definitions: list[int]
    """one a candidate: the same for the parts of a long definition, which is cut between its statements"""
    compounds: NDArray[np.float32]
    """shape (n,): 1 where the symbol holds two neighbouring words of the query as one name"""
    files: NDArray[np.intp]
    """shape (n,): the candidate's file, as an index into `paths`; ascending"""
    firsts: NDArray[np.intp]
    """shape (files,): the first candidate of each file; the others follow it"""
    paths: list[PathFacts]
    stem_terms: NDArray[np.float32]
    """shape (files, t): 1 where the file's name without its ending holds the term, less for a synonym"""
    folder_terms: NDArray[np.float32]
    """shape (files, t): the same of its folders' names"""
    parent_terms: NDArray[np.float32]
    """shape (files, t): the same of the name of its own folder"""

    def __len__(self) -> int:
        return len(self.candidates)


_profile = attrgetter("profile")


def make_pool(query: Query, retrieved: Retrieved) -> Pool:
    """Gather what ranking needs of the candidates."""
    candidates, paths, files = by_place(retrieved.candidates)
    in_paths = list(map(facts, paths))
    terms = len(query.terms)
    more = tuple(synonym.term for synonym in query.synonyms)
    found = find_terms(list(map(_profile, candidates)), (*query.terms, *more, *query.compounds))
    counts = spoken_for(found, terms, query.synonyms)
    compounds = found.in_symbol(slice(terms + len(more), None))
    spoken = (counts.body + counts.doc + counts.symbol).max(axis=0, initial=0) > 0
    n = len(paths)
    named = held(
        [each.stem for each in in_paths]
        + [each.folders for each in in_paths]
        + [each.parent for each in in_paths],
        query.terms,
        query.synonyms,
    )
    return Pool(
        query=query,
        candidates=candidates,
        weights=_term_weights(query, retrieved, spoken),
        counts=counts,
        definitions=_definitions(candidates, files.tolist(), found.signatures.tolist()),
        compounds=compounds,
        files=files,
        firsts=np.searchsorted(files, np.arange(n)),
        paths=in_paths,
        stem_terms=named[:n],
        folder_terms=named[n : 2 * n],
        parent_terms=named[2 * n :],
    )


def _definitions(candidates: list[Candidate], files: list[int], signatures: list[int]) -> list[int]:
    """Overloads have other signatures; what is no definition is by itself."""
    numbers: dict[tuple[int, str, int], int] = {}
    return [
        numbers.setdefault((file, candidate.qualified_name, signature), i)
        if candidate.kind in DEFINITIONS and candidate.symbol
        else i
        for i, (candidate, file, signature) in enumerate(zip(candidates, files, signatures, strict=True))
    ]


def f1(recall: Column, precision: Column) -> Column:
    """The harmonic mean of recall and precision; 0 where both are."""
    mean: Column = 2 * recall * precision / np.maximum(recall + precision, np.float32(1e-6))
    return mean


def _term_weights(query: Query, retrieved: Retrieved, spoken: NDArray[np.bool_]) -> Column:
    """BM25's IDF of each term, scaled to sum to 1. One that no chunk has tells as much as the others on average where a
    candidate holds a synonym (`spoken`), else nothing. A number tells at most as much as the words do on average: it is
    rare, and yet a table of numbers is no answer."""
    n = max(retrieved.chunk_count, 1)
    frequencies = [min(retrieved.document_frequency.get(term, 0), n) for term in query.terms]
    idf = np.array([math.log1p((n - df + 0.5) / (df + 0.5)) if df else 0.0 for df in frequencies], np.float32)
    words = (idf > 0) & ~np.array([term.isdigit() for term in query.terms], bool)
    if words.any():
        mean = idf[words].mean()
        idf[~words] = np.minimum(idf[~words], mean)
        idf[spoken & (idf == 0)] = mean
    elif spoken.any() and not idf.any():
        idf[spoken] = 1.0
    total = float(idf.sum())
    return idf / total if total > 0 else idf
