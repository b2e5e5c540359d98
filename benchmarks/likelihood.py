"""Maximum-likelihood weights of a linear ranking: each answer against all candidates of its query.

The chance of a candidate is the softmax of its query's scores; an answer is found by any of the chunks that meet it.
That is smooth and has few maxima, so a fit takes a second, and what it finds carries over to other repositories:
climbing on from there by NDCG itself, in steps or smoothed, gained on the repositories it saw and lost on those it did
not (held out, files .854 to .852, functions .692 to .687).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARPNESS = 6.0
"""Of the softmax: a score that is 1/6 higher makes a candidate e times as likely."""

MOST_ITERATIONS = 60

Vector = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Table:
    """The candidates of many queries, one below the other; those of a query stand together."""

    features: NDArray[np.float32]
    """shape (candidates, features)"""
    starts: Integers
    """where each query's candidates begin"""
    query: Integers
    """shape (candidates,): which query each is of"""
    meeting: Integers
    """candidates that meet an answer, answer by answer"""
    answer_starts: Integers
    """where each answer's begin in `meeting`; only answers that something meets"""
    answer_query: Integers
    answer_share: Vector
    """of the objective; they sum to 1 at most"""


def table(features: Sequence[NDArray[np.float32]], met: Sequence[Sequence[int]], shares: Vector) -> Table:
    """From each query's features, shape (candidates, features), and the answers that each candidate meets, as bits."""
    starts = np.cumsum([0, *map(len, features[:-1])])
    meeting: list[int] = []
    answer_starts, answer_query, answer_share = [], [], []
    for query, (start, bits, share) in enumerate(zip(starts.tolist(), met, shares.tolist(), strict=True)):
        every = 0
        for some in bits:
            every |= some
        answers = [1 << i for i in range(every.bit_length()) if every >> i & 1]
        for answer in answers:
            answer_starts.append(len(meeting))
            answer_query.append(query)
            answer_share.append(share / len(answers))
            meeting += [start + i for i, some in enumerate(bits) if some & answer]
    return Table(
        features=np.concatenate(features),
        starts=starts,
        query=np.repeat(np.arange(len(features)), [len(each) for each in features]),
        meeting=np.array(meeting, np.intp),
        answer_starts=np.array(answer_starts, np.intp),
        answer_query=np.array(answer_query, np.intp),
        answer_share=np.array(answer_share) / shares.sum(),
    )


def likeliest(of: Table, near: Vector, bounds: Sequence[tuple[float, float]], ridge: float) -> Vector:
    """The weights of the greatest likelihood, less `ridge` times the squared distance from `near`."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # half a second for who only reads weights

    of_meeting = np.repeat(
        np.arange(len(of.answer_starts)), np.diff(np.append(of.answer_starts, len(of.meeting)))
    )
    total = np.bincount(of.answer_query, of.answer_share, minlength=len(of.starts))

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = of.features @ weights.astype(np.float32)
        odds = np.exp(scores - np.maximum.reduceat(scores, of.starts)[of.query]).astype(np.float64)
        every = np.add.reduceat(odds, of.starts)
        right = np.add.reduceat(odds[of.meeting], of.answer_starts)
        apart = weights - SHARPNESS * near
        value = ridge * float(apart @ apart)
        value -= float(of.answer_share @ np.log(right / every[of.answer_query]))
        slope = (total / every)[of.query] * odds
        slope -= np.bincount(
            of.meeting, (of.answer_share / right)[of_meeting] * odds[of.meeting], minlength=len(odds)
        )
        gradient = slope.astype(np.float32) @ of.features
        return value, 2 * ridge * apart + gradient

    found = minimize(
        loss,
        SHARPNESS * near,
        jac=True,
        method="L-BFGS-B",
        bounds=[(low * SHARPNESS, high * SHARPNESS) for low, high in bounds],
        options={"maxiter": MOST_ITERATIONS},
    ).x
    weights: Vector = found / SHARPNESS
    return weights
