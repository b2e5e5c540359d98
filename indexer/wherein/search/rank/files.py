"""Evidence that a whole file is about the query: its name, and how many of its chunks match."""

from functools import lru_cache

import numpy as np

from wherein import tokens
from wherein.search.rank.expand import held
from wherein.search.rank.pool import Column, Features, Pool, f1

DEEPEST = 8
"""Folders; what lies deeper is a detail all the same."""

RUNNERS_UP = 4
"""Chunks beside a file's best that speak for it, each half as loud as the one before."""

SYMBOL_WEIGHT = 2.0
STEM_WEIGHT = 4.0
SATURATION = 6.0
"""Of a term in all candidates of a file together, as K1 is in one chunk."""


def file_features(pool: Pool, chunks: Features) -> Features:
    """`stem`: the query's terms in the file's name; `folder`: in its folders; `parent`: F1 with the
    name of its own folder; `coherence`: how well the file's
    chunks match together, from the features of its `chunks`; `file_coverage`, `file_lexical`,
    `file_semantic`: as for a chunk, of all the file's candidates together; `best_lexical`, `best_semantic`: the
    chunk's own, where no other of its file has more (which keeps a file from answering with all it has)."""
    stem_size = np.array([_stem_size(path) for path in pool.paths], np.float32)
    recall = pool.stem_terms @ pool.weights
    precision = np.minimum(pool.stem_terms.sum(axis=1) / stem_size, 1.0)
    folder = pool.folder_terms @ pool.weights
    coherence = _coherence(pool, chunks["lexical"] + chunks["semantic"] ** 2)
    frequency = np.zeros((len(pool.paths), len(pool.weights)), np.float32)
    np.add.at(frequency, pool.files, pool.counts.body + pool.counts.doc + SYMBOL_WEIGHT * pool.counts.symbol)
    covered = np.minimum(frequency, 1) @ pool.weights
    frequency += STEM_WEIGHT * pool.stem_terms + pool.folder_terms
    lexical = (frequency / (frequency + SATURATION)) @ pool.weights
    semantic = _highest(pool, chunks["semantic"])
    columns = {
        "stem": f1(recall, precision),
        "stem_precision": precision,
        "depth": np.array([min(path.count("/"), DEEPEST) / DEEPEST for path in pool.paths], np.float32),
        "folder": folder,
        "parent": _parent(pool),
        "coherence": coherence,
        "file_coverage": covered,
        "file_lexical": lexical,
        "file_semantic": semantic,
    }
    features = {name: column[pool.files].astype(np.float32) for name, column in columns.items()}
    return features | {f"best_{name}": _best_of_file(pool, chunks[name]) for name in ("lexical", "semantic")}


def _parent(pool: Pool) -> Column:
    """Shape (files,): F1 of the query's terms and the name of the file's own folder."""
    parents = [parent_terms(path) for path in pool.paths]
    terms = held(parents, pool.query.terms, pool.query.synonyms)
    size = np.array([max(len(parent), 1) for parent in parents], np.float32)
    return f1(terms @ pool.weights, np.minimum(terms.sum(axis=1) / size, 1.0))


def _best_of_file(pool: Pool, column: Column) -> Column:
    """The column where it is the file's highest, 0 elsewhere."""
    return np.where(column >= _highest(pool, column)[pool.files], column, np.float32(0))


def _highest(pool: Pool, column: Column) -> Column:
    """Shape (files,): the highest of each file's chunks."""
    highest = np.zeros(len(pool.paths), np.float32)
    np.maximum.at(highest, pool.files, column)
    return highest


def _coherence(pool: Pool, base: Column) -> Column:
    # Plain lists: numpy takes a tenth of a microsecond for each number that Python asks it for.
    totals, seen = [0.0] * len(pool.paths), [0] * len(pool.paths)
    order = np.argsort(-base, kind="stable")
    for file, value in zip(pool.files[order].tolist(), base[order].tolist(), strict=True):
        if seen[file] <= RUNNERS_UP:
            totals[file] += value * 0.5 ** seen[file]
            seen[file] += 1
    total = np.array(totals, np.float32)
    best = float(total.max()) if len(total) else 0.0
    return total / best if best > 0 else total


@lru_cache(maxsize=20_000)
def parent_terms(path: str) -> frozenset[str]:
    """The terms of the name of the folder that a file is in."""
    return frozenset(tokens.terms(path.rpartition("/")[0].rpartition("/")[2]))


@lru_cache(maxsize=20_000)
def _stem_size(path: str) -> int:
    """The words of a file's name; 1 where it has none."""
    return max(len(stem_words(path)), 1)


def stem_words(path: str) -> list[str]:
    """The words of a file's name without its ending."""
    return tokens.words(path.rsplit("/", 1)[-1].split(".")[0])
