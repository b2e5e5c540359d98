"""While a large repository is indexed the server answers as if it were not."""

import os
import resource
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path

import pytest

from child_processes import children
from raw_client import Failed

LONGEST_PING = 0.05
LONGEST_INITIALIZE = 0.5
LONGEST_END = 1.0
"""Seconds: the budgets."""

QUERIES = ("open a file", "parse an address", "decode json", "class Thread", "wait for a lock")


EACH = 2 if "WHEREIN_TEST_LONG" in os.environ else 4
"""One of so many files of Python's own library: some 10,000 chunks, or 5,000."""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A part of Python's own library as a repository."""
    root = tmp_path_factory.mktemp("large") / "library"
    root.mkdir()
    library = Path(sysconfig.get_path("stdlib"))
    number = 0
    for file in sorted(library.rglob("*.py"))[::EACH]:
        path = file.relative_to(library)
        if "site-packages" in path.parts or file.stat().st_size > 900_000:
            continue
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
        number += 1
    assert number > 400 // EACH  # Debian leaves out the tests of the library
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def timed(work, client=None):
    """Seconds; without those for which the server of a client, or we, were ready and had no processor."""
    processes = [os.getpid(), client.process.pid] if client else []
    before, began = without_processor(processes), time.perf_counter()
    work()
    passed, after = time.perf_counter() - began, without_processor(processes)
    return passed - sum(waited - before.get(thread, 0) for thread, waited in after.items())


def without_processor(processes):
    """Seconds of waiting for one, by thread; where the system is Linux."""
    waits = {}
    for process in processes:
        for task in Path(f"/proc/{process}/task").glob("*/schedstat"):
            with suppress(OSError):  # it has ended
                waits[task.parent.name] = int(task.read_text().split()[1]) / 1e9
    return waits


def ping(client):
    with pytest.raises(Failed):
        client.request("x/ping")


def session(start, large, **options):
    client = start(**options)
    client.initialize(large)
    client.until(lambda: any(each["kind"] == "report" for each in progress(client)))
    return client


@pytest.fixture
def indexing(start, large):
    """A session in which the first indexing has begun."""
    return session(start, large)


@pytest.fixture
def with_children(start, large):
    """One whose processes are its children, as they are where nothing is forked for tests."""
    return session(start, large, begin_anew=True)


def progress(client):
    return [note["value"] for note in client.named("$/progress")]


def ended(client):
    return any(each["kind"] == "end" for each in progress(client))


def part(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


@pytest.mark.slow
def test_the_loop_is_never_held_and_searches_are_answered_while_indexing(indexing):
    pings, searches = [], []
    while not ended(indexing):
        pings.append(timed(lambda: ping(indexing), indexing))
        if len(pings) % 10 == 0:
            query = QUERIES[len(pings) // 10 % len(QUERIES)]
            searches.append(timed(lambda q=query: indexing.command("wherein.search", {"query": q}), indexing))
        time.sleep(0.002)
    assert len(pings) > 100
    # two of a hundred may be the machine's; a handler that holds the loop holds up far more
    assert part(pings, 0.5) < 0.01
    assert part(pings, 0.98) < LONGEST_PING
    assert part(searches, 0.5) < 0.05
    assert indexing.command("wherein.search", {"query": "open a file"})["index"]["complete"] is True


@pytest.mark.slow
def test_a_search_that_is_cancelled_is_answered_so(indexing):
    asked = [indexing.begin("wherein/search", {"query": query}) for query in QUERIES * 8]
    for identity in asked:
        indexing.cancel(identity)
    codes = []
    for identity in asked:
        answer = indexing.answers[identity].get(timeout=20)
        codes.append(answer.get("error", {}).get("code"))
    assert codes.count(-32800) > len(codes) // 2
    assert set(codes) <= {None, -32800}


@pytest.mark.slow
def test_it_ends_within_a_second_while_it_is_indexing(indexing):
    for query in QUERIES:
        indexing.begin("wherein/search", {"query": query})
    began = time.perf_counter()
    assert indexing.shut_down() == 0
    assert time.perf_counter() - began < LONGEST_END


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there is no niceness")
def test_what_indexes_stands_behind_the_searches(with_children):
    def niceness(pid):
        return os.getpriority(os.PRIO_PROCESS, pid)

    (update,) = children(with_children.process.pid)
    ours = niceness(with_children.process.pid)
    assert niceness(update) == max(ours, 10)
    with_children.until(lambda: {niceness(worker) for worker in children(update)} == {19})


@pytest.mark.slow
def test_what_indexed_ends_with_it(with_children):
    assert children(with_children.process.pid)
    everyone = children(with_children.process.pid)
    everyone += [each for child in everyone for each in children(child)]
    with_children.process.kill()
    with_children.process.wait()
    with_children.until(lambda: not any(alive(each) for each in everyone))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processor time is read from /proc")
def test_initialize_is_answered_within_its_budget(start):
    """Processor time, from the start of the process: what the clock shows when nothing else runs."""
    used = []
    for _ in range(3):
        client = start(begin_anew=True)
        client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        fields = Path(f"/proc/{client.process.pid}/stat").read_text().rpartition(")")[2].split()
        used.append((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
        client.close()
    if min(used) >= LONGEST_INITIALIZE:
        # On a busy machine a processor does less in a second: how much less, what must be loaded in any case tells.
        assert min(used) < 1.3 * time_of_the_protocols_library()


def time_of_the_protocols_library():
    """Seconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import pygls.lsp.server"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
