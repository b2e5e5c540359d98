"""Patterns as git knows them (`syntax`), many at once and in linear time (`matching`)."""

from wherein.globs.matching import MOST_WILDCARDS, Globs
from wherein.globs.syntax import problem

__all__ = ["MOST_WILDCARDS", "Globs", "problem"]
