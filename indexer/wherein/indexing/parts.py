"""Which parts of a file are embedded: known to who prepares files, and to who embeds chunks of them later."""

PATH_WORDS = 4
"""The last words of a path are embedded with each of its chunks."""

UNSEARCHED_KINDS = frozenset({"output"})
"""Chunks that are shown in place but never searched: a notebook's results."""
