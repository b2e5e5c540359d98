"""The parts of a long text: its prose, pasted code, error lines; and what tells nothing: headings of forms, lists of
versions, addresses, signatures."""

import re
import tomllib
from functools import cache

from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.search.traces import LONGEST_LINE

SENTENCE = 9
"""Words of a line that is no entry of a list of versions."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ADDRESS = re.compile(
    r"<?\b(?:https?|ftp|git)://[^\s<>\])]+>?|<[^\s<>@]+@[^\s<>]+>|\b[\w.+-]+@[\w-]+\.[\w.-]+\b"
)
_FENCE = re.compile(r"^[ \t>]{0,12}(?:```|~~~)")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_LIST = re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]")
_FILE = re.compile(r"(?<![\w.+-])[\w+-][\w.+-]{0,100}\.[A-Za-z]\w{0,7}\b")
_CHECKED = re.compile(r"^[ \t]*[-*+][ \t]+\[[ xX]?\][ \t]")
_TRAILER = re.compile(r"^[A-Z][\w-]{1,40}(?:-[Bb]y|-[Ii]d):[ \t]")
_AROUND_HEADING = "#*_:?.! \t"
_ERROR = re.compile(
    r"\b\w{0,80}(?:Error|Exception|Warning|Fault|Failure)\b[:(]|"
    r"^\W*(?:\[?(?:error|fatal|panic|warning)\b[^:\n]{0,40}:|thread '[^'\n]+' panicked|panicked at)",
    re.IGNORECASE,
)
_OF_ERRORS = ("error", "exception", "warning", "fault", "failure", "fatal", "panic")
"""One of these is in each line that tells of one: most need not be searched."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a long text, lines joined."""

    prose: str
    """its title among it"""
    code: str
    errors: str
    files: frozenset[str]
    """names of files, without their folders"""
    names: tuple[str, ...] = ()
    """identifiers, where the parser of queries added them"""


def parts_of(text: str) -> Parts:
    """Take a long text apart."""
    prose: list[str] = []
    code: list[str] = []
    errors: list[str] = []
    fenced, aside, before = False, False, ""
    for line in _COMMENT.sub("\n", text).split("\n"):
        line = line[:LONGEST_LINE]
        if _FENCE.match(line):
            fenced = not fenced
            continue
        bare = line.strip()
        if any(map(line.lower().__contains__, _OF_ERRORS)) and _ERROR.search(line):
            errors.append(bare)
        if fenced:
            code.append(line)
            continue
        if _INDENTED.match(line) and not before and not _LIST.match(line):
            code.append(line)
            continue
        before = "" if not bare or (before == "" and _INDENTED.match(line)) else bare
        if _CHECKED.match(line) or _TRAILER.match(line):
            continue
        if (told := bare.strip(_AROUND_HEADING).lower()) in _told()["headings"] or told in _told()["aside"]:
            aside = told in _told()["aside"]
            continue
        if line.startswith("#") or len(bare.split()) >= SENTENCE:
            aside = False
        if aside:
            continue
        prose.append(_ADDRESS.sub(" ", line) if "://" in line or "@" in line else line)
    return Parts("\n".join(prose), "\n".join(code), "\n".join(errors), frozenset(_FILE.findall(text)))


@cache
def _told() -> dict[str, frozenset[str]]:
    data = tomllib.loads(files("wherein.search").joinpath("report_parts.toml").read_text("utf-8"))
    return {name: frozenset(value) for name, value in data.items()}
