#!/usr/bin/env python3
"""What a farm's work costs, and what a large farm would need.

    benchmarks/farm.py FOLDER [--workers 1 2 4] [--json FILE]

FOLDER holds repositories (bare or not). For each number of workers all are indexed for the first time into a new
server, then a file of each changes and all are indexed again, then nothing has changed. Processor time is measured, of
workers and of the server, for the machine may be shared; seconds are not. From these costs `simulate` plays six hours
of a farm of 10,000 repositories with 100 pushes a minute: how many workers keep what is pushed from waiting, and what
the server holds.
"""

import heapq
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import console

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from redis_servers import RedisServer
from wherein.config.settings import Settings
from wherein.opening import open_stored

COMMAND = Path(sys.executable).parent / "wherein"

REPOSITORIES = 10_000
PUSHES_A_MINUTE = 100
POLL_MINUTES = 15

WAIT_GOAL = 60.0
"""Seconds within which nineteen pushes in twenty are to be begun."""

NETWORK = 1.0
"""Seconds that a fetch waits for a forge, in which it needs no core; of ours there is none to measure."""

SPREAD = 1.2
"""Of the logarithm of how much repositories and pushes cost, beside the mean: of the 19 measured ones it is 1.1."""


@dataclass
class Costs:
    """Seconds of processor time."""

    workers: int
    first: float
    """a repository's first index"""
    push: float
    """of one changed file"""
    nothing: float
    """a job that finds all done"""
    poll: float
    """a look at a remote"""
    server_first: float
    server_push: float


