#!/usr/bin/env python3
"""Find the ranking weights: fitted on benchmark homes, judged by cross-validation over their repositories.

    benchmarks/fit_weights.py HOME [HOME ...] [--unseen HOME ...] [--keep DIR] [--write] [--without STEP ...]

Weights are those of the greatest likelihood for all queries, and near them for each intent; the tax of variety is then
the best of a few. Whole repositories are held out, several times over, so that what is printed as `held out` says what
to expect elsewhere; a repository of several homes is one. Homes after `--unseen` are only measured. What is written is
the mean of the fit and of the weights that are in the package (`--blend`). `--keep` keeps what was gathered, for the
next run after a change of ranking: then a fit takes a minute. `--without` leaves a ranking step or a single feature out
(an ablation). Needs scipy.
"""

import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

import console
from gathered import gathered
from homes import HISTORY, SLOTS, Question
from intervals import interval
from likelihood import Table, likeliest, table
from wherein.config.settings import Settings
from wherein.search.intent import Intent, Shares
from wherein.search.query import parse
from wherein.search.rank import score
from wherein.search.rank.pool import make_pool
from wherein.search.rank.score import doubted
from wherein.search.rank.steps import adjusted_synonyms, features_of
from wherein.search.searched import Searched
from wherein.search.variety import MOST_SAME_FILE, SAME_FILE
from wherein.store.protocol import Retrieved

FOLDS = 4
SEEDS = 3
"""Ways of dealing the repositories into folds: one alone is off by up to .006 for functions."""
RIDGE = 0.0005
"""Of the likelihood fit over all queries; 0.003 costs .003 of files and .006 of functions, 0.0003 nothing."""
HISTORY_SHARE = 0.5
"""Of all homes of history together, beside 1 of each other. Held out (52 repositories), files, functions, history:
.868, .725, .338 without it; .868, .724, .354 with 0.15; .866, .725, .360 with 0.5."""
LEAST_SHARE = 0.05
"""Of an intent: what is hardly of it teaches it nothing."""
BLEND = 0.75
"""Of the fit, beside the weights in the package. On the validation set, files, functions, history (29 checkouts, 262
questions), all with the features of that day: .916, .667, .372 for those of the package before; .910, .663, .386 for
the fit alone; .912, .667, .388 for this."""
KINSHIP = {Intent.SYMBOL: 0.01, Intent.ACTION: 0.01, Intent.TOPIC: 0.0005}
"""How hard the weights of an intent are held to those of all: the fewer repositories ask for it, the harder. Held out,
files: .861 when topics are held with .01, .864 with .002, .867 with .0005."""
SAME_FILE_TAXES = {
    Intent.SYMBOL: (0.0, 0.1, 0.2),
    Intent.ACTION: (0.0, 0.05, 0.1, 0.15),
    Intent.TOPIC: (0.2, 0.4, 0.6, 0.8),
}
"""Tried for the variety step."""
RANKED = 40
"""Candidates that the variety step is simulated on."""

FAULTS = frozenset({"test", "example", "documentation", "compatibility", "prose", "loose"})
"""Features that may only lower a score."""
NEUTRAL = frozenset(
    {
        "short",
        "long",
        "length",
        "constructor",
        "type",
        "private",
        "nested",
        "depth",
        "file_coverage",
        "file_lexical",
        "file_semantic",
        "best_lexical",
        "best_semantic",
    }
)
"""Features that may do either. All others are evidence and may only raise it, whatever a small benchmark says."""
PROMISED = {
    Intent.SYMBOL: {"named": 1.0, "symbol": 0.3},
    Intent.ACTION: {"named": 0.2, "symbol": 0.1, "loose": -0.55},
    Intent.TOPIC: {"named": 0.2},
}
"""Weights that are at least so strong: who names a definition gets it, and what does something is a definition, also
where the benchmark's few such queries would do without."""

ALIASES = {"laravel-framework": "framework", "httpie": "cli", "nlohmann-json": "json"}
"""Names of repositories that homes call differently."""
_COMMIT = re.compile(r"-\d+\Z")

Weights = NDArray[np.float64]
"""Shape (features + 1,): the last one is `same_file`."""

Bounds = list[tuple[float, float]]
"""The least and the greatest weight of each feature."""


