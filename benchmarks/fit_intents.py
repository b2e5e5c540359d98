#!/usr/bin/env python3
"""Find what the form of a query tells of its intent: a logistic regression over its cues.

    benchmarks/fit_intents.py HOME [HOME ...] [--data-dir DIR] [--write]

What a query asks for is nowhere written down; but whether its answer is worth more with the weights of an action or
with those of a topic can be measured. So the cues' weights are those with which the answers are worth most in all.
Judged, as fit_weights.py does, on repositories that were held out; that one is to be run anew afterwards. Needs scipy.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

import console
from fit_weights import FOLDS, SEEDS, Case, collect, packaged, tell
from wherein.config.settings import Settings
from wherein.search import intent as package
from wherein.search.intent import Intent, cues

RIDGE = 0.0003
"""0.001 costs .001 of files, 0.003 .06 of them."""
SHARPNESS = 2.0
"""The cues' weights are multiplied by it afterwards: what is likely counts as nearly sure. 1 costs .006 of files held
out and .005 of functions, 4 gains .002 and loses .002."""
STARTS = 3
PROMISED = {"verb": 2.3, "question": 2.3}
"""Weights that are at least so strong (before they are sharpened): what begins so asks for an action, however short.
The benchmarks have few such queries."""

Vector = NDArray[np.float64]


def fitted(names: Sequence[str], table: Vector, gains: Vector, shares: Vector) -> Vector:
    """The weights of the cues, shape (cues,). `table` has shape (queries, cues), `gains` tells how much more each
    answer is worth as an action's, `shares` how much each query counts."""
    shares = shares / shares.sum()

    def loss(weights: Vector) -> tuple[float, Vector]:
        action = 1 / (1 + np.exp(-table @ weights))
        slope = (shares * gains * action * (1 - action)) @ table
        own = np.append(0.0, weights[1:])
        return RIDGE * float(own @ own) - float((shares * gains) @ action), 2 * RIDGE * own - slope

    bounds = [(PROMISED.get(name, -np.inf), np.inf) for name in names]
    starts = [np.random.default_rng(seed).normal(0, 0.3, table.shape[1]) for seed in range(STARTS)]
    tries = [minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds) for start in starts]
    best: Vector = SHARPNESS * min(tries, key=lambda each: float(each.fun)).x
    return best


def held_out(
    names: Sequence[str], prose: Sequence[Case], table: Vector, gains: Vector, shares: Vector, seed: int
) -> Vector:
    """The odds of each query by cues that were weighed without its repository."""
    repositories = sorted({case.question.repository for case in prose})
    np.random.default_rng(seed).shuffle(repositories)
    odds = np.zeros(len(prose))
    for fold in range(FOLDS):
        out = np.array([case.question.repository in repositories[fold::FOLDS] for case in prose])
        odds[out] = table[out] @ fitted(names, table[~out], gains[~out], shares[~out])
    return odds


def with_odds(cases: Sequence[Case], prose: Sequence[Case], odds: Vector) -> list[Case]:
    """The cases, those in prose with other intents."""
    told = {
        id(case): {Intent.ACTION: share, Intent.TOPIC: 1 - share}
        for case, share in zip(prose, (1 / (1 + np.exp(-odds))).tolist(), strict=True)
    }
    return [replace(case, intents=told.get(id(case), case.intents)) for case in cases]


def write(weights: Mapping[str, float]) -> None:
    """Put them in their place in the package."""
    file = Path(package.__file__).with_suffix(".toml")
    lines = "".join(f"{name} = {weight:.2f}\n" for name, weight in weights.items())
    file.write_text(re.sub(r"(?<=\[weights\]\n).*", lines, file.read_text("utf-8"), flags=re.DOTALL), "utf-8")


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings(), data_dir=arguments.data_dir or Path(temporary))
        cases, names = collect(arguments.homes, settings, ())
    weights = packaged(names)
    prose = [case for case in cases if case.intent is not Intent.SYMBOL]
    told = [cues(case.question.query) for case in prose]
    names_of = list(told[0])
    table = np.array([list(each.values()) for each in told])
    gains = np.array(
        [case.worth_of(weights[Intent.ACTION]) - case.worth_of(weights[Intent.TOPIC]) for case in prose]
    )
    shares = np.array([case.share for case in prose])
    tell("shipped", [(case, case.worth(weights)) for case in cases])
    for seed in range(SEEDS):
        of_others = with_odds(cases, prose, held_out(names_of, prose, table, gains, shares, seed))
        tell("held out", [(case, case.worth(weights)) for case in of_others])
    found = dict(zip(names_of, fitted(names_of, table, gains, shares).tolist(), strict=True))
    print("\n" + "\n".join(f"{name} = {weight:.2f}" for name, weight in found.items()))
    if arguments.write:
        write(found)


if __name__ == "__main__":
    main()
