"""Definitions that begin within a line that no parser understood."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.chunking.passage import Captures, Passage
    from wherein.chunking.placed_text import PlacedText
    from wherein.languages.recovery import Recovery

MOST_INLINE = 50
"""Places of a line at which a definition may begin."""

_BEGINS = re.compile(r"[{};][ \t]*+")
# `{0,500}`, not `*+`: before 3.11.5 Python goes on wrongly behind an alternative that failed in such a group.
_ENDS = re.compile(r"""[{};]|"(?:[^"\\]|\\.){0,500}"|'(?:[^'\\]|\\.){0,500}'""")
"""What opens, closes or ends something within a line; a string is passed over whole, unless it is a long one."""


@dataclass(slots=True)
class Inline:
    """What begins within a line, and ends on it."""

    kind: str
    name: Passage
    whole: Passage | None
    """None if it goes on below its line"""

    def captures(self, *, as_definition: bool) -> Captures:
        """With all that it is, others can be defined in it; on a line without an outer one its name is enough."""
        if self.whole is None or not as_definition:
            return {"member": [self.name]}
        return {f"definition.{self.kind}": [self.whole], "name": [self.name]}


def inline_of(text: PlacedText, row: int, recovery: Recovery) -> list[Inline]:
    """What begins within a line."""
    if not recovery.inline:
        return []
    line, at = text.lines[row], text.characters[row]
    found: list[Inline] = []
    for begin in islice(_BEGINS.finditer(line), MOST_INLINE):
        for kind, pattern in recovery.heads:
            match = pattern.match(text.whole, at + begin.end())
            if match is None or match.lastindex is None:
                continue
            start, stop = (place - at for place in match.span(match.lastindex))
            if stop <= len(line) and match[match.lastindex].encode() not in recovery.words:
                end = _end_within(line, stop)
                whole = text.passage(row, begin.end(), row, end) if end else None
                found.append(Inline(kind, text.passage(row, start, row, stop), whole))
            break
    return found


def _end_within(line: str, start: int) -> int:
    """Where on its line something ends whose name ends at `start`: behind its brackets, or before what ends it; 0 if it
    does not."""
    depth = 0
    for sign in islice(_ENDS.finditer(line, start), 4 * MOST_INLINE):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth -= 1
            if depth <= 0:
                return sign.end() if depth == 0 else sign.start()
        elif sign[0] == ";" and not depth:
            return sign.start()
    return 0
