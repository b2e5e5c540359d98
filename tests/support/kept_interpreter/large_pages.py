"""Memory in pages of 2 MB instead of 4 kB, where Linux (6.1 or newer) can: a fork copies the table of pages, and with
some 20,000 entries less a forked process takes 4 ms less, of the 13 that the shortest command takes.
"""

import ctypes
import sys

LARGE = 2 << 20
COLLAPSE = 25
"""MADV_COLLAPSE of <linux/mman.h>; a system that does not know it refuses, and nothing is lost."""


def use_large_pages() -> None:
    """For all that this process holds now and no file backs."""
    if sys.platform != "linux":
        return
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
    with open("/proc/self/maps", encoding="utf-8") as maps:  # noqa: PTH123
        lines = [line.split() for line in maps]
    for place, rights, *_, name in ((*line, "") if len(line) < 6 else line for line in lines):
        if rights == "rw-p" and name in ("", "[heap]"):
            begin, end = (int(number, 16) for number in place.split("-"))
            begin, end = -(-begin // LARGE) * LARGE, end // LARGE * LARGE
            if begin < end:
                advise(begin, end - begin, COLLAPSE)
