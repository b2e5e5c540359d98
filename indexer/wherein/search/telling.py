"""How much a question's words tell about the code that it asks for."""

import tomllib
from functools import cache

from wherein.packaged import files


def telling(term: str) -> float:
    """1 for a term that code has as often as people say it about the code; less for what people say and code seldom
    has, however rare that is: "whether", "determine", "correctly"."""
    return _factors().get(term, 1.0)


@cache
def _factors() -> dict[str, float]:
    data = tomllib.loads(files("wherein.search").joinpath("telling.toml").read_text("utf-8"))
    return {term: float(factor) for factor, terms in data["factors"].items() for term in terms.split()}
