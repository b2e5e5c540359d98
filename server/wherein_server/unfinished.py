"""What is still open where a part of a text begins: a comment or a string of several lines, so that its words are not
coloured as code."""

import re
from collections.abc import Mapping

PYTHON = re.compile(r'"""|\'\'\'|["\'#]')
SLASHES = re.compile(r"/\*|//|[`\"']")
"""What may open something."""

CLOSED_BY = {'"""': '"""', "'''": "'''", "/*": "*/", "`": "`"}
"""What is open until something closes it, and what that is."""

OF_SLASHES = (
    "c cpp csharp css dart go groovy java javascript jsx kotlin objc php rust scala scss swift tsx typescript"
)

LANGUAGES: Mapping[str, "re.Pattern[str]"] = {"python": PYTHON} | dict.fromkeys(OF_SLASHES.split(), SLASHES)

STRING = {quote: re.compile(rf"{quote}(?:\\.|[^{quote}\\\n])*{quote}") for quote in "\"'"}
CHARACTER = re.compile(r"'(?:\\.|[^'\\\n])'")


def unfinished(before: str, language: str) -> str:
    """What opens it; nothing if nothing is open, or of the language that is not known. Takes linear time."""
    opens = LANGUAGES.get(language)
    if opens is None:
        return ""
    of_a_line = STRING if opens is PYTHON else {**STRING, "'": CHARACTER}
    unclosed = dict.fromkeys(of_a_line, 0)
    """of each quote, the end of the line on which it is not closed: no further one closes there, either"""
    at = 0
    while (found := opens.search(before, at)) is not None:
        mark, at = found[0], found.end()
        if mark in CLOSED_BY:
            end = before.find(CLOSED_BY[mark], at)
            if end < 0:
                return mark
            at = end + len(CLOSED_BY[mark])
        elif mark not in of_a_line:  # a comment, to the end of its line
            at = _end_of_line(before, at)
        elif found.start() >= unclosed[mark]:
            closed = of_a_line[mark].match(before, found.start())
            if closed is not None:
                at = closed.end()
            elif of_a_line[mark] is not CHARACTER:
                unclosed[mark] = _end_of_line(before, at)
    return ""


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
