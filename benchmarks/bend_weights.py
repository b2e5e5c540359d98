#!/usr/bin/env python3
"""Bend an action's ranking weights to what newcomers ask, by questions about repositories that may be learnt from.

    benchmarks/bend_weights.py ASKED [HOME ...] [--unseen HOME ...] [--keep DIR] [--write]

ASKED is the home of their questions (benchmarks/learning), the others are those that the weights were fitted to
(fit_weights.py). Weights are the likeliest ones near those in the package; whole repositories are held out, so that
`held out` says what to expect elsewhere. Homes after `--unseen` are only measured. Needs scipy.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import console
import fit_weights as fit
from likelihood import likeliest
from wherein.config.settings import Settings
from wherein.search.intent import Intent
from wherein.search.rank import score

NEARNESS = 0.01
"""How hard weights are held to those in the package. Held out, newcomers' questions (54 repositories, .290 before),
functions, files, subjects of commits: .309, .739, .880, .358 with .002; .314, .743, .880, .360 with this; .310, .743,
.879, .363 with .03."""
ASKED_SHARE = 2.0
"""Of newcomers' questions, beside 1 of files and of functions and a half of all subjects of commits. 1 gives .304,
.745, .879, .362; 4 .315, .731, .880, .358."""


def bent(
    cases: Sequence[fit.Case], names: Sequence[str], near: Mapping[Intent, fit.Weights]
) -> dict[Intent, fit.Weights]:
    """The weights of `near`, an action's bent to what is likely of the cases that ask for one."""
    intent = Intent.ACTION
    own = [case for case in cases if case.intents.get(intent, 0.0) >= fit.LEAST_SHARE]
    bounds = fit.bounds(names, fit.PROMISED[intent])
    weights = likeliest(fit.table_of(own, intent), near[intent][:-1], bounds, NEARNESS)
    return {**near, intent: np.append(weights, near[intent][-1])}


def held_out(
    cases: Sequence[fit.Case], names: Sequence[str], near: Mapping[Intent, fit.Weights], seed: int
) -> list[tuple[fit.Case, float]]:
    """What each case is worth under weights bent without its repository (or the others of its fold)."""
    scored = {}
    for out in fit.folds(cases, seed):
        weights = bent([case for case in cases if case.repository not in out], names, near)
        scored |= {id(case): case.worth(weights) for case in cases if case.repository in out}
    return [(case, scored[id(case)]) for case in cases]


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("asked", type=Path, metavar="ASKED")
    parser.add_argument("homes", nargs="*", type=Path, metavar="HOME")
    parser.add_argument("--unseen", nargs="+", type=Path, default=[], metavar="HOME")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings(), data_dir=arguments.data_dir or Path(temporary))
        cases, names = fit.collect([arguments.asked, *arguments.homes], settings, (), arguments.keep)
        unseen, _ = fit.collect(arguments.unseen, settings, (), arguments.keep)
    for case in cases:
        if case.home == arguments.asked.name:
            case.share *= ASKED_SHARE
    shipped = fit.packaged(names)
    before = [(case, case.worth(shipped)) for case in cases]
    fit.tell("shipped", before)
    for seed in range(fit.SEEDS):
        after = held_out(cases, names, shipped, seed)
        fit.tell("held out", after)
        fit.tell_difference(before, after)
    weights = bent(cases, names, shipped)
    if unseen:
        before = [(case, case.worth(shipped)) for case in unseen]
        after = [(case, case.worth(weights)) for case in unseen]
        fit.tell("unseen", before)
        fit.tell("bent", after)
        fit.tell_difference(before, after)
    print("\n" + fit.as_toml(weights, names))
    if arguments.write:
        Path(score.__file__).with_name("weights.toml").write_text(fit.as_toml(weights, names), "utf-8")


if __name__ == "__main__":
    main()
