#!/usr/bin/env python3
"""The Redis store beside the embedded one, on the same chunks: speed, recall, memory.

    benchmarks/redis_store.py HOME... [--more FOLDER...] [--sizes 10000 50000 200000] [--vectors float16] [--json FILE]

The code is that of the benchmark homes' repositories (see retrieval.py) and of further folders, all as one repository;
each size takes as many whole files as hold so many chunks. The queries are the homes'. Without --store the tests' own
Redis is started on a unix socket, with a log (AOF everysec), empty for each size.

Ingest is the writing alone, in the batches that indexing makes; chunking and embedding are the same for both stores.
"Beside wherein index": the command indexes the same files, as another repository, into the same store; at most for
--beside seconds. "Beside a writer": another process writes prepared versions of the files into another view of the same
repository as fast as it can. Searches follow one another without a pause; all share the machine's cores.
Recall is the vector part's, among the ten nearest by an exact scan with float32.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import console
from beside import Writing, beside_a_writer, beside_an_index
from timing import percentile
from wherein.chunking.chunker import CHUNKER_VERSION
from wherein.embedding.open import open_embedder
from wherein.git.open import open_source
from wherein.git.source import SourceSettings
from wherein.indexing.batches import BATCH_BYTES, BATCH_FILES
from wherein.indexing.prepare import Content, prepare
from wherein.search.query import parse
from wherein.search.search import search
from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import FileVersion, Header, Retrieval, Store
from wherein.tokens import TOKENIZER_VERSION

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

VIEW = "main"
REPOSITORY = "benchmark"
QUERIES = 200
ROUNDS = 3
NEAREST = 10
SEED = 7
PREPARED_AT_ONCE = 64
"""Files."""
Batch = list[FileVersion]


def collect_files(homes: Sequence[Path], more: Sequence[Path]) -> Iterator[Content]:
    """The files of all repositories, each path below its repository's name."""
    folders = [folder for home in homes for folder in sorted((home / "repos").iterdir())] + list(more)
    for folder in folders:
        source = open_source(folder, settings=SourceSettings())
        try:
            for path, blob in source.listing().files.items():
                try:
                    yield Content(f"{folder.name}/{path}", blob, source.read(path))
                except OSError:
                    continue
        finally:
            source.close()


def prepare_all(contents: Iterable[Content], chunks: int) -> tuple[list[FileVersion], float]:
    """File versions with at least so many chunks, if there are, in random order; and the seconds it took."""
    embedder = open_embedder(None)
    everything = list(contents)
    random.Random(SEED).shuffle(everything)
    versions: list[FileVersion] = []
    held = 0
    began = time.perf_counter()
    for start in range(0, len(everything), PREPARED_AT_ONCE):
        versions += prepare(everything[start : start + PREPARED_AT_ONCE], embedder)
        held = sum(len(version.chunks) for version in versions) if held < chunks else held
        print(f"\r{held:,} chunks prepared", end="", file=sys.stderr, flush=True)
        if held >= chunks:
            break
    print(file=sys.stderr)
    return versions, time.perf_counter() - began


def batches(versions: Sequence[FileVersion], chunks: int) -> list[Batch]:
    """The first so many chunks, in batches as indexing makes them."""
    found: list[Batch] = [[]]
    size = held = 0
    for version in versions:
        if held >= chunks:
            break
        if size >= BATCH_BYTES or len(found[-1]) >= BATCH_FILES:
            found.append([])
            size = 0
        found[-1].append(version)
        size += len(version.text)
        held += len(version.chunks)
    return found


def header() -> Header:
    """The header of an index that this version makes."""
    embedder = open_embedder(None)
    return Header(SCHEMA, CHUNKER_VERSION, TOKENIZER_VERSION, embedder.model_id, embedder.dimension)


def write_all(store: Store, wanted: Sequence[Batch], view: str = VIEW) -> None:
    """Write batches; the last one makes the view complete."""
    for i, batch in enumerate(wanted):
        store.write(view, put=batch, complete=i == len(wanted) - 1)


