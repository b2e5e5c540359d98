"""What every store must do, run against each of them: a further store joins by one more entry in PLACES."""

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from wherein.store.header import RENEW, SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Store
from wherein.store.redis.generations import registry

DIMENSION = 16
HEADER = Header(schema=SCHEMA, chunker="c1", tokenizer="t1", model="m1", dimension=DIMENSION)
REPOSITORY = "example.org/team/project"

PRELUDE = """
import numpy as np
from pathlib import Path
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Header, Retrieval

def open_here(mode="write"):
    where = Path(here["data_dir"])
    return open_store(here["url"], here["repository"], here["header"], data_dir=where, mode=mode)

def sample(path, text):
    record = ChunkRecord(1, 1, "function", "f", "f", (), ("f", "", "", "common"), b"")
    axis = np.eye(1, here["dimension"], dtype="float32")
    return FileVersion(path, "blob of " + text, "python", text, [record], axis)

axis = np.eye(1, 16, dtype="float32")[0]
"""


@dataclass
class Place:
    """Somewhere a store of REPOSITORY lives, for one test."""

    url: str | None
    data_dir: Path
    for_many: bool = False
    """whether every version of wherein has an index of its own in it"""

    def remedy(self, field: str) -> str:
        """Where the header of the only index that there is has another value of a field."""
        if not self.for_many:
            return RENEW
        return registry.BESIDE if field == "schema" else registry.OTHER_MODEL

    def open(self, mode="write", header=HEADER, *, replace=False) -> Store:
        return open_store(self.url, REPOSITORY, header, data_dir=self.data_dir, mode=mode, replace=replace)

    def start(self, script: str) -> subprocess.Popen[str]:
        """Run a script in another process, with PRELUDE before it."""
        values = {
            "url": self.url,
            "repository": REPOSITORY,
            "header": HEADER,
            "data_dir": str(self.data_dir),
            "dimension": DIMENSION,
        }
        source = PRELUDE + f"here = {values!r}\n" + textwrap.dedent(script)
        return subprocess.Popen(
            [sys.executable, "-c", source],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str) -> str:
        """Run a script in another process to its end; what it printed."""
        process = self.start(script)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return output


PLACES = {
    "embedded": lambda request: Place(None, request.getfixturevalue("tmp_path")),
    "redis": lambda request: Place(
        request.getfixturevalue("redis_url"), request.getfixturevalue("tmp_path"), for_many=True
    ),
}


FROM_AFAR = {
    "redis from afar": lambda request: Place(
        request.getfixturevalue("redis_url_from_afar"), request.getfixturevalue("tmp_path"), for_many=True
    ),
}
"""Beside PLACES where it matters whether a store is on this machine: other things are asked for in one breath."""


@pytest.fixture(params=sorted(PLACES))
def place(request):
    return (PLACES | FROM_AFAR)[request.param](request)


@pytest.fixture
def store(place):
    with place.open() as opened:
        yield opened


def make_record(start, end, symbol="", terms="", **fields):
    return ChunkRecord(
        start_line=start,
        end_line=end,
        kind=fields.get("kind", "function"),
        symbol=symbol,
        qualified_name=fields.get("qualified", symbol),
        names=fields.get("names", ()),
        streams=(symbol.lower(), fields.get("path_terms", ""), fields.get("doc", ""), terms),
        profile=fields.get("profile", b""),
    )


@pytest.fixture
def record():
    """record(start, end, symbol, "body terms", kind=…, qualified=…, names=…, doc=…, profile=…)."""
    return make_record


@pytest.fixture
def file():
    """file(path, text, records, blob=…, language=…, embeddings=…); without records one chunk of all lines."""

    def make(path, text="one\ntwo", records=None, *, terms="", symbol="", embeddings=None, **fields):
        if records is None:
            records = [make_record(1, text.count("\n") + 1, symbol, terms)] if "skip" not in fields else []
        if embeddings is None:
            embeddings = random_unit_vectors(len(records), seed=abs(hash((path, text))) % 1000)
        blob = fields.pop("blob", f"blob of {text}")
        language = fields.pop("language", "python")
        return FileVersion(path, blob, language, text, records, embeddings, **fields)

    return make


@pytest.fixture
def sample(file):
    """sample(path, text): one chunk `f` with the term `common`."""
    axis = np.eye(1, DIMENSION, dtype=np.float32)
    return lambda path, text: file(path, text, terms="common", symbol="f", embeddings=axis)


@pytest.fixture
def header():
    return HEADER


def random_unit_vectors(count, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def unit_vectors():
    return random_unit_vectors
