"""What is still open where a part of a text begins: a comment or a string of several lines, so that its words are not
coloured as code."""

import re
from collections.abc import Mapping

PYTHON = re.compile(r'"""|\'\'\'|#.*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'')
SLASHES = re.compile(r"/\*|//.*|`|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])'")

CLOSED_BY = {'"""': '"""', "'''": "'''", "/*": "*/", "`": "`"}
"""What is open until something closes it, and what that is."""

OF_SLASHES = (
    "c cpp csharp css dart go groovy java javascript jsx kotlin objc php rust scala scss swift tsx typescript"
)

LANGUAGES: Mapping[str, "re.Pattern[str]"] = {"python": PYTHON} | dict.fromkeys(OF_SLASHES.split(), SLASHES)


def unfinished(before: str, language: str) -> str:
    """What opens it; nothing if nothing is open, or of the language that is not known."""
    tokens = LANGUAGES.get(language)
    if tokens is None:
        return ""
    at = 0
    while (found := tokens.search(before, at)) is not None:
        closing = CLOSED_BY.get(found[0])
        if closing is None:
            at = found.end()
            continue
        end = before.find(closing, found.end())
        if end < 0:
            return found[0]
        at = end + len(closing)
    return ""
