"""A reason to leave a file out, with the rule behind it."""

from typing import NamedTuple

from wherein.skips import SkipReason


class Verdict(NamedTuple):
    """Why a path is left out."""

    reason: SkipReason
    because: str
    """a clause for people that names the rule: `node_modules/ is a folder of third-party code`"""
