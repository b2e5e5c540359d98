"""The results as Markdown tables. Each function takes its part of results.json and gives the text of one block."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Report = Mapping[str, Any]

SEMBLE = "semble 0.7.0, given the same static model, measured here"


def peer_names() -> dict[str, str]:
    """The tools of peers.json that are shown, and how they are called."""
    names: dict[str, str] = tomllib.loads(Path(__file__).with_name("peers.toml").read_text("utf-8"))
    return names


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def score(value: float | None) -> str:
    """.875; nothing where it is not known."""
    return "" if value is None else f"{value:.3f}".removeprefix("0")


def change(value: float) -> str:
    """+.012 or -.034, or 0."""
    return "0" if abs(value) < 0.0005 else f"{value:+.3f}".replace("0.", ".")


def milliseconds(seconds: float) -> str:
    """With as many digits as mean something."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{1000 * seconds:,.0f} ms"


def machine(found: Report) -> str:
    """One sentence."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    return (
        f"{found['date']}: {found['cores']} cores of {found['cpu']}, {found['memory_gib']} GiB, {found['system']}; "
        f"Python {found['python']}, SQLite {found['sqlite']}, {versions}."
    )


def retrieval(reports: Sequence[Report], beside: Sequence[Report] = ()) -> str:
    """wherein and the tools whose scores are known or were measured beside it, a column a home."""
    rows = [
        (label, [report["peers"].get(name) for report in reports]) for name, label in peer_names().items()
    ]
    measured = {
        (contender["contender"], home["home"]): contender["ndcg10"]
        for home in beside
        for contender in home["contenders"]
        if "ndcg10" in contender
    }
    rows.append((SEMBLE, [measured.get(("semble", report["home"])) for report in reports]))
    known = [(label, values) for label, values in rows if any(value is not None for value in values)]
    known.sort(key=lambda row: -max(value or 0.0 for value in row[1]))
    own = ["**wherein**", *(f"**{score(r['ndcg10'])}** (hit@10 {score(r['hit10'])})" for r in reports)]
    homes = (report["home"] for report in reports)
    return table(["NDCG@10", *homes], [own, *([label, *map(score, values)] for label, values in known)])


def groups(reports: Sequence[Report], key: str) -> str:
    """wherein by category or by language, a column a home."""
    names = sorted({name for report in reports for name in report[f"by_{key}"]})
    rows = ([name, *(score(report[f"by_{key}"].get(name)) for report in reports)] for name in names)
    return table([f"by {key}", *(report["home"] for report in reports)], rows)


def all_repositories(reports: Sequence[Report]) -> str:
    """Ways to search and stores down, homes across: the right answer first, hit@10, NDCG@10."""
    homes = list(dict.fromkeys(home for report in reports for home in report["homes"]))
    rows = []
    for report in reports:
        known = next(iter(report["homes"].values()))["ways"]
        for way in known:
            cells = [
                " / ".join(score(value) for value in report["homes"][home]["ways"][way].values())
                if home in report["homes"]
                else ""
                for home in homes
            ]
            rows.append([f"{report['store']}, {report['repositories']} repositories: {way}", *cells])
    return table(["first / hit@10 / NDCG@10", *homes], rows)


def ablation(report: Report) -> str:
    """A home's steps, by what they bring."""
    categories = list(report["by_category"])
    whole = ["everything", score(report["ndcg10"]), *map(score, report["by_category"].values())]
    rows = sorted((row for row in report["rows"] if not row["feature"]), key=lambda row: row["change"])
    return table(
        [report["home"], "all", *categories],
        [
            whole,
            *([r["variant"], change(r["change"]), *map(change, r["by_category"].values())] for r in rows),
        ],
    )


def ablation_by_language(report: Report) -> str:
    """The same, by language: languages down, steps across."""
    rows = [row for row in report["rows"] if not row["feature"]]
    languages = list(rows[0]["by_language"])
    names = [row["variant"].removeprefix("without ") for row in rows]
    return table(
        [report["home"], *names],
        ([name, *(change(row["by_language"][name]) for row in rows)] for name in languages),
    )