def measure_queries(
    store: Store, queries: Sequence[str], rounds: int = ROUNDS
) -> tuple[list[float], list[Any]]:
    """Milliseconds of each search, and the first hit of each query."""
    embedder = open_embedder(None)
    times, first = [], []
    for round_ in range(rounds):
        for query in queries:
            began = time.perf_counter()
            hits = search(store, VIEW, embedder, query, repository=REPOSITORY, limit=10)
            times.append(1000 * (time.perf_counter() - began))
            if round_ == 0:
                first.append((hits[0].path, hits[0].start_line) if hits else None)
    return times, first


def measure_retrieval(
    store: Store, queries: Sequence[str], truth: dict[str, set[tuple[str, int]]]
) -> dict[str, float]:
    """Milliseconds of the vector part, and its recall among the exact nearest."""
    embedder = open_embedder(None)
    found, times = [], []
    for query in queries:
        (vector,) = embedder.embed([parse(query).words])
        request = Retrieval(VIEW, embedding=vector, limit=NEAREST)
        began = time.perf_counter()
        candidates = store.retrieve(request).candidates
        times.append(1000 * (time.perf_counter() - began))
        found.append(len({(each.path, each.start_line) for each in candidates} & truth[query]) / NEAREST)
    return {"recall@10": float(np.mean(found)), "vector p50 ms": percentile(times, 0.5)}


def exact_nearest(wanted: Sequence[Batch], queries: Sequence[str]) -> dict[str, set[tuple[str, int]]]:
    """Query → (path, first line) of the ten nearest chunks."""
    embedder = open_embedder(None)
    where = [(v.path, c.start_line) for batch in wanted for v in batch for c in v.chunks]
    vectors = np.concatenate([v.embeddings for batch in wanted for v in batch if len(v.chunks)])
    asked = embedder.embed([parse(query).words for query in queries])
    nearest: dict[str, set[tuple[str, int]]] = {}
    for query, vector in zip(queries, asked, strict=True):
        best = np.argsort(-(vectors @ vector))[:NEAREST]
        nearest[query] = {where[i] for i in best}
    return nearest


def measure(
    url: str | None,
    data_dir: Path,
    wanted: Sequence[Batch],
    queries: Sequence[str],
    used: Callable[[], int],
    beside: float,
) -> tuple[dict[str, float], list[Any]]:
    """All figures of one store at one size, and the first hits."""
    chunks = sum(len(version.chunks) for batch in wanted for version in batch)
    lines = sum(version.text.count("\n") + 1 for batch in wanted for version in batch)
    before = used()
    began = time.perf_counter()
    with open_store(url, REPOSITORY, header(), data_dir=data_dir, mode="write") as store:
        write_all(store, wanted)
        seconds = time.perf_counter() - began
        if url is not None:
            wait_for_index(url)
        ready = time.perf_counter() - began
    with open_store(url, REPOSITORY, header(), data_dir=data_dir, mode="read") as store:
        measure_queries(store, queries[:20], 1)  # warm
        times, first = measure_queries(store, queries)
        figures = {
            "chunks": chunks,
            "lines": lines,
            "ingest chunks/s": chunks / seconds,
            "ready after s": ready,
            "query p50 ms": percentile(times, 0.5),
            "query p95 ms": percentile(times, 0.95),
            **measure_retrieval(store, queries, exact_nearest(wanted, queries)),
            "bytes/chunk, as status says": store.counts().bytes / chunks,
            "bytes/chunk, measured": (used() - before) / chunks,
        }
        writing = Writing(url, data_dir, REPOSITORY, header())

        def search_some(some: Sequence[str]) -> list[float]:
            return measure_queries(store, some, 1)[0]

        indexing = beside_an_index(search_some, queries, beside, url, wanted)
        busy = beside_a_writer(search_some, queries, beside, writing, wanted[:40])
        figures |= {
            "beside wherein index p50 ms": percentile(indexing, 0.5),
            "beside wherein index p95 ms": percentile(indexing, 0.95),
            "beside a writer p50 ms": percentile(busy, 0.5),
            "beside a writer p95 ms": percentile(busy, 0.95),
        }
    return figures, first


