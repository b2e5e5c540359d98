"""Text that is not worth indexing: generated and minified files, and lines of data in others."""

import re
from collections.abc import Sequence

from wherein.chunking import chunker
from wherein.chunking.generated import is_generated
from wherein.languages.registry import Language
from wherein.skips import SkipReason

LONG_LINE = 1_000
"""Characters. Nobody writes such lines of code."""
LEAST_LONG_SHARE = 0.5
"""A file may be minified when so much of its text stands in long lines, and what is left defines nothing."""
MOST_OTHER_LINES = 50
"""More other lines are a program that embeds data; no need to look for what they define."""
MOST_BLANKS = 0.1
"""Prose has one blank in six characters (or letters beyond ASCII): a line of it is no data."""
SAMPLE = 20_000

_LONG_LINES = re.compile(rf"[^\n]{{{LONG_LINE},}}")
_PROSE = re.compile(r"[^\x00-\x08\x0e-\x1b!-\x7f]")
_MINIFIED_NAME = re.compile(r"[.-]min\.(?:js|mjs|cjs|css)$")


def skip_by_content(path: str, text: str, language: Language) -> SkipReason | None:
    """MINIFIED or GENERATED where a file's text says so, else None."""
    if is_minified(path, text, language):
        return SkipReason.MINIFIED
    if is_generated(text, language):
        return SkipReason.GENERATED
    return None


def is_minified(path: str, text: str, language: Language) -> bool:
    """Whether the text stands in lines longer than people write, and the rest defines nothing."""
    if not _has_long_line(text):
        return False
    long_lines = [match[0] for match in _LONG_LINES.finditer(text)]
    if _MINIFIED_NAME.search(path):
        return True
    if sum(map(len, long_lines)) < LEAST_LONG_SHARE * len(text):
        return False
    if text.count("\n") - len(long_lines) > MOST_OTHER_LINES or language.chunker == "notebook":
        return False
    sample = "".join(line[: max(LONG_LINE, SAMPLE // len(long_lines))] for line in long_lines[:SAMPLE])
    if _is_prose(sample):
        return False
    return not any(chunk.symbol for chunk in chunker.chunk(path, _LONG_LINES.sub("", text), language))


def without_data(text: str, lines: Sequence[str]) -> Sequence[str]:
    """The lines of a text, those empty that are too long to be code and are no prose: a picture, a table, a bundle."""
    if not _has_long_line(text):
        return lines
    return [line if len(line) < LONG_LINE or _is_prose(line[:SAMPLE]) else "" for line in lines]


def _is_prose(text: str) -> bool:
    return len(_PROSE.findall(text)) >= MOST_BLANKS * len(text)


def _has_long_line(text: str) -> bool:
    """What `_LONG_LINES` would find, by looking at few characters: the last line's end among the next LONG_LINE."""
    start = 0
    while start + LONG_LINE <= len(text):
        end = text.rfind("\n", start, start + LONG_LINE)
        if end < 0:
            return True
        start = end + 1
    return False
