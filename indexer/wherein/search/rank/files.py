"""Evidence that a whole file is about the query: its name, and how many of its chunks match."""

from functools import lru_cache

import numpy as np

from wherein import tokens
from wherein.search.rank.pool import Column, Features, Pool, f1

RUNNERS_UP = 4
"""Chunks beside a file's best that speak for it, each half as loud as the one before."""

SYMBOL_WEIGHT = 2.0
STEM_WEIGHT = 4.0
SATURATION = 6.0
"""Of a term in all candidates of a file together, as K1 is in one chunk."""


def file_features(pool: Pool, chunks: Features) -> Features:
    """`stem`: the query's terms in the file's name; `folder`: in its folders; `coherence`: how well the file's
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
    covered = (frequency > 0) @ pool.weights
    frequency += STEM_WEIGHT * pool.stem_terms + pool.folder_terms
    lexical = (frequency / (frequency + SATURATION)) @ pool.weights
    semantic = _highest(pool, chunks["semantic"])
    columns = {
        "stem": f1(recall, precision),
        "folder": folder,
        "coherence": coherence,
        "file_coverage": covered,
        "file_lexical": lexical,
        "file_semantic": semantic,
    }
    features = {name: column[pool.files].astype(np.float32) for name, column in columns.items()}
    return features | {f"best_{name}": _best_of_file(pool, chunks[name]) for name in ("lexical", "semantic")}


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
def _stem_size(path: str) -> int:
    """The words of a file's name; 1 where it has none."""
    return max(len(stem_words(path)), 1)


def stem_words(path: str) -> list[str]:
    """The words of a file's name without its ending."""
    return tokens.words(path.rsplit("/", 1)[-1].split(".")[0])
