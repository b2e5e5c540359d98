"""A long-lived process has one heap for all of its threads."""

import platform
import subprocess
import sys

import pytest

THREADS_THAT_ALLOCATE = """
import ctypes, sys, threading
from wherein.allocator import give_memory_back
if sys.argv[1] == "one":
    give_memory_back()

def work():
    held = [bytes(10_000) for _ in range(100)]
    together.wait()

together = threading.Barrier(4)
for _ in range(3):
    threading.Thread(target=work).start()
together.wait()
ctypes.CDLL(None).malloc_stats()
"""


def heaps(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", THREADS_THAT_ALLOCATE, how], capture_output=True, text=True, check=True
    )
    return sum(line.startswith("Arena ") for line in done.stderr.splitlines())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what other C libraries do is theirs")
def test_threads_have_no_heaps_of_their_own():
    assert heaps("one") == 1 < heaps("each its own")
