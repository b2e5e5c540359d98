#!/usr/bin/env python3
"""A search in hundreds of repositories on a server far away: seconds, round trips and bytes of `search --all-repos`.

    benchmarks/many_repositories.py HOME [HOME ...] [--count 300] [--chunks 150] [--round-trip 0.02] [--json FILE]

The files of the benchmark homes' repositories are dealt out to --count repositories of about --chunks chunks each, on a
Redis of the tests' own. Commands run through a proxy on loopback that lets every question and its answer travel for
--round-trip seconds together. `repo list` and `doctor` are measured along.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import console
from redis_store import batches, collect_files, load_queries, prepare_all, write_all
from wherein.embedding.open import open_embedder
from wherein.made_with import header
from wherein.store.open import open_store
from wherein.store.protocol import FileVersion

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from redis_servers import RedisServer
from redis_servers.counting_proxy import CountingProxy

WHEREIN = Path(sys.executable).parent / "wherein"
QUERIES = 12


def dealt_out(versions: Sequence[FileVersion], count: int, chunks: int) -> Iterator[list[FileVersion]]:
    """The files of each repository; they begin again from the first when all were taken."""
    at = 0
    for _ in range(count):
        taken: dict[str, FileVersion] = {}
        while sum(len(version.chunks) for version in taken.values()) < chunks and len(taken) < len(versions):
            version = versions[at % len(versions)]
            taken[version.path] = version
            at += 1
        yield list(taken.values())


def fill(url: str, data_dir: Path, versions: Sequence[FileVersion], count: int, chunks: int) -> None:
    """Write the repositories."""
    embedder = open_embedder(None)
    made = header(embedder.model_id, embedder.dimension)
    for number, files in enumerate(dealt_out(versions, count, chunks)):
        name = f"example.org/team/repository{number}"
        with open_store(url, name, made, data_dir=data_dir, mode="write") as store:
            write_all(store, batches(files, chunks))
        print(f"\r{number + 1} repositories", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def measured(
    proxy: CountingProxy, words: Sequence[str], data_dir: Path, folder: Path | None = None
) -> dict[str, float]:
    """One command, begun anew, in a folder (default: its data folder)."""
    proxy.reset()
    environment = os.environ | {"WHEREIN_STORE": proxy.url, "WHEREIN_DATA_DIR": str(data_dir)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run(
        [WHEREIN, *words],
        cwd=folder or data_dir,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - began
    if done.returncode > 1:
        raise SystemExit(done.stderr)
    return {"s": took, "round trips": proxy.turns, "kB down": proxy.down / 1000}


def summary(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure, and the most."""
    found = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    return found | {f"most {name}": max(row[name] for row in rows) for name in rows[0]}


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Fill a server, and measure."""
    versions, _ = prepare_all(collect_files(arguments.homes, []), arguments.prepared)
    queries = load_queries(arguments.homes)[:QUERIES]
    with RedisServer() as server, tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        fill(server.url, data_dir, versions, arguments.count, arguments.chunks)
        report: dict[str, Any] = {"repositories": arguments.count}
        with CountingProxy(server.socket, arguments.round_trip).running() as proxy:
            everywhere = ["search", "--all-repos"]
            measured(proxy, [*everywhere, queries[0]], data_dir)
            rows = [measured(proxy, [*everywhere, query], data_dir) for query in queries]
            report["search --all-repos"] = summary(rows)
            report["repo list"] = summary([measured(proxy, ["repo", "list"], data_dir) for _ in range(3)])
    return report


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--count", type=int, default=300, help="repositories")
    parser.add_argument("--chunks", type=int, default=150, help="of each")
    parser.add_argument("--prepared", type=int, default=50_000, help="chunks that are dealt out")
    parser.add_argument("--round-trip", type=float, default=0.02, help="seconds")
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    report = run(arguments)
    text = json.dumps(report, indent=1)
    if arguments.json:
        arguments.json.write_text(text + "\n", "utf-8")
    print(text)


if __name__ == "__main__":
    main()
