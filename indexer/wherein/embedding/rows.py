"""A model's vectors → rows of length 1."""

import numpy as np

from wherein.store.protocol import Embeddings


def unit_rows(vectors: Embeddings, dimension: int | None = None) -> Embeddings:
    """Rows of length 1, of their first `dimension` numbers: a model made for that (Matryoshka) has what matters most
    there. A row of zeros stays one."""
    rows: Embeddings = np.array(vectors[:, :dimension], np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=rows, where=lengths > 0)
    return rows
