"""`-C`: the lines around a hit's best line, also beyond the hit if the file on disk still contains it."""

from collections.abc import Collection
from pathlib import Path

from wherein.chunking.decode import decode
from wherein.git.beneath import Beneath
from wherein.hit import Hit
from wherein.secrets.mask import mask
from wherein.skips import SkipReason
from wherein_server.cli.snippets import Line, best_line, split

LARGEST_FILE = 20_000_000
"""Bytes; of a larger file no context beyond the hit is read."""


def context(hit: Hit, terms: Collection[str], around: int, root: Path | None) -> list[Line]:
    """The best line of the hit with `around` lines before and after it."""
    at = best_line(hit.text, hit.start_line, terms)
    lines, first = _file_lines(hit, root), 1
    if lines is None:
        lines, first = split(hit.text), hit.start_line
    start = max(at - around, first)
    end = min(at + around, first + len(lines) - 1)
    return [Line(number, lines[number - first]) for number in range(start, end + 1)]


def _file_lines(hit: Hit, root: Path | None) -> list[str] | None:
    """The file's lines, if it is there as it was indexed."""
    if root is None:
        return None
    try:
        text = decode(Beneath(root).read(hit.path, LARGEST_FILE))
    except OSError:
        return None
    if isinstance(text, SkipReason):
        return None
    indexed = split(hit.text)
    for lines in (
        split(mask(text, hit.language)),
        split(text),
    ):  # as it was indexed, which may have been with its secrets
        if lines[hit.start_line - 1 : hit.end_line] == indexed:
            return lines
    return None