def side_by_side(report: Report) -> str:
    """The contenders of a home."""
    rows = []
    for row in report["contenders"]:
        if "ndcg10" in row:
            times = ", ".join(f"{took:.1f}" for took in row["index_seconds_of_rounds"])
            rows.append(
                [
                    row["contender"],
                    score(row["ndcg10"]),
                    f"{times} s",
                    milliseconds(row["first_result_seconds"]),
                    f"{row['query_p50_ms']:.1f} / {row['query_p95_ms']:.1f} ms",
                ]
            )
        else:
            first, whole = milliseconds(row["first_result_seconds"]), milliseconds(row["search_seconds"])
            rows.append([f"{row['contender']}, a literal search", "", "", first, whole])
    return table([report["home"], "NDCG@10", "first index", "first result", "query p50 / p95"], rows)


def latency(rows: Sequence[Report]) -> str:
    """A row a size."""
    return table(
        ["chunks", "query p50", "query p95", "first query", "memory", "on disk", "indexed in"],
        (
            [
                f"{row['chunks']:,}",
                *(f"{row[name]:.1f} ms" for name in ("query_p50_ms", "query_p95_ms")),
                f"{row['first_query_ms']:.0f} ms",
                f"{row['resident_mb']:.0f} MB",
                f"{row['disk_mb']:.0f} MB",
                f"{row['index_seconds']:.0f} s",
            ]
            for row in rows
        ),
    )


def everyday(startup: Report, memory: Report, incremental: Report) -> str:
    """Start-up, memory and incremental updates, beside what is asked of them."""
    at = f"{startup['chunks']:,} chunks"
    of = f"{incremental['repository']}, {incremental['chunks']:,} chunks"
    new, known = incremental["new_branch_chunks"], incremental["known_branch_chunks"]
    rows = [
        (f"cold `wherein search`, {at}", startup["search_seconds"], "400 ms"),
        (
            f"the same with a look for changes ({startup['repository']})",
            startup["search_checked_seconds"],
            "",
        ),
        ("`wherein --version`", startup["version_seconds"], "200 ms"),
        ("`import wherein`", startup["import_seconds"], "150 ms"),
        (f"one changed file, saved to found ({of})", incremental["saved_to_found_seconds"], "200 ms"),
        ("an update when nothing changed", incremental["nothing_changed_seconds"], ""),
        (
            f"switch to a new branch, {incremental['files_that_differ']} files differ ({new} chunks cut)",
            incremental["new_branch_seconds"],
            "",
        ),
        (f"switch to a known branch ({known} chunks cut)", incremental["known_branch_seconds"], ""),
    ]
    written = [[name, milliseconds(took), budget] for name, took, budget in rows]
    peak = f"{memory['peak_bytes'] / 1e6:.0f} MB"
    name = f"peak memory of a first index ({memory['repository']}, {memory['processes']} processes)"
    return table(["", "", "budget"], [*written, [name, peak, "1,000 MB"]])


def deep_tier(rows: Sequence[Report]) -> str:
    """Quality by the share of the deep tier that is filled."""
    shares = [f"{part['share']:.0%}" for part in rows[0]["shares"]]
    lines = []
    for row in rows:
        lines.append([row["home"], *(score(part["ndcg10"]) for part in row["shares"])])
        lines += [
            [f"{row['home']}: {name}", *(score(part["by_category"][name]) for part in row["shares"])]
            for name in row["shares"][0]["by_category"]
        ]
    rates = [row["chunks_a_second"] for row in rows if row["chunks_a_second"]]
    models = ", ".join(dict.fromkeys(row["model"] for row in rows))
    filled = f"; filled at {min(rates):,.0f} chunks a second" if rates else ""
    return f"{models}{filled}.\n\n" + table(["NDCG@10 by the share that is filled", *shares], lines)
