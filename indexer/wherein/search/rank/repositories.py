"""Evidence that a repository is about the query, if several are searched."""

from collections.abc import Sequence

import numpy as np

from wherein import tokens
from wherein.search.query import Query
from wherein.search.rank.pool import Column, Features, Pool
from wherein.search.searched import Searched

DENSITY, REPOSITORY = "density", "repository"

WEIGHTS = {DENSITY: 0.4, REPOSITORY: 0.3}
"""The same for every intent: chosen on the shared questions, asked of 52 repositories, where the right answer was first
to .620 of the questions for files and .400 of those for functions without them, .641 and .450 with them. The density
alone: .635 and .433."""

RARITY = 0.5
"""The power of the share of chunks that hold a term. 1 prefers what is common in a small repository (first: .625 and
.417), 0.25 nearly only asks whether a term is there at all (.651 and .433)."""


def repository_features(pool: Pool) -> Features:
    """`density`: how large a share of the repository's chunks holds the query's terms, of the repository where it is
    largest; `repository`: 1 if the query calls it by its name. Of one repository alone they tell nothing."""
    if len(pool.searched) == 1:
        return {}
    of_files = pool.repositories
    named = np.array(are_named([each.repository for each in pool.searched], pool.query), np.float32)
    dense = _densities(pool.query, pool.searched, pool.weights)
    dense /= max(float(np.max(dense)), 1e-6)
    return {DENSITY: dense[of_files][pool.files], REPOSITORY: named[of_files][pool.files]}


def _densities(query: Query, searched: Sequence[Searched], weights: Column) -> Column:
    """Shape (repositories,)."""
    shares = np.array(
        [
            [
                each.retrieved.document_frequency.get(term, 0) / max(each.retrieved.chunk_count, 1)
                for term in query.terms
            ]
            for each in searched
        ],
        np.float32,
    )
    found: Column = np.minimum(shares, 1) ** np.float32(RARITY) @ weights
    return found


def are_named(repositories: Sequence[str], query: Query) -> list[bool]:
    """Which of them the query calls by name: all words of its name, or of its owner's, stand there. Where those of a
    longer name do ("zig-clap"), they are no word of a shorter one ("clap")."""
    said = frozenset(query.words)
    called = [[words for words in _names(each) if words <= said] for each in repositories]
    every = {words for names in called for words in names}
    whole = {words for words in every if not any(words < other for other in every)}
    return [not whole.isdisjoint(names) for names in called]


def _names(repository: str) -> list[frozenset[str]]:
    """The words of each of its names."""
    *above, name = repository.rstrip("/").split("/")
    names = [name.partition("@")[0]]  # folder@commit
    if len(above) > 1 and above[0]:  # host/owner/name, not a path
        names.append(above[-1])
    return [frozenset(words) for name in names if (words := tokens.words(name))]
