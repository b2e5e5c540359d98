#!/usr/bin/env python3
"""What a search in Redis costs on a network, and a chunk in memory: round trips, bytes that come down, bytes kept.

    benchmarks/redis_network.py HOME [--repo NAME | --in FOLDER] [--queries 12] [--json FILE]

homes.py says what a home is. Its largest repository, or NAME, is cloned and indexed into a Redis of the tests' own,
behind a proxy on loopback that counts. Its queries are asked by fresh commands, with an empty data folder ("first")
and with the one that the index was made with ("again"), in a clone with one more file than the view has, after an edit
of a file, and in a process that stays open. A repository of ten chunks is indexed beside it. With --in, a sample of
all the home's queries is asked of the clone in FOLDER.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import console
import wherein
from homes import questions
from many_repositories import measured, summary
from memory import largest
from redis_store import load_queries
from wherein.config import Settings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from redis_servers import RedisServer
from redis_servers.counting_proxy import CountingProxy

QUERIES = 12
NAMES = ("open", "parse", "Config")
SMALL = "".join(f"def small_{n}(value):\n    return value + {n}\n\n\n" for n in range(10))


def clone(source: Path, to: Path) -> Path:
    """A clone that has a name of its own."""
    subprocess.run(["git", "clone", "-q", str(source), str(to)], check=True)
    origin = f"https://example.org/team/{source.name}"
    subprocess.run(["git", "-C", str(to), "remote", "set-url", "origin", origin], check=True)
    return to


def searches(proxy: CountingProxy, place: Path, folder: Path, queries: Sequence[str]) -> dict[str, Any]:
    """What commands cost that ask for the queries, by what they know already."""
    kept = folder / "data"

    def ask(*words: str, data_dir: Path = kept, where: Path = place) -> dict[str, float]:
        return measured(proxy, words, data_dir, where)

    def anew(number: int) -> Path:
        (made := folder / f"data{number}").mkdir()
        return made

    found = {
        "search, first": [ask("search", each, data_dir=anew(at)) for at, each in enumerate(queries)],
        "search, again": [ask("search", each) for each in queries],
    }
    other = clone(place, folder / "other")
    (other / "one_more_file.py").write_text("def one_more():\n    return 1\n", "utf-8")
    of_a_view = ("search", "--view", "HEAD", "--no-update")
    at = len(queries)
    found["search of a view, a clone with one more file, first"] = [
        ask(*of_a_view, each, data_dir=anew(at + number), where=other) for number, each in enumerate(queries)
    ]
    found["symbol, first"] = [ask("symbol", each, data_dir=anew(3 * at + n)) for n, each in enumerate(NAMES)]
    found["symbol, again"] = [ask("symbol", each) for each in NAMES]
    edited = next(file for file in sorted(place.rglob("*.py")) if file.stat().st_size)
    rows = []
    for number, each in enumerate(queries):
        with edited.open("a", encoding="utf-8") as file:
            file.write(f"\n\ndef edited_{number}():\n    return {number}\n")
        rows.append(ask("search", each))
    found["search after an edit"] = rows
    return {name: counted(rows) for name, rows in found.items()}


def counted(rows: Sequence[dict[str, float]]) -> dict[str, Any]:
    """A summary, and each command's round trips and kB."""
    return {**summary(rows), "each": [[row["round trips"], round(row["kB down"])] for row in rows]}


def in_a_process(proxy: CountingProxy, place: Path, data_dir: Path, queries: Sequence[str]) -> dict[str, Any]:
    """What searches cost in a process that stays open."""
    rows = []
    settings = replace(Settings(), store=proxy.url, data_dir=data_dir)
    with wherein.open_index(place, settings=settings) as index:
        index.search(queries[0])
        for query in queries:
            proxy.reset()
            index.search(query)
            rows.append({"s": 0.0, "round trips": proxy.turns, "kB down": proxy.down / 1000})
    return {"search in a process that stays open": counted(rows)}


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    home: Path = arguments.home.resolve()
    if arguments.folder:
        source, queries = arguments.folder.resolve(), load_queries([home])
    else:
        source = home / "repos" / arguments.repo if arguments.repo else largest(home)
        queries = [each.query for each in questions(home)[source.name]]
    queries = queries[: arguments.queries]
    with RedisServer() as server, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "data").mkdir()

        def used() -> int:
            with server.client() as client:
                return int(client.info("memory")["used_memory"])

        place, small = clone(source, folder / source.name), folder / "small"
        (small / "src").mkdir(parents=True)
        (small / "src" / "small.py").write_text(SMALL, "utf-8")
        subprocess.run(["git", "init", "-q", str(small)], check=True)
        with CountingProxy(server.socket).running() as proxy:
            empty = used()
            measured(proxy, ["index", "--view", "HEAD"], folder / "data", place)
            measured(proxy, ["index"], folder / "data", place)
            filled = used()
            measured(proxy, ["index"], folder / "data", small)
            further = used()
            settings = replace(Settings(), store=proxy.url, data_dir=folder / "data")
            with wherein.open_index(place, settings=settings) as index:
                chunks = index.status().chunks
            return {
                "repository": source.name,
                "chunks": chunks,
                "bytes a chunk": (filled - empty) / chunks,
                "a further repository of ten chunks, MB": (further - filled) / 1e6,
                **in_a_process(proxy, place, folder / "data", queries),
                **searches(proxy, place, folder, queries),
            }


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("home", type=Path, metavar="HOME")
    parser.add_argument("--repo", metavar="NAME", help="this repository (default: the largest)")
    parser.add_argument("--in", dest="folder", type=Path, metavar="FOLDER", help="this repository instead")
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    report = run(arguments)
    console.write_json(arguments.json, report)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
