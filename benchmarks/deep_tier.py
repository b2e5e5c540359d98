#!/usr/bin/env python3
"""Quality against the share of the index that the deep tier has filled, and what filling and asking it take.

    WHEREIN_DEEP_MODEL=deep benchmarks/deep_tier.py HOME [HOME ...] --data-dir DIR [--repo NAME] [--json FILE]

Every repository is filled once (kept in DIR, so that a second run takes seconds). A part is what is left when the deep
vectors of files drawn by chance are taken away, and the candidates that they alone found; the mean of three draws.
"""

import copy
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import console
import wherein
from fit_weights import _case, packaged
from homes import Question, questions
from indexes import bring_up_to_date
from timing import timed
from wherein.config.load import load_settings
from wherein.config.settings import Settings
from wherein.search.query import parse
from wherein.search.search import retrieval
from wherein.store.protocol import Retrieved

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
DRAWS = 3


@dataclass(slots=True)
class Filled:
    """What a home's questions retrieve without and with the whole deep tier."""

    rows: list[tuple[Question, str, Retrieved, Retrieved]] = field(default_factory=list)
    embedded: int = 0
    seconds: float = 0.0
    model: str = ""


def gather(home: Path, settings: Settings, only: Sequence[str]) -> Filled:
    """Index, fill and question every repository of a home."""
    found = Filled()
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            bring_up_to_date(index)
            report, took = timed(index.deepen)
            found.embedded += report.embedded
            found.seconds += took if report.embedded else 0.0
            found.model = report.model
            deep = index._deep(print, look=False)
            for question in asked:
                query = parse(question.query)
                plain = retrieval(query, index.view, index._embedder)
                whole = retrieval(query, index.view, index._embedder, deep=deep)
                store = index._reader()
                row = (question, index.repository, store.retrieve(plain), store.retrieve(whole))
                found.rows.append(row)
    return found


def part(plain: Retrieved, whole: Retrieved, share: float, draw: str) -> Retrieved:
    """What is retrieved where a share of the files is filled."""
    if share in (0.0, 1.0):
        return whole if share else plain
    otherwise = {each.id for each in plain.candidates}
    kept = []
    for each in whole.candidates:
        filled = random.Random(f"{draw} {each.path}").random() < share
        if filled or each.id in otherwise:
            kept.append(copy.copy(each))
            kept[-1].deep = each.deep if filled else ()
    return replace(whole, candidates=kept)


def worth(home: str, filled: Filled, share: float) -> tuple[float, dict[str, float]]:
    """NDCG@10 over a home's repositories, and by category."""
    repositories: dict[str, list[float]] = defaultdict(list)
    categories: dict[str, list[float]] = defaultdict(list)
    for draw in range(1 if share in (0.0, 1.0) else DRAWS):
        for question, repository, plain, whole in filled.rows:
            case, names = _case(
                home, repository, question, part(plain, whole, share, f"{draw} {repository}"), ()
            )
            value = case.worth(packaged(names))
            repositories[question.repository].append(value)
            categories[question.category].append(value)
    return fmean(map(fmean, repositories.values())), {
        name: fmean(values) for name, values in sorted(categories.items())
    }


def measure(homes: Sequence[Path], settings: Settings, only: Sequence[str]) -> list[dict[str, Any]]:
    """A row a home."""
    rows = []
    for home in homes:
        filled = gather(home, settings, only)
        shares = []
        for share in SHARES:
            overall, categories = worth(home.name, filled, share)
            shares.append({"share": share, "ndcg10": overall, "by_category": categories})
            told = "  ".join(f"{name} {value:.3f}" for name, value in categories.items())
            print(f"{home.name:<12} {share:4.0%}  NDCG@10 {overall:.4f}   {told}", flush=True)
        rate = filled.embedded / filled.seconds if filled.seconds else None
        rows.append(
            {
                "home": home.name,
                "model": filled.model,
                "repositories": len({question.repository for question, *_ in filled.rows}),
                "queries": len(filled.rows),
                "chunks_a_second": rate,
                "shares": shares,
            }
        )
    return rows


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--data-dir", type=Path, required=True, help="keep the indexes and vectors here")
    parser.add_argument("--repo", action="append", default=[], help="only this repository; may be repeated")
    parser.add_argument("--json", type=Path, help="write the rows here")
    arguments = parser.parse_args()
    settings = replace(load_settings(None, {}), data_dir=arguments.data_dir)
    rows = measure(arguments.homes, settings, arguments.repo)
    console.write_json(arguments.json, rows)


if __name__ == "__main__":
    main()
