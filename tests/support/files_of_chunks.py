"""Files as a store takes them, for tests to which it does not matter what is in them."""

import numpy as np

from wherein.store.protocol import ChunkRecord, FileVersion


def file_of(name: str, chunks: int, dimension: int) -> FileVersion:
    """A file of functions of one line each, all of which have its name and "common" as their words."""
    records = [
        ChunkRecord(i + 1, i + 1, "function", f"{name}{i}", f"{name}{i}", (), (name, "", "", "common"), b"")
        for i in range(chunks)
    ]
    vectors = np.eye(dimension, dtype=np.float32)[[i % dimension for i in range(chunks)]]
    return FileVersion(f"{name}.py", f"blob {name}", "python", "\n" * chunks, records, vectors)