def wait_for_index(url: str) -> None:
    """Until the server has filled every search index."""
    client = plain_client(url)
    for name in client.execute_command("FT._LIST"):
        while True:
            answer = client.execute_command("FT.INFO", name)
            facts = dict(zip(answer[::2], answer[1::2], strict=True))
            if not int(facts[b"indexing"]):
                break
            time.sleep(0.05)
    client.close()


def plain_client(url: str) -> Any:  # noqa: ANN401 - redis-py's answers have no types worth naming
    """For what is asked of the server itself."""
    from wherein.store.redis.connection import address
    from wherein.store.redis.connection.connect import connect

    return connect(address.parse(url), timeout=600)


def memory_of(url: str) -> int:
    """Bytes that the server has in use, its search indexes included."""
    client = plain_client(url)
    try:
        return int(client.info("memory")["used_memory"])
    finally:
        client.close()


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def redis_store(given: str | None) -> Iterator[str]:
    """A URL of a store without anything in it."""
    if given is not None:
        client = plain_client(given)
        client.flushall()
        client.close()
        yield given
        return
    from redis_servers import RedisServer

    with RedisServer() as server:
        yield server.url


def load_queries(homes: Sequence[Path]) -> list[str]:
    """A fixed sample of the homes' queries."""
    files = sorted(file for home in homes for file in (home / "annotations").glob("*.json"))
    found = [item["query"] for file in files for item in json.loads(file.read_text("utf-8"))]
    return random.Random(SEED).sample(found, min(QUERIES, len(found)))


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure every size."""
    queries = load_queries(arguments.homes)
    versions, seconds = prepare_all(collect_files(arguments.homes, arguments.more), max(arguments.sizes))
    prepared = sum(len(version.chunks) for version in versions)
    report: dict[str, Any] = {"cores": os.cpu_count(), "prepared chunks/s": prepared / seconds, "sizes": {}}
    for size in sorted(arguments.sizes):
        wanted = batches(versions, size)
        results: dict[str, Any] = {}
        with tempfile.TemporaryDirectory() as folder:
            data_dir = Path(folder)
            results["embedded"], mine = measure(
                None, data_dir, wanted, queries, lambda d=data_dir: folder_bytes(d), arguments.beside
            )
        for vectors in arguments.vectors:
            with redis_store(arguments.store) as base, tempfile.TemporaryDirectory() as folder:
                url = f"{base}{'&' if '?' in base else '?'}vectors={vectors}"
                figures, theirs = measure(
                    url, Path(folder), wanted, queries, lambda u=url: memory_of(u), arguments.beside
                )
                same = [a == b for a, b in zip(mine, theirs, strict=True)]
                results[f"redis {vectors}"] = figures | {"same first hit": float(np.mean(same))}
        report["sizes"][str(size)] = results
        print(table({**report, "sizes": {str(size): results}}), flush=True)
    return report


def table(report: dict[str, Any]) -> str:
    """Markdown."""
    lines = []
    for results in report["sizes"].values():
        names = list(dict.fromkeys(name for figures in results.values() for name in figures))
        chunks = next(iter(results.values()))["chunks"]
        lines += ["", f"| {chunks:,} chunks | {' | '.join(results)} |", "|---" * (len(results) + 1) + "|"]
        for name in names:
            if name != "chunks":
                values = (shown(figures.get(name)) for figures in results.values())
                lines.append(f"| {name} | {' | '.join(values)} |")
    return "\n".join(lines) + "\n"


def shown(value: float | None) -> str:
    """With as many digits as mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 2 else f"{value:.3f}"


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--more", nargs="*", default=[], type=Path, metavar="FOLDER", help="further code")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 50_000, 200_000], help="in chunks")
    parser.add_argument("--vectors", nargs="+", default=["float16"], choices=["float32", "float16"])
    parser.add_argument(
        "--beside", type=float, default=6.0, metavar="SECONDS", help="measure so long beside a writer"
    )
    parser.add_argument("--store", help="an empty Redis to use: everything in it is DELETED")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--table", type=Path, help="write the tables here, in Markdown")
    arguments = parser.parse_args()
    report = run(arguments)
    console.write_json(arguments.json, report)
    if arguments.table:
        arguments.table.write_text(table(report), "utf-8")


if __name__ == "__main__":
    main()
