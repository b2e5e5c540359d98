"""BM25F over the fields of a chunk, and how much of the query a chunk covers at all.

Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields (CIKM 2004): term frequencies are
weighted and length-normalised per field, summed, then saturated once.
"""

import numpy as np

from wherein.search.rank.pool import Features, Pool

# Effects are held out, files/functions, the weights fitted anew (.865/.715); differences below .002/.004 are noise.
K1 = 1.2
"""0.8 ±0/+.004, 1.8 +.001/±0."""
BODY_B, DOC_B = 0.6, 0.5
"""How strongly a long body or doc comment discounts its terms. Not at all: ±0/-.001 for bodies, +.002/-.004 for doc
comments; 0.8 for both, ±0."""
MEAN_BODY, MEAN_DOC = 120.0, 15.0
"""Terms; the middle of the benchmark's chunks. Constants keep the score of a chunk independent of its repository."""
SHORT_BODY, LONG_BODY = 12, 600
"""Terms: below is hardly code; from here on length promises no more. 6 for the first -.001/±0."""

LENGTH = 8.0
"""The logarithm of the length of what is long as can be, so that features compare."""

SYMBOL_WEIGHT = 6.0
"""None ±0/-.018, 3 -.001/-.014, 8 ±0/-.003."""
SIGNATURE_WEIGHT = 0.5
"""None ±0, 1 ±0/-.006."""
DOC_WEIGHT = 1.0
"""0.5 ±0/±0, 2 ±0/-.002."""
STEM_WEIGHT = 4.0
"""Of the file's name. None -.002/-.006, 2 ±0/-.003."""
FOLDER_WEIGHT = 0.5
"""None ±0, 1 +.001/+.004."""
OWNER_WEIGHT = 6.0
"""Of the names around the chunk's own, its class or module. Weights kept; functions, files, subjects of commits, doc
comments as questions: .746, .876, .354, .449 with none; .741, .878, .356, .455 with 2; .741, .878, .361, .461 with 7.
"""
IN_FOLDER = 0.5
"""How far a term is met that a folder's name alone has."""


def lexical_features(pool: Pool) -> Features:
    """`lexical`: BM25F as a share of what a perfect chunk would get; `coverage`: weight of the terms it has;
    `met`: of those that it, the names around it or its path have;
    `short`, `long`, `length`: its length, which BM25 discounts for what it alone makes likely, not for its promise."""
    counts = pool.counts
    body = counts.body / (1 - BODY_B + BODY_B * counts.body_length / MEAN_BODY)[:, None]
    doc = counts.doc / (1 - DOC_B + DOC_B * counts.doc_length / MEAN_DOC)[:, None]
    stem = pool.stem_terms[pool.files]
    folder = pool.folder_terms[pool.files]
    owner = pool.owner_terms
    frequency = (
        body
        + DOC_WEIGHT * doc
        + SIGNATURE_WEIGHT * counts.signature
        + SYMBOL_WEIGHT * counts.symbol
        + STEM_WEIGHT * stem
        + FOLDER_WEIGHT * folder
        + OWNER_WEIGHT * owner
    )
    saturated = frequency / (frequency + K1)
    own = np.minimum(counts.body + counts.doc + counts.signature + counts.symbol, 1)
    anywhere = np.maximum(np.maximum(own, owner), np.maximum(stem, IN_FOLDER * folder))
    return {
        "lexical": (saturated @ pool.weights).astype(np.float32),
        "coverage": (own @ pool.weights).astype(np.float32),
        "met": (anywhere @ pool.weights).astype(np.float32),
        "short": (counts.body_length < SHORT_BODY).astype(np.float32),
        "long": np.minimum(counts.body_length / LONG_BODY, 1.0),
        "length": np.log1p(counts.body_length) / LENGTH,
    }
