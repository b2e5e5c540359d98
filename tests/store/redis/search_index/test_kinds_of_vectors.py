"""Vectors in bytes where the server has them, asked when an index is made; else in halves."""

import numpy as np
import pytest
from redis.exceptions import ResponseError

from wherein.errors import ConfigError
from wherein.store.open import open_store
from wherein.store.redis.chunks import chunk

DIMENSION = 256


@pytest.mark.parametrize(("kind", "within"), [("float32", 1e-6), ("float16", 0.001), ("int8", 0.01)])
def test_cosines_of_stored_vectors_are_nearly_those_of_the_vectors(kind, within):
    vectors = np.random.default_rng(7).normal(size=(200, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    stored = [chunk.vector(vector, kind) for vector in vectors]
    back = np.array([chunk.embedding(each, kind, DIMENSION) for each in stored])
    assert len(stored[0]) == DIMENSION * np.dtype(chunk.DTYPES[kind]).itemsize
    assert np.abs(back @ back.T - vectors @ vectors.T).max() < within
    assert chunk.vector(np.zeros(DIMENSION, np.float32), kind) is None


@pytest.fixture
def offers_bytes(redis_server):
    with redis_server.client() as client:
        try:
            client.execute_command(
                *("FT.CREATE", "tried", "ON", "HASH", "PREFIX", 1, "tried:", "SCHEMA", "e", "VECTOR"),
                *("FLAT", 6, "TYPE", "INT8", "DIM", 8, "DISTANCE_METRIC", "COSINE"),
            )
        except ResponseError:
            return False
        client.execute_command("FT.DROPINDEX", "tried")
        return True


def test_an_index_has_the_smallest_vectors_that_its_server_offers(redis_url, header, tmp_path, offers_bytes):
    with open_store(redis_url, "r", header, data_dir=tmp_path, mode="write") as store:
        assert store._index.session.vectors == ("int8" if offers_bytes else "float16")


def test_who_asks_for_a_kind_that_the_server_lacks_is_told(redis_url, header, tmp_path, offers_bytes):
    if offers_bytes:
        pytest.skip("this server lacks none")
    with pytest.raises(ConfigError, match="vectors=int8"):
        open_store(f"{redis_url}&vectors=int8", "r", header, data_dir=tmp_path, mode="write")
