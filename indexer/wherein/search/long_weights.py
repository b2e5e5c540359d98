"""How much each part of a long question's score counts."""

import tomllib
from collections.abc import Mapping
from functools import cache

from wherein.packaged import files


@cache
def long_weights() -> Mapping[str, float]:
    """By the names under which they stand in a hit's parts."""
    text = files("wherein.search").joinpath("long_weights.toml").read_text("utf-8")
    return {name: float(weight) for name, weight in tomllib.loads(text).items()}
