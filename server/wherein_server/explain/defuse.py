"""Makes models' control tokens harmless in text that is data, and restores harmless ones in what is shown."""

import re
import tomllib
from functools import cache

from wherein.packaged import files

DEFUSER = "\u200b"
"""A space without width. After a mark's first character it leaves the text readable and is no token of any template."""


def defuse(text: str) -> str:
    """The text without anything that a template takes for its own."""
    return _marks().sub(lambda mark: mark[0][0] + DEFUSER + mark[0][1:], text)


def restore(text: str) -> str:
    """What a model repeated of defused text, as it stands in the code."""
    return text.replace(DEFUSER, "")


@cache
def _marks() -> re.Pattern[str]:
    data = tomllib.loads(files("wherein_server.explain").joinpath("control_tokens.toml").read_text("utf-8"))
    return re.compile("|".join((*map(re.escape, data["literal"]), *data["pattern"])), re.IGNORECASE)
