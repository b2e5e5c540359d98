"""Which parts of a file are embedded, for preparing files and for embedding chunks later."""

PATH_WORDS = 4
"""The last words of a path are embedded with each of its chunks."""

UNSEARCHED_KINDS = frozenset({"output"})
"""Chunks that are shown in place but never searched: a notebook's results."""
