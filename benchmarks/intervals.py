"""How sure a mean over repositories is: what it is in other samples of them."""

from collections.abc import Iterable

import numpy as np

SAMPLES = 2000
"""Of repositories."""

HELD = (0.05, 0.95)
"""Quantiles: nine of ten samples lie between."""


def interval(of_repositories: Iterable[float]) -> tuple[float, float]:
    """The bounds that hold the mean in nine of ten samples, drawn with replacement, of the repositories' means."""
    each = np.array(list(of_repositories), np.float64)
    means = np.random.default_rng(0).choice(each, (SAMPLES, len(each))).mean(axis=1)
    low, high = np.quantile(means, HELD)
    return float(low), float(high)