@dataclass(slots=True)
class Case:
    """A query with its candidates' features, shape (n, f), and which answers each candidate meets, as bits."""

    home: str
    question: Question
    intents: Shares
    features: NDArray[np.float32]
    files: list[int]
    definitions: list[int]
    met: list[int]
    share: float = 0.0
    """of the objective: homes weigh alike, and in them repositories"""

    @property
    def intent(self) -> Intent:
        """The likeliest."""
        return max(self.intents, key=lambda intent: self.intents[intent])

    @property
    def repository(self) -> str:
        """The same in all homes, whichever part or commit of it is laid out there."""
        return ALIASES.get(name := _COMMIT.sub("", self.question.repository.lower()), name)

    def worth(self, of_intents: Mapping[Intent, Weights]) -> float:
        """What the ranking is worth that these weights give, mixed as the query's intents are."""
        mixed = np.sum([share * of_intents[intent] for intent, share in self.intents.items()], axis=0)
        mixed[-1] = sum(share * of_intents[intent][-1] for intent, share in doubted(self.intents).items())
        return self.worth_of(mixed)

    def worth_of(self, weights: Weights) -> float:
        """NDCG@10 of the ranking that these weights give; of a question of history, the reciprocal of the first hit's
        place."""
        scores = self.features @ weights[:-1].astype(np.float32)
        best = np.argsort(-scores, kind="stable")[:RANKED]
        seen: dict[int, int] = {}
        adjusted = []
        for i in best.tolist():
            before = seen.get(self.files[i], 0)
            seen[self.files[i]] = before + 1
            adjusted.append((weights[-1] * min(before, MOST_SAME_FILE) - scores[i], i))
        adjusted.sort()
        shown: dict[int, int] = {}
        for _, i in adjusted:
            shown.setdefault(self.definitions[i], i)
        if self.question.category == HISTORY:
            met = [bool(self.met[i]) for i in list(shown.values())[:SLOTS]]
            return 1 / (met.index(True) + 1) if any(met) else 0.0
        found, gain = 0, 0.0
        for slot, i in enumerate(list(shown.values())[:SLOTS]):
            if self.met[i] & ~found:
                gain += 1 / math.log2(slot + 2)
                found |= self.met[i]
        ideal = min(SLOTS, len(self.question.answers))
        return gain / sum(1 / math.log2(slot + 2) for slot in range(ideal))


def collect(
    homes: Sequence[Path], settings: Settings, without: Sequence[str], keep: Path | None = None
) -> tuple[list[Case], list[str]]:
    """Every query's candidates with their features, from `keep` or from indexes that are made where there are none."""
    cases: list[Case] = []
    names: list[str] = []
    for home in homes:
        for question, repository, retrieved in gathered(home, settings, keep):
            if retrieved.candidates:
                case, names = _case(home.name, repository, question, retrieved, without)
                cases.append(case)
    _share_out(cases)
    return cases, names


def _share_out(cases: Sequence[Case]) -> None:
    """Homes of files and of functions weigh alike, all homes of history together HISTORY_SHARE of one; within these,
    repositories weigh alike."""
    sizes = Counter((_kind(case), case.home, case.question.repository) for case in cases)
    repositories = Counter(kind for kind, _, _ in sizes)
    for case in cases:
        kind = _kind(case)
        case.share = (HISTORY_SHARE if kind == HISTORY else 1.0) / repositories[kind]
        case.share /= sizes[kind, case.home, case.question.repository]


def _kind(case: Case) -> str:
    return HISTORY if case.question.category == HISTORY else case.home


def _case(
    home: str, repository: str, question: Question, retrieved: Retrieved, without: Sequence[str]
) -> tuple[Case, list[str]]:
    query = adjusted_synonyms(parse(question.query), dict.fromkeys(without, 0.0))
    pool = make_pool(query, [Searched(repository, retrieved)])
    left_out = features_of(without)
    features = {name: column for name, column in score.compute_features(pool).items() if name not in left_out}
    met = [
        sum(1 << i for i, answer in enumerate(question.answers) if answer.met_by(candidate))
        for candidate in pool.candidates
    ]
    table = np.stack(list(features.values()), axis=1).astype(np.float32)
    return Case(home, question, query.intents, table, pool.files.tolist(), pool.definitions, met), list(
        features
    )


def _objective(cases: Iterable[Case], weights: Weights) -> float:
    return sum(case.share * case.worth_of(weights) for case in cases)


def fit_all(cases: Sequence[Case], names: Sequence[str]) -> dict[Intent, Weights]:
    """Weights for each intent: those that are likeliest for all queries, bent to what is likely of the intent."""
    shared = likeliest(table_of(cases), np.zeros(len(names)), bounds(names, {}), RIDGE)
    found: dict[Intent, Weights] = {}
    for intent in Intent:
        own = [case for case in cases if case.intents.get(intent, 0.0) >= LEAST_SHARE]
        weights = (
            likeliest(table_of(own, intent), shared, bounds(names, PROMISED[intent]), KINSHIP[intent])
            if own
            else shared
        )
        if own:
            weights = weights * np.max([np.abs(case.features).max(axis=0) > 0 for case in own], axis=0)
        likeliest_own = [case for case in own if case.intent is intent]
        taxed = [np.append(weights, tax) for tax in SAME_FILE_TAXES[intent]]
        found[intent] = max(taxed, key=lambda weights: _objective(likeliest_own, weights))
    return found


