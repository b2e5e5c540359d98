"""Searches timed while another process indexes; all share the machine's cores."""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wherein.store.open import open_store
from wherein.store.protocol import FileVersion, Header

STARTING = 1.5
"""Seconds until `wherein index` has its workers running."""
SEARCHED_AT_ONCE = 20
"""Queries between two looks at the clock."""

Searching = Callable[[Sequence[str]], list[float]]
"""From queries to the milliseconds that each took."""


@dataclass(frozen=True)
class Writing:
    """Where the writer writes to."""

    url: str | None
    data_dir: Path
    repository: str
    header: Header


def beside_a_writer(
    search: Searching,
    queries: Sequence[str],
    seconds: float,
    writing: Writing,
    batches: Sequence[Sequence[FileVersion]],
) -> list[float]:
    """Milliseconds of searches while a process writes as fast as it can."""
    context = multiprocessing.get_context("spawn")
    ready, over = context.Event(), context.Event()
    writer = context.Process(target=keep_writing, args=(writing, batches, ready, over))
    writer.start()
    ready.wait()
    times = _search_while(search, queries, seconds, writer.is_alive)
    over.set()
    writer.join()
    return times


def keep_writing(writing: Writing, batches: Sequence[Sequence[FileVersion]], ready: Any, over: Any) -> None:  # noqa: ANN401
    """In another process: write further versions of the files into another view until told to stop."""
    with open_store(
        writing.url, writing.repository, writing.header, data_dir=writing.data_dir, mode="write"
    ) as store:
        ready.set()
        for turn in range(1_000_000):
            for batch in batches:
                if over.is_set():
                    return
                store.write("other", put=[replace(each, blob=f"{each.blob}-{turn}") for each in batch])


def beside_an_index(
    search: Searching,
    queries: Sequence[str],
    seconds: float,
    url: str | None,
    batches: Sequence[Sequence[FileVersion]],
) -> list[float]:
    """Milliseconds of searches while `wherein index` works on the files as another repository."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for version in (version for batch in batches for version in batch):
            file = place / "code" / version.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(version.text, "utf-8", "replace")
        command = [sys.executable, "-P", "-m", "wherein_server.cli", "index", str(place / "code")]
        own = {"WHEREIN_CONFIG": str(place / "config.toml"), "WHEREIN_DATA_DIR": str(place / "data")}
        indexing = subprocess.Popen(
            [*command, "--store", url] if url else command,
            env=os.environ | own,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        time.sleep(STARTING)
        try:
            return _search_while(search, queries, seconds, lambda: indexing.poll() is None)
        finally:
            indexing.kill()
            indexing.wait()


def _search_while(
    search: Searching, queries: Sequence[str], seconds: float, goes_on: Callable[[], bool]
) -> list[float]:
    times: list[float] = []
    end = time.monotonic() + seconds
    at = 0
    while not times or (time.monotonic() < end and goes_on()):
        times += search(queries[at : at + SEARCHED_AT_ONCE])
        at = (at + SEARCHED_AT_ONCE) % len(queries)
    return times
