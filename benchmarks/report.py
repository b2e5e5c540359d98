#!/usr/bin/env python3
"""results.json → the tables of the RESULTS.md beside it and of the pages in results/, and the plots.

    benchmarks/report.py [RESULTS.json]

Only what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` is replaced, in whichever page that is; the words
around it are written by hand. A part that results.json does not have is left as it is.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tables
from plot import Axis, Chart

FOLDER = Path(__file__).parent
BUDGETS = ((50_000, 5.0), (1_000_000, 100.0))
"""Chunks, and the milliseconds that half of the queries are to take at most."""


def blocks(results: Mapping[str, Any]) -> dict[str, str]:
    """Name → text of each block that the results are enough for."""
    made: dict[str, str] = {}
    beside = results.get("side_by_side", [])
    if "machine" in results:
        made["machine"] = tables.machine(results["machine"])
    for name in {"retrieval", "validation"} & results.keys():
        made[name] = tables.retrieval(results[name], beside)
        for key in ("category", "language"):
            made[f"{name} by {key}"] = tables.groups(results[name], key)
    if "all_repositories" in results:
        made["all repositories"] = tables.all_repositories(results["all_repositories"])
    if "ablation" in results:
        made["ablation"] = "\n\n".join(map(tables.ablation, results["ablation"]))
        made["ablation by language"] = "\n\n".join(map(tables.ablation_by_language, results["ablation"]))
    if beside:
        made["side by side"] = "\n\n".join(map(tables.side_by_side, beside))
    if "latency" in results:
        made["latency"] = tables.latency(results["latency"])
    if "deep_tier" in results:
        made["deep tier"] = tables.deep_tier(results["deep_tier"])
    if {"startup", "memory", "incremental"} <= results.keys():
        made["everyday"] = tables.everyday(results["startup"], results["memory"], results["incremental"])
    return made


def fill(text: str, made: Mapping[str, str]) -> str:
    """The text with its blocks replaced."""
    for name, block in made.items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        if begin in text:
            head, _, rest = text.partition(begin)
            text = f"{head}{begin}\n\n{block}\n\n{end}{rest.partition(end)[2]}"
    return text


def pages(folder: Path) -> list[Path]:
    """RESULTS.md and the pages that it leads to."""
    return [folder / "RESULTS.md", *sorted((folder / "results").glob("*.md"))]


def fill_pages(folder: Path, made: Mapping[str, str]) -> None:
    """Replace each block in the page where it stands."""
    for page in pages(folder):
        page.write_text(fill(page.read_text("utf-8"), made), "utf-8")


def quality_against_time(home: Mapping[str, Any], peers: Mapping[str, float]) -> Chart:
    """Each contender's quality and time to its first result; tools whose time is not known at the edge."""
    ticks = [(0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s")]
    chart = Chart(
        "Quality against the time to the first result",
        Axis("index and first query, mean over repositories", 0.001, 10, ticks, log=True),
        Axis("NDCG@10", 0.0, 1.0, [(i / 5, f"{i / 5:.1f}") for i in range(6)]),
        right=190,
    )
    for row in home["contenders"]:
        quality = row.get("ndcg10", peers.get(row["contender"]))
        if quality is not None:
            chart.point(row["contender"], row["first_result_seconds"], quality)
    timed = {row["contender"] for row in home["contenders"]}
    names = tables.peer_names()
    chart.beside(
        [
            (names[name].split(" (")[0], value)
            for name, value in peers.items()
            if name in names and name not in timed
        ]
    )
    return chart


def latency_against_size(rows: list[Mapping[str, Any]]) -> Chart:
    """p50 and p95 of a warm query."""
    chart = Chart(
        "A warm query, in process",
        Axis(
            "chunks",
            5_000,
            2_000_000,
            [(10_000, "10k"), (50_000, "50k"), (200_000, "200k"), (1_000_000, "1M")],
            log=True,
        ),
        Axis("milliseconds", 1, 1000, [(1, "1"), (10, "10"), (100, "100"), (1000, "1000")], log=True),
    )
    for label, name in (("p50", "query_p50_ms"), ("p95", "query_p95_ms")):
        chart.line(label, [(row["chunks"], row[name]) for row in rows])
    for chunks, most in BUDGETS:
        chart.target("p50 budget", chunks, most)
    return chart


def quality_against_share(rows: list[Mapping[str, Any]]) -> Chart:
    """A line a home, from no deep vector to all."""
    chart = Chart(
        "Quality against the share of the deep tier that is filled",
        Axis("chunks with a deep vector", 0, 1, [(i / 4, f"{25 * i} %") for i in range(5)]),
        Axis("NDCG@10", 0.5, 1.0, [(i / 10, f".{i}" if i < 10 else "1") for i in range(5, 11)]),
        right=190,
    )
    for row in rows:
        chart.line(row["home"], [(part["share"], part["ndcg10"]) for part in row["shares"]])
    return chart


def write(results: Mapping[str, Any], folder: Path) -> None:
    """Bring a folder's pages and plots in line with the results."""
    fill_pages(folder, blocks(results))
    if results.get("side_by_side"):
        home = results["side_by_side"][0]
        peers: dict[str, float] = next(
            (r["peers"] for r in results.get("retrieval", ()) if r["home"] == home["home"]), {}
        )
        (folder / "quality-time.svg").write_text(quality_against_time(home, peers).svg(), "utf-8")
    if results.get("deep_tier"):
        (folder / "deep-share.svg").write_text(quality_against_share(results["deep_tier"]).svg(), "utf-8")
    if results.get("latency"):
        (folder / "latency-size.svg").write_text(latency_against_size(results["latency"]).svg(), "utf-8")


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "results.json"
    write(json.loads(source.read_text("utf-8")), source.parent)