def blended(
    fitted: Mapping[Intent, Weights], packaged: Mapping[Intent, Weights], share: float
) -> dict[Intent, Weights]:
    """The mean of what was fitted and of what was there before, which was fitted to fewer questions by other rules:
    on repositories that neither was fitted to, it is better than each."""
    return {intent: share * fitted[intent] + (1 - share) * packaged[intent] for intent in fitted}


def table_of(cases: Sequence[Case], intent: Intent | None = None) -> Table:
    """What they are fitted by. Queries weigh by how likely they are of the intent."""
    return table(
        [case.features for case in cases],
        [case.met for case in cases],
        np.array([case.share * (1.0 if intent is None else case.intents[intent]) for case in cases]),
    )


def bounds(names: Sequence[str], promised: Mapping[str, float]) -> Bounds:
    """Those of the features, in the order of their names."""
    return [
        (
            -np.inf if name in FAULTS | NEUTRAL else promised.get(name, 0.0),
            promised.get(name, 0.0) if name in FAULTS else np.inf,
        )
        for name in names
    ]


def folds(cases: Sequence[Case], seed: int) -> list[set[str]]:
    """The repositories of the cases, dealt into FOLDS."""
    repositories = sorted({case.repository for case in cases})
    np.random.default_rng(seed).shuffle(repositories)
    return [set(repositories[fold::FOLDS]) for fold in range(FOLDS)]


def held_out(cases: Sequence[Case], names: Sequence[str], seed: int) -> list[tuple[Case, float]]:
    """What each case is worth under weights fitted without its repository (or the others of its fold)."""
    scored = []
    for out in folds(cases, seed):
        weights = fit_all([case for case in cases if case.repository not in out], names)
        scored += [(case, case.worth(weights)) for case in cases if case.repository in out]
    return scored


def tell(title: str, scored: Sequence[tuple[Case, float]]) -> None:
    """Print means as the benchmark counts them."""
    homes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    categories: dict[str, list[float]] = defaultdict(list)
    for case, value in scored:
        homes[case.home][case.question.repository].append(value)
        categories[f"{case.home} {case.question.category}"].append(value)
    means = "  ".join(f"{home} {fmean(map(fmean, of.values())):.4f}" for home, of in homes.items())
    print(
        f"{title:<10} {means}   "
        + "  ".join(f"{name} {fmean(v):.3f}" for name, v in sorted(categories.items()))
    )


def tell_difference(before: Sequence[tuple[Case, float]], after: Sequence[tuple[Case, float]]) -> None:
    """Print by how much homes have changed, with the interval that holds it in nine of ten samples of repositories."""
    gains: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for (case, old), (_, new) in zip(before, after, strict=True):
        gains[case.home][case.repository].append(new - old)
    for home, of in gains.items():
        each = [fmean(values) for values in of.values()]
        low, high = interval(each)
        print(f"{home}: {fmean(each):+.4f} ({low:+.4f} to {high:+.4f})")


def as_toml(weights: dict[Intent, Weights], names: Sequence[str]) -> str:
    """The weights file."""
    lines = [
        "# What each feature adds to a score, by what the query asks for.",
        "# Made by benchmarks/fit_weights.py.",
    ]
    for intent, values in weights.items():
        lines += ["", f"[{intent}]"]
        lines += [
            f"{name} = {value:.2f}"
            for name, value in zip((*names, SAME_FILE), values, strict=True)
            if round(value, 2)
        ]
    return "\n".join(lines) + "\n"


def packaged(names: Sequence[str]) -> dict[Intent, Weights]:
    """The weights in the package, in the order of the features' names."""
    return {
        intent: np.array([score.default_weights(intent).get(name, 0.0) for name in (*names, SAME_FILE)])
        for intent in Intent
    }


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--without", action="append", default=[], metavar="STEP")
    parser.add_argument("--unseen", nargs="+", type=Path, default=[], metavar="HOME")
    parser.add_argument("--keep", type=Path, metavar="DIR")
    parser.add_argument("--blend", type=float, default=BLEND, help="the share of the fit in what is written")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings(), data_dir=arguments.data_dir or Path(temporary))
        cases, names = collect(arguments.homes, settings, arguments.without, arguments.keep)
        unseen, _ = collect(arguments.unseen, settings, arguments.without, arguments.keep)
    shipped = packaged(names)
    tell("shipped", [(case, case.worth(shipped)) for case in cases])
    before = [(case, case.worth(shipped)) for case in unseen]
    tell("unseen", before)
    for seed in range(SEEDS):
        tell("held out", held_out(cases, names, seed))
    weights = blended(fit_all(cases, names), shipped, arguments.blend)
    tell("fitted", [(case, case.worth(weights)) for case in cases])
    after = [(case, case.worth(weights)) for case in unseen]
    tell("unseen", after)
    tell_difference(before, after)
    print("\n" + as_toml(weights, names))
    if arguments.write:
        Path(score.__file__).with_name("weights.toml").write_text(as_toml(weights, names), "utf-8")


if __name__ == "__main__":
    main()
