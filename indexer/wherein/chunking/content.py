"""Files that are text but not worth indexing, told by what is in them."""

import re
import tomllib
from functools import cache
from pathlib import Path

from wherein.languages.registry import detect
from wherein.skips import SkipReason

LONG_LINE = 1_000
"""Characters. Nobody writes such lines of code."""
LEAST_LONG_SHARE = 0.5
"""A file is minified when so much of its text stands in long lines …"""
MOST_OTHER_LINES = 50
"""… and no more lines are shorter than that: a licence, not a program that embeds data …"""
MOST_BLANKS = 0.1
"""… and the long lines are not prose, which has one blank in six characters (or letters beyond ASCII)."""
SAMPLE = 20_000
HEAD_LINES = 30
HEAD_CHARACTERS = 3_000
"""Where a notice of generated code is looked for."""

_LONG_LINES = re.compile(rf"[^\n]{{{LONG_LINE},}}")
_PROSE = re.compile(r"[\s\u0080-\U0010ffff]")
_MINIFIED_NAME = re.compile(r"[.-]min\.(?:js|mjs|cjs|css)$")
_COMMENT = r"^[ \t]*(?:/[/*]|\*|#|--|;|%|<!--|\{-|\(\*|\"\"\"|'''|rem\b|dnl\b)"


def skip_by_content(path: str, text: str) -> SkipReason | None:
    """MINIFIED or GENERATED where a file's text says so, else None."""
    if is_minified(path, text):
        return SkipReason.MINIFIED
    if is_generated(text):
        return SkipReason.GENERATED
    return None


def is_minified(path: str, text: str) -> bool:
    """Whether most of the text stands in lines longer than people write."""
    if not _has_long_line(text):
        return False
    long_lines = [match[0] for match in _LONG_LINES.finditer(text)]
    if _MINIFIED_NAME.search(path):
        return True
    if sum(map(len, long_lines)) < LEAST_LONG_SHARE * len(text):
        return False
    if text.count("\n") - len(long_lines) > MOST_OTHER_LINES or detect(path).chunker == "notebook":
        return False
    sample = "".join(line[: max(LONG_LINE, SAMPLE // len(long_lines))] for line in long_lines[:SAMPLE])
    return len(_PROSE.findall(sample)) < MOST_BLANKS * len(sample)


def _has_long_line(text: str) -> bool:
    """What `_LONG_LINES` would find, by looking at few characters: the last line's end among the next LONG_LINE."""
    start = 0
    while start + LONG_LINE <= len(text):
        end = text.rfind("\n", start, start + LONG_LINE)
        if end < 0:
            return True
        start = end + 1
    return False


def is_generated(text: str) -> bool:
    """Whether a comment at the head of the text says that a program wrote it."""
    head = "\n".join(text[:HEAD_CHARACTERS].split("\n", HEAD_LINES)[:HEAD_LINES])
    words, notices = _notices()
    lower = head.lower()
    return any(word in lower for word in words) and notices.search(head) is not None


@cache
def _notices() -> tuple[list[str], re.Pattern[str]]:
    described = tomllib.loads(Path(__file__).with_name("generated.toml").read_text(encoding="utf-8"))
    notices = "|".join(notice.removeprefix("^") for notice in described["notices"])
    return described["words"], re.compile(rf"{_COMMENT}.*?(?:{notices})", re.IGNORECASE | re.MULTILINE)
