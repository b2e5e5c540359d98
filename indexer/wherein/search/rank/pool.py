"""A query's candidates, with what several ranking steps need of them, computed once."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wherein import tokens
from wherein.profile import TermCounts, find_terms
from wherein.quick_dataclass import dataclass
from wherein.remembered import Remembered
from wherein.search.by_place import by_place
from wherein.search.query import SEPARATOR, Query
from wherein.search.rank.expand import held, spoken_for
from wherein.search.rank.kinds import DEFINITIONS
from wherein.search.rank.paths import PathFacts, facts
from wherein.search.rank.term_weights import term_weights
from wherein.search.searched import Searched, together
from wherein.store.protocol import Candidate

REMEMBERED = 20_000
"""Names that stand around others."""

Column = NDArray[np.float32]
"""Shape (n,): one number for each candidate."""

Features = dict[str, Column]
"""Named columns, each from about 0 to 1, so that weights compare."""


@dataclass(slots=True)
class Pool:
    """n candidates for a query of t terms, ordered by repository, path and line: whatever the store's order, sums and
    ties come out the same."""

    query: Query
    searched: Sequence[Searched]
    """the repositories that they are from, and others that were searched"""
    frequencies: Mapping[str, int]
    """how many chunks in all these hold each term"""
    candidates: list[Candidate]
    weights: Column
    """shape (t,): how much each query term tells (its IDF), summing to 1"""
    counts: TermCounts
    """of the query's terms; an occurrence of a synonym counts as part of one"""
    definitions: list[int]
    """one for each candidate: the same for the parts of a long definition, which is cut between its statements"""
    described: NDArray[np.bool_] | None
    """shape (n, t): whether a description holds the term and the chunk itself does not; None if there are no
    descriptions"""
    compounds: NDArray[np.float32]
    """shape (n,): 1 if the symbol holds two neighbouring words of the query as one name"""
    files: NDArray[np.intp]
    """shape (n,): the candidate's file, as an index into `paths`; ascending"""
    firsts: NDArray[np.intp]
    """shape (files,): the first candidate of each file; the others follow it"""
    repositories: NDArray[np.intp]
    """shape (files,): which of `searched` each file is from; ascending"""
    paths: list[PathFacts]
    stem_terms: NDArray[np.float32]
    """shape (files, t): 1 if the file's name without its ending holds the term, less for a synonym"""
    folder_terms: NDArray[np.float32]
    """shape (files, t): the same for its folders' names"""
    parent_terms: NDArray[np.float32]
    """shape (files, t): the same for the name of its own folder"""
    owner_terms: NDArray[np.float32]
    """shape (n, t): the same for the names around the candidate's own: its class, its module"""
    nested: NDArray[np.intp]
    """shape (n,): how many names enclose the candidate's own"""

    def __len__(self) -> int:
        return len(self.candidates)


_profile = attrgetter("profile")


def make_pool(query: Query, searched: Sequence[Searched]) -> Pool:
    """Gather what ranking needs of the candidates from one repository, or from several together."""
    candidates, files, paths, files_of = _joined(searched)
    in_paths = list(map(facts, paths))
    frequencies, chunks = together(searched)
    terms = len(query.terms)
    more = tuple(synonym.term for synonym in query.synonyms)
    asked = (*query.terms, *more, *query.compounds)
    found = find_terms(list(map(_profile, candidates)), asked)
    found.forget([i for i, term in enumerate(asked) if frequencies.get(term) == 0])
    counts = spoken_for(found, terms, query.synonyms)
    compounds = found.in_symbol(slice(terms + len(more), None))
    spoken = (counts.body + counts.doc + counts.symbol).max(axis=0, initial=0) > 0
    described = _described(candidates, query.terms, counts)
    if described is not None:
        spoken |= described.any(axis=0)
    n = len(paths)
    owners, owner_of = _owners(candidates)
    around = [_around[each] for each in owners]
    named = held(
        [each.stem for each in in_paths]
        + [each.folders for each in in_paths]
        + [each.parent for each in in_paths]
        + [each.terms for each in around],
        query.terms,
        query.synonyms,
    )
    return Pool(
        query=query,
        searched=searched,
        frequencies=frequencies,
        candidates=candidates,
        weights=term_weights(query, frequencies, chunks, spoken),
        counts=counts,
        definitions=_definitions(candidates, files.tolist(), found.signatures.tolist()),
        described=described,
        compounds=compounds,
        files=files,
        firsts=np.searchsorted(files, np.arange(n)),
        repositories=np.repeat(np.arange(len(searched)), files_of),
        paths=in_paths,
        stem_terms=named[:n],
        folder_terms=named[n : 2 * n],
        parent_terms=named[2 * n : 3 * n],
        owner_terms=named[3 * n :][owner_of],
        nested=_nested(candidates, np.array([each.names for each in around])[owner_of]),
    )


def _joined(
    searched: Sequence[Searched],
) -> tuple[list[Candidate], NDArray[np.int64], list[str], list[int]]:
    """The candidates of all repositories by place, which file each is in, the paths of these, and how many files are of
    each repository."""
    candidates: list[Candidate] = []
    paths: list[str] = []
    numbers, files_of = [], []
    for each in searched:
        own, own_paths, own_files = by_place(each.retrieved.candidates)
        numbers.append(own_files + len(paths))
        files_of.append(len(own_paths))
        candidates += own
        paths += own_paths
    return candidates, np.concatenate(numbers), paths, files_of


def _described(
    candidates: list[Candidate], terms: Sequence[str], counts: TermCounts
) -> NDArray[np.bool_] | None:
    rows = [each.described for each in candidates]
    if not any(rows):
        return None
    from wherein.store.description import held as described_by

    own = counts.body + counts.doc + counts.signature + counts.symbol
    lacked: NDArray[np.bool_] = described_by(rows, terms) & (own == 0)
    return lacked


def _definitions(candidates: list[Candidate], files: list[int], signatures: list[int]) -> list[int]:
    """Overloads have other signatures; what is no definition is by itself."""
    numbers: dict[tuple[int, str, int], int] = {}
    return [
        numbers.setdefault((file, candidate.qualified_name, signature), i)
        if candidate.kind in DEFINITIONS and candidate.symbol
        else i
        for i, (candidate, file, signature) in enumerate(zip(candidates, files, signatures, strict=True))
    ]


def _owners(candidates: list[Candidate]) -> tuple[list[str], list[int]]:
    """What stands around the names of candidates, and which of it is around each one's."""
    places: dict[str, int] = {}
    around = [each.qualified_name.removesuffix(each.symbol) for each in candidates]
    of = [places.setdefault(each, len(places)) for each in around]
    return list(places), of


class _Around(NamedTuple):
    """What stands around a name, read once."""

    terms: frozenset[str]
    names: int


_around: Remembered[str, _Around] = Remembered(
    lambda around: _Around(frozenset(tokens.terms(around)), len(SEPARATOR.findall(around))), REMEMBERED
)


def _nested(candidates: list[Candidate], around: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many names stand around each one's own: what separates them may also stand in what is no identifier."""
    for i, each in enumerate(candidates):
        if each.symbol and not each.symbol.isidentifier():
            around[i] = len(SEPARATOR.findall(each.qualified_name))
    return around


def f1(recall: Column, precision: Column) -> Column:
    """The harmonic mean of recall and precision; 0 if both are 0."""
    mean: Column = 2 * recall * precision / np.maximum(recall + precision, np.float32(1e-6))
    return mean