def main() -> None:
    """Measure, and play a large farm."""
    parser = console.parser(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    measured, facts = [], {}
    for workers in given.workers:
        costs, facts = measure(given.folder, workers)
        measured.append(costs)
        print(json.dumps(asdict(costs) | facts), flush=True)
    found = {"costs": [asdict(each) for each in measured], **facts, "simulated": simulate(measured[0], facts)}
    print(json.dumps(found["simulated"], indent=1))
    console.write_json(given.json, found)


def measure(folder: Path, workers: int) -> tuple[Costs, dict[str, Any]]:
    """Costs with so many workers; and how many files and chunks there are, and what the server holds."""
    with tempfile.TemporaryDirectory() as scratch, RedisServer() as server:
        place = Path(scratch)
        remotes = [_cloned(each, place) for each in sorted(folder.iterdir())]
        listed = json.dumps([each.as_uri() for each in remotes])
        (place / "farm.toml").write_text(
            f'protocols = ["file"]\npoll_minutes = 0.0001\nrepositories = {listed}\n'
        )
        environment = os.environ | {
            "WHEREIN_STORE": server.url,
            "WHEREIN_DATA_DIR": str(place / "data"),
            "WHEREIN_CONFIG": str(place / "config.toml"),
            "WHEREIN_FARM_FILE": str(place / "farm.toml"),
        }

        def farm(*arguments: str) -> tuple[float, float]:
            before, server_before = _children(), _server(server)
            subprocess.run(
                [str(COMMAND), "farm", *arguments], env=environment, check=True, capture_output=True
            )
            return _children() - before, _server(server) - server_before

        count = len(remotes)
        with server.client() as client:
            empty = int(client.info("memory")["used_memory"])
        idle = farm("work", "--burst", "--concurrency", str(workers))[0]
        start = farm("status")[0]
        poll = farm("poll")[0]
        first, server_first = farm("work", "--burst", "--concurrency", str(workers))
        facts = _facts(environment, server, count, empty)
        for remote in remotes:
            _change(remote)
        farm("poll")
        push, server_push = farm("work", "--burst", "--concurrency", str(workers))
        with server.client() as client:  # what was done is asked for once more, as after a broker's loss
            for key in client.scan_iter("wherein-farm:*repository:*"):
                client.hdel(key, "indexed")
        farm("poll")
        nothing, _ = farm("work", "--burst", "--concurrency", str(workers))
    costs = Costs(
        workers,
        *((taken - idle) / count for taken in (first, push, nothing)),
        (poll - start) / count,
        server_first / count,
        server_push / count,
    )
    return costs, facts


def _cloned(repository: Path, place: Path) -> Path:
    target = place / "remotes" / repository.name.removesuffix(".git")
    subprocess.run(["git", "clone", "-q", "--depth=1", repository.as_uri(), str(target)], check=True)
    return target


def _change(remote: Path) -> None:
    files = subprocess.run(
        ["git", "-C", str(remote), "ls-files"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    code = [
        each
        for each in files
        if Path(each).suffix in (".py", ".go", ".rs", ".rb", ".lua", ".ex", ".java", ".c")
    ]
    with (remote / (code or files)[len(code) // 2]).open("a") as file:
        file.write("\n")
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(remote), *identity, "commit", "-qam", "a change"], check=True)


def _facts(environment: dict[str, str], server: RedisServer, count: int, empty: int) -> dict[str, Any]:
    done = subprocess.run(
        [str(COMMAND), "farm", "status", "--json"], env=environment, check=True, capture_output=True
    )
    repositories = json.loads(done.stdout)["repositories"]
    with server.client() as client:
        held = int(client.info("memory")["used_memory"]) - empty
    settings = Settings(store=server.url, data_dir=Path(environment["WHEREIN_DATA_DIR"]))
    chunks = 0
    for index in open_stored(settings):
        with index:
            chunks += index.told().chunks
    return {
        "repositories": count,
        "files": sum(each["files"] for each in repositories),
        "chunks": chunks,
        "server_bytes": held,
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _server(server: RedisServer) -> float:
    with server.client() as client:
        used = client.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


def simulate(costs: Costs, facts: dict[str, Any], *, hours: float = 6.0, seed: int = 1) -> dict[str, Any]:
    """How a farm of REPOSITORIES with PUSHES_A_MINUTE fares with so many workers, a core each."""
    spread = random.Random(seed)
    bias = SPREAD * SPREAD / 2
    pushes, at = [], 0.0
    while at < hours * 3600:
        at += spread.expovariate(PUSHES_A_MINUTE / 60)
        pushes.append((at, costs.push * spread.lognormvariate(-bias, SPREAD) + NETWORK))
    mean = statistics.fmean(service for _, service in pushes)
    rows = []
    for workers in range(1, 41):
        free = [0.0] * workers
        waits = []
        for arrived, service in pushes:
            ready = heapq.heappop(free)
            begun = max(arrived, ready)
            waits.append(begun - arrived)
            heapq.heappush(free, begun + service)
        waits.sort()
        late = waits[int(len(waits) * 0.95)]
        rows.append(
            {
                "workers": workers,
                "busy": round(mean * PUSHES_A_MINUTE / 60 / workers, 2),
                "p95_wait": round(late, 1),
            }
        )
        if late < 1.0:
            break
    enough = next(row for row in rows if row["p95_wait"] <= WAIT_GOAL)
    chunks = facts["chunks"] / facts["repositories"]
    bytes_a_chunk = facts["server_bytes"] / max(facts["chunks"], 1)
    return {
        "pushes": len(pushes),
        "by_workers": rows,
        "workers_for_pushes": enough["workers"],
        "cores_of_workers": round(costs.push * PUSHES_A_MINUTE / 60, 2),
        "cores_of_server": round(costs.server_push * PUSHES_A_MINUTE / 60, 3),
        "cores_of_polling": round(costs.poll * REPOSITORIES / (POLL_MINUTES * 60), 3),
        "first_index_core_hours": round(costs.first * REPOSITORIES / 3600, 1),
        "chunks": round(chunks * REPOSITORIES),
        "bytes_a_chunk": round(bytes_a_chunk),
        "server_gigabytes": round(chunks * REPOSITORIES * bytes_a_chunk / 1e9, 1),
    }


if __name__ == "__main__":
    main()
