"""Evidence that a whole file is about the query: its name, and how many of its chunks match."""

import numpy as np

from wherein.search.rank.pool import Column, Features, Pool, f1

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
    stem_size = np.array([path.stem_size for path in pool.paths], np.float32)
    parent_size = np.array([len(path.parent) or 1 for path in pool.paths], np.float32)
    depth = np.array([path.depth for path in pool.paths], np.float32)
    recall = pool.stem_terms @ pool.weights
    precision = np.minimum(pool.stem_terms.sum(axis=1) / stem_size, 1.0)
    parent_precision = np.minimum(pool.parent_terms.sum(axis=1) / parent_size, 1.0)
    counts = pool.counts
    frequency = np.add.reduceat(counts.body + counts.doc + SYMBOL_WEIGHT * counts.symbol, pool.firsts, axis=0)
    covered = np.minimum(frequency, 1) @ pool.weights
    frequency += STEM_WEIGHT * pool.stem_terms + pool.folder_terms
    lexical = (frequency / (frequency + SATURATION)) @ pool.weights
    best = {name: np.maximum.reduceat(chunks[name], pool.firsts) for name in ("lexical", "semantic")}
    columns = {
        "stem": f1(recall, precision),
        "stem_precision": precision,
        "depth": depth,
        "folder": pool.folder_terms @ pool.weights,
        "parent": f1(pool.parent_terms @ pool.weights, parent_precision),
        "coherence": _coherence(pool, match(chunks)),
        "file_coverage": covered,
        "file_lexical": lexical,
        "file_semantic": best["semantic"],
    }
    features = dict(zip(columns, np.array(list(columns.values()), np.float32)[:, pool.files], strict=True))
    for name, highest in best.items():
        column = chunks[name]
        features[f"best_{name}"] = np.where(column >= highest[pool.files], column, np.float32(0))
    return features


def match(chunks: Features) -> Column:
    """Shape (n,): how well each chunk matches by itself, by words and by meaning."""
    return chunks["lexical"] + chunks["semantic"] ** 2


def _coherence(pool: Pool, base: Column) -> Column:
    # Plain lists: numpy takes a tenth of a microsecond for each number that Python asks it for.
    totals, seen = [0.0] * len(pool.paths), [0] * len(pool.paths)
    order = np.argsort(-base, kind="stable")
    for file, value in zip(pool.files[order].tolist(), base[order].tolist(), strict=True):
        if seen[file] <= RUNNERS_UP:
            totals[file] += value * 0.5 ** seen[file]
            seen[file] += 1
    total = np.array(totals, np.float32)
    best = float(np.max(total, initial=0.0))
    return total / best if best > 0 else total
