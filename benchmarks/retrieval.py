#!/usr/bin/env python3
"""Retrieval quality: NDCG@10, hit@10 and first hits on benchmark homes, beside other tools' published scores.

    benchmarks/retrieval.py HOME [HOME ...] [--repo NAME] [--mode MODE] [--store URL] [--deep-model MODEL]
                            [--json FILE] [--results FILE]

homes.py says what a home is and what counts as finding an answer. The score is the mean over repositories of the mean
over their queries, with binary gain: a slot counts when it is the first to meet at least one of a query's answers;
several hits of one file each take a slot.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import console
import wherein
from homes import SLOTS, Scores, check_home, peers, questions
from indexes import bring_up_to_date
from intervals import interval
from timing import percentile, seconds, timed
from wherein.config import Settings
from wherein.search.search import MODES, Mode


@dataclass(slots=True)
class Run:
    """What a home's questions gave, and what they took."""

    scores: Scores = field(default_factory=Scores)
    index_seconds: float = 0.0
    query_seconds: list[float] = field(default_factory=list)
    chunks: int = 0
    deep_seconds: float = 0.0
    """spent filling the deep tier, where a model was named for it"""


def run(
    home: Path, settings: Settings, *, only: Sequence[str], mode: Mode, results: list[dict[str, Any]]
) -> Run:
    """Index and question every repository of a home."""
    done = Run()
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            done.index_seconds += seconds(partial(bring_up_to_date, index))
            done.chunks += index.status(check=False).chunks
            if settings.deep_model:
                done.deep_seconds += seconds(index.deepen)
            index.search("warm up the model")
            for question in asked:
                ask = partial(index.search, question.query, limit=SLOTS, mode=mode)
                hits, took = timed(ask)
                done.query_seconds.append(took)
                done.scores.add(question, hits)
                lines = [[hit.path, hit.start_line, hit.end_line] for hit in hits]
                results.append({"repo": name, "query": question.query, "results": lines})
    return done


def report(home: Path, done: Run) -> dict[str, Any]:
    """Print a table, return the same as data."""
    scores = done.scores
    low, high = interval(scores.by("repository").values())
    data: dict[str, Any] = {
        "home": home.name,
        "ndcg10": scores.overall(),
        "ndcg10_over_queries": scores.over_queries(),
        "hit10": scores.overall(hit=SLOTS),
        "hit1": scores.overall(hit=1),
        "queries": len(scores.rows),
        "by_category": scores.by("category"),
        "by_language": scores.by("language"),
        "by_repository": scores.by("repository"),
        "peers": peers(home, {question.repository for question, _, _ in scores.rows}),
        "chunks": done.chunks,
        "index_seconds": done.index_seconds,
        "deep_seconds": done.deep_seconds,
        "query_p50_ms": 1000 * percentile(done.query_seconds, 0.5),
        "query_p95_ms": 1000 * percentile(done.query_seconds, 0.95),
    }
    print(
        f"\n{home.name}: NDCG@10 {data['ndcg10']:.4f} ({low:.4f} to {high:.4f}; "
        f"{data['ndcg10_over_queries']:.4f} over queries)"
        f"   hit@10 {data['hit10']:.4f}   first {data['hit1']:.4f}   {data['queries']} queries"
    )
    for peer, value in sorted(data["peers"].items(), key=lambda item: -item[1]):
        print(f"  {peer:<28} {value:.4f}")
    for key in ("category", "language"):
        hit, first = scores.by(key, hit=SLOTS), scores.by(key, hit=1)
        print(f"  by {key:<25} NDCG@10  hit@10   first")
        for name, value in scores.by(key).items():
            print(f"    {name:<26} {value:.4f}   {hit[name]:.4f}   {first[name]:.4f}")
    print(
        f"  {done.chunks} chunks; {done.index_seconds:.1f} s to bring the indexes up to date; "
        f"query p50 {data['query_p50_ms']:.1f} ms, p95 {data['query_p95_ms']:.1f} ms"
    )
    return data


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--repo", action="append", default=[], help="only this repository; may be repeated")
    parser.add_argument("--mode", choices=MODES, default="hybrid")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--store", metavar="URL", help="keep the indexes in this store instead")
    parser.add_argument(
        "--deep-model", metavar="MODEL", help="fill the deep tier by this model before asking"
    )
    parser.add_argument("--json", type=Path, help="write the report here")
    parser.add_argument(
        "--results", type=Path, help="write each query's ranked results here, a line of JSON each"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(
            Settings(),
            data_dir=arguments.data_dir or Path(temporary),
            store=arguments.store,
            deep_model=arguments.deep_model,
        )
        results: list[dict[str, Any]] = []
        reports = []
        for home in arguments.homes:
            check_home(home)
            done = run(home, settings, only=arguments.repo, mode=arguments.mode, results=results)
            reports.append(report(home, done))
    console.write_json(arguments.json, reports)
    if arguments.results:
        arguments.results.write_text("".join(json.dumps(row) + "\n" for row in results), "utf-8")


if __name__ == "__main__":
    main()
