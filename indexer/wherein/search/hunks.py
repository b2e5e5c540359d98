"""Places that a pasted diff changes: the first changed line of each hunk."""

import re
from collections.abc import Iterator

from wherein.quick_dataclass import dataclass

NOWHERE = "/dev/null"
"""What a file is called that one side of a diff does not have."""

_FILE = re.compile(r"(?:---|\+\+\+|diff --git \S+) (?:[abciow]/)?(?P<path>[^\t]+)")
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<line>\d+)(?:,\d+)? @@")


@dataclass(frozen=True, slots=True)
class Hunk:
    """A hunk of a unified diff."""

    path: str
    line: int
    """of the file as it became"""
    start: int
    end: int
    """where the hunk's head stands in the text, with the names of the files where these stand right above"""


def hunks(text: str) -> Iterator[Hunk]:
    """Those of a text, in their order. git's `a/` and `b/` are no part of a path."""
    if "\n@@ -" not in text and not text.startswith("@@ -"):
        return
    path, heads, at = "", 0, 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        head = _HUNK.match(line)
        if head and path:
            unchanged = 0
            for inner in lines[number + 1 :]:
                if not inner.startswith(" "):
                    break
                unchanged += 1
            yield Hunk(path, int(head["line"]) + unchanged, heads or at, at + head.end())
        if (named := _FILE.match(line)) is not None:
            name = named["path"].strip(' "\r')
            path = path if name == NOWHERE else name
            heads = heads or at
        else:
            heads = 0
        at += len(line) + 1
