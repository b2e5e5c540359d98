import numpy as np
import pytest

from wherein.store.int8 import best, pack
from wherein.store.sqlite.vectors import unpack


@pytest.mark.parametrize("dimension", [8, 256, 1024])
def test_cosines_of_packed_vectors_are_those_of_the_floats(dimension):
    vectors = np.random.default_rng(1).standard_normal((500, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    packed = np.array([unpack(row.tobytes()) for row in pack(vectors)])
    assert np.abs(packed @ packed[0] - vectors @ vectors[0]).max() < 0.01
    assert np.linalg.norm(packed, axis=1) == pytest.approx(np.ones(500), abs=1e-5)


def test_a_vector_of_zeros_stays_one():
    assert not pack(np.zeros((2, 8), np.float32)).any()
    assert not unpack(bytes(8)).any()


def test_no_vectors_pack_to_none():
    assert pack(np.empty((0, 8), np.float32)).shape == (0, 8)


@pytest.mark.parametrize("many", [1_000, 50_000])
def test_the_best_are_the_greatest(many):
    scores = np.random.default_rng(2).permutation(many).astype(np.float32)
    above, equal = best(scores, 10)
    assert sorted(scores[above]) == list(range(many - 9, many))
    assert scores[equal].tolist() == [many - 10]


def test_of_few_all_are_the_best():
    above, equal = best(np.ones(5, np.float32), 10)
    assert (above.tolist(), equal.tolist()) == ([0, 1, 2, 3, 4], [])


def test_what_equals_the_last_of_the_best_is_told_apart():
    scores = np.array([1, 3, 2, 2, 5, 2], np.float32)
    above, equal = best(scores, 3)
    assert (sorted(above.tolist()), equal.tolist()) == ([1, 4], [2, 3, 5])
