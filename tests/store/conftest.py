"""Embedded stores with something in them."""

import numpy as np
import pytest

from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header

HEADER = Header(SCHEMA, "c1", "t1", "m1", dimension=8)
REPOSITORY = "github.com/psf/requests"


@pytest.fixture
def header():
    return HEADER


@pytest.fixture
def version():
    """version(path, text, body): a file of one chunk."""

    def make(path, text="text", body="common words"):
        records = [
            ChunkRecord(1, text.count("\n") + 1, "function", "run", "run", (), ("run", "", "", body), b"")
        ]
        return FileVersion(
            path, f"blob of {text}", "python", text, records, np.ones((1, 8), np.float32) / 8**0.5
        )

    return make


@pytest.fixture
def open_embedded(tmp_path):
    """open_embedded(mode, replace=…) in the test's folder."""

    def opened(mode="write", **options):
        return open_store(None, REPOSITORY, HEADER, data_dir=tmp_path, mode=mode, **options)

    return opened


@pytest.fixture
def filled(open_embedded, version, tmp_path):
    """The path of a closed index of 200 files, a hundred kilobytes or more."""
    files = [version(f"src/{i}.py", f"{i}\n{'x y z ' * i}", f"word{i} common") for i in range(200)]
    with open_embedded() as store:
        store.write("main", put=files, commit="1", complete=True)
    (path,) = (tmp_path / "indexes").glob("*.db")
    return path
