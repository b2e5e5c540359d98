"""The fit of ranking weights, on queries whose answer is known to be told by one feature."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import likelihood

FREE = [(-np.inf, np.inf)] * 2


@pytest.fixture
def queries():
    """Fifty queries of twenty candidates: the answer has the highest first feature; the second is noise."""
    random = np.random.default_rng(7)
    features = [random.random((20, 2)).astype(np.float32) for _ in range(50)]
    met = [[int(i == table[:, 0].argmax()) for i in range(20)] for table in features]
    return likelihood.table(features, met, np.ones(50))


def test_what_tells_the_answer_gets_the_weight(queries):
    telling, noise = likelihood.likeliest(queries, np.zeros(2), FREE, 0.001)
    assert telling > 5 * abs(noise)


def test_a_weight_stays_within_its_bounds(queries):
    weights = likelihood.likeliest(queries, np.zeros(2), [(-np.inf, 0.5), (0.2, np.inf)], 0.001)
    assert weights[0] <= 0.5
    assert weights[1] >= 0.2


def test_a_strong_ridge_keeps_the_weights_near_what_is_given(queries):
    assert likelihood.likeliest(queries, np.array([0.3, 0.7]), FREE, 1e4) == pytest.approx(
        [0.3, 0.7], abs=0.01
    )


def test_an_answer_that_nothing_meets_does_not_count():
    features = [np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)] * 2
    alone = likelihood.table(features[:1], [[1, 0]], np.ones(1))
    beside = likelihood.table(features, [[1, 0], [0, 0]], np.ones(2))
    of_both = likelihood.likeliest(beside, np.zeros(2), FREE, 0.01)
    assert np.sign(of_both) == pytest.approx(np.sign(likelihood.likeliest(alone, np.zeros(2), FREE, 0.01)))
