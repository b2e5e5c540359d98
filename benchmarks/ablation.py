#!/usr/bin/env python3
"""What each step of ranking brings: the benchmark with the shipped weights, one step at a time taken out.

    benchmarks/ablation.py HOME [HOME ...] [--features] [--data-dir DIR] [--json FILE]

The steps are those of `search/rank/steps.py`; `--features` takes each feature out by itself as well. A step is taken
out by weighing its features 0, the others keep their weights: what is lost is what the step alone knows, for its
neighbours make up for the rest. (`fit_weights.py --without` fits the others anew, judged held out.) Two further rows
ask but one kind of retriever. Differences are given over all queries of a home, by category and by language.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import console
import wherein
from homes import SLOTS, Scores, check_home, questions
from indexes import bring_up_to_date
from wherein.config.settings import Settings
from wherein.search.intent import Intent
from wherein.search.rank.score import default_weights
from wherein.search.rank.steps import STEPS
from wherein.search.search import Mode

NOTHING = "everything"
"""The row that the others are compared with."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to rank: features weighed otherwise, or another mode."""

    name: str
    ranking: Mapping[str, float] = field(default_factory=dict)
    mode: Mode = "hybrid"


def variants(*, features: bool) -> Iterator[Variant]:
    """The shipped ranking, then each step less; each feature less if `features`; and each retriever by itself."""
    yield Variant(NOTHING)
    known = dict.fromkeys(name for intent in Intent for name in default_weights(intent))
    for step in STEPS:
        yield Variant(f"without {step}", {step: 0.0})
    if features:
        yield from (Variant(f"  without {name}", {name: 0.0}) for name in known)
    yield Variant("lexical alone", mode="lexical")
    yield Variant("semantic alone", mode="semantic")


def measure(home: Path, settings: Settings, chosen: Sequence[Variant]) -> dict[str, Scores]:
    """Variant → its scores. Every variant asks the same indexes."""
    scores = {variant.name: Scores() for variant in chosen}
    for name, asked in questions(home).items():
        for variant in chosen:
            ranking = {**settings.search.ranking, **variant.ranking}
            changed = replace(settings, search=replace(settings.search, ranking=ranking))
            with wherein.open_index(home / "repos" / name, settings=changed) as index:
                if variant is chosen[0]:
                    bring_up_to_date(index)
                for question in asked:
                    hits = index.search(question.query, limit=SLOTS, mode=variant.mode)
                    scores[variant.name].add(question, hits)
    return scores


def report(home: Path, scores: Mapping[str, Scores]) -> dict[str, Any]:
    """Print the differences, return them as data."""
    whole = scores[NOTHING]
    categories = whole.by("category")
    print(f"\n{home.name}: NDCG@10, and what it loses")
    print(f"  {'':<36}{'all':>8}" + "".join(f"{name:>14}" for name in categories))
    print(f"  {NOTHING:<36}{whole.overall():>8.4f}" + "".join(f"{v:>14.4f}" for v in categories.values()))
    rows = []
    for name, scored in scores.items():
        if scored is whole:
            continue
        row: dict[str, Any] = {
            "variant": name.strip(),
            "feature": name.startswith(" "),
            "ndcg10": scored.overall(),
            "change": scored.overall() - whole.overall(),
            "by_category": _less(scored.by("category"), categories),
            "by_language": _less(scored.by("language"), whole.by("language")),
        }
        rows.append(row)
        print(
            f"  {name:<36}{row['change']:>+8.4f}"
            + "".join(f"{v:>+14.4f}" for v in row["by_category"].values())
        )
    return {"home": home.name, "ndcg10": whole.overall(), "by_category": categories, "rows": rows}


def _less(with_it_out: Mapping[str, float], whole: Mapping[str, float]) -> dict[str, float]:
    return {name: value - whole[name] for name, value in with_it_out.items()}


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--features", action="store_true", help="each feature by itself as well")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="write the report here")
    arguments = parser.parse_args()
    chosen = list(variants(features=arguments.features))
    reports = []
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings(), data_dir=arguments.data_dir or Path(temporary))
        for home in arguments.homes:
            check_home(home)
            reports.append(report(home, measure(home, settings, chosen)))
    console.write_json(arguments.json, reports)


if __name__ == "__main__":
    main()
