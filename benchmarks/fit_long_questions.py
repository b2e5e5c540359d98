#!/usr/bin/env python3
"""Fit what a long question's score consists of (`search/long_weights.toml`) to long texts and what was changed.

    benchmarks/fit_long_questions.py KEPT [KEPT ...] [--unseen KEPT ...] [--write]

KEPT is what long_questions.py kept, with a weight that is not 0 for each name. Weights are the likeliest near those of
readings that count alike and nothing beside (`start`), so that nothing of other texts is in them; whole repositories
are held out in turn, so that `held out` says what to expect elsewhere. `--unseen` is only measured. Needs scipy.
"""

import pickle
import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import console
from likelihood import likeliest, table
from long_questions import Asked, Place, differences, figures, means
from wherein.search import long_weights as at
from wherein.search.long import NAMES, TITLE, TITLE_AND_NAMES, WHOLE
from wherein.search.told import WHOLE_FILE, whole_files

NEARNESS = 0.02
"""How hard weights are held to those at the start."""

READINGS = (WHOLE, TITLE, TITLE_AND_NAMES, NAMES)

BY_HAND = {"place": 0.5, "file_traced": 0.2}
"""What only traces tell that stand among sentences: hardly a message of a commit has one."""

FOLDS = 4

HARM = ("of_document", "of_type", "outside_functions", "test", "example", "documentation")
"""What may only be taken off; all else may only be added."""

Vector = NDArray[np.float64]


def columns(asked: Asked, names: Sequence[str], weights: Vector) -> NDArray[np.float32]:
    """Shape (candidates, names): what is told of each, before it is weighed, with files as `weights` find them."""
    package = at.long_weights()
    rows = np.array(
        [[parts.get(name, 0.0) / package[name] for name in names] for _, parts in asked.found], np.float32
    ).reshape(len(asked.found), len(names))
    where = names.index(WHOLE_FILE)
    rows[:, where] = 0
    scores = rows @ weights
    keys = [(0, number) for number in range(len(rows))]
    files = [(0, place[0]) for place, _ in asked.found]
    shares = whole_files(keys, files, {key: {"": float(scores[key[1]])} for key in keys})
    rows[:, where] = [shares.get(key, 0.0) for key in keys]
    return rows


def ordered(asked: Asked, names: Sequence[str], weights: Vector) -> list[Place]:
    """Each definition once, by its score; what stands before all else first."""
    scores = columns(asked, names, weights) @ weights
    scores[[number for number, (_, parts) in enumerate(asked.found) if not parts]] = np.inf
    return list(dict.fromkeys(asked.found[i][0] for i in np.argsort(-scores, kind="stable")))


def start(names: Sequence[str]) -> Vector:
    """Weights before anything is learnt."""
    return np.array([1.0 if name in READINGS else BY_HAND.get(name, 0.0) for name in names])


def fitted(every: Sequence[Asked], names: Sequence[str], near: Vector) -> Vector:
    """The likeliest weights. Each repository counts by the square root of its questions."""
    weights = near
    told = [each for each in every if {place for place, _ in each.found} & set(each.gold)]
    number = Counter(each.repository for each in told)
    shares = np.array([number[each.repository] ** -0.5 for each in told])
    bounds = [
        (value, value) if name in BY_HAND else (-2.0, 0.0) if name in HARM else (0.0, 3.0)
        for name, value in zip(names, near, strict=True)
    ]
    for _ in range(2):  # how well files are found depends on the weights
        features = [columns(each, names, weights) for each in told]
        met = [
            [sum(1 << i for i, gold in enumerate(each.gold) if gold == place) for place, _ in each.found]
            for each in told
        ]
        weights = likeliest(table(features, met, shares), near, bounds, NEARNESS)
    return weights


def held_out(every: Sequence[Asked], names: Sequence[str], near: Vector) -> list[tuple[str, list[float]]]:
    """Figures of each under weights that its repository did not teach."""
    repositories = sorted({each.repository for each in every})
    random.Random(1).shuffle(repositories)
    rows = []
    for fold in range(FOLDS):
        out = set(repositories[fold::FOLDS])
        weights = fitted([each for each in every if each.repository not in out], names, near)
        rows += [
            (each.repository, figures(each, ordered(each, names, weights)))
            for each in every
            if each.repository in out
        ]
    return rows


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("kept", type=Path, nargs="+")
    parser.add_argument("--unseen", type=Path, nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    every, unseen = _kept(arguments.kept), _kept(arguments.unseen)
    names = list(at.long_weights())
    package = np.array([at.long_weights()[name] for name in names])
    weights = fitted(every, names, start(names))
    print("before  ", means(_figures(every, names, package)))
    print("held out", means(held_out(every, names, start(names))))
    print("fitted  ", means(_figures(every, names, weights)))
    if unseen:
        before, after = (_figures(unseen, names, each) for each in (package, weights))
        print("unseen, before", means(before))
        print("unseen, fitted", means(after))
        print("difference    ", differences(before, after))
    print(" ".join(f"{name} {value:.2f}" for name, value in zip(names, weights, strict=True)))
    if arguments.write:
        file = Path(at.__file__).with_name("long_weights.toml")
        text = file.read_text("utf-8")
        for name, value in zip(names, weights, strict=True):
            text = re.sub(rf"^{name} = .*$", f"{name} = {value:.2f}", text, flags=re.MULTILINE)
        file.write_text(text, "utf-8")


def _kept(files: Sequence[Path]) -> list[Asked]:
    return [each for file in files for each in pickle.loads(file.read_bytes())]


def _figures(every: Sequence[Asked], names: Sequence[str], weights: Vector) -> list[tuple[str, list[float]]]:
    return [(each.repository, figures(each, ordered(each, names, weights))) for each in every]


if __name__ == "__main__":
    main()
