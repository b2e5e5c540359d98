"""What Redis's errors mean to people. The words of servers are in failures.toml and nowhere else."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from redis.exceptions import DataError, RedisClusterException, RedisError

from wherein.errors import (
    ConfigError,
    IndexDamaged,
    IndexMissing,
    RightMissing,
    StoreForbids,
    StoreSilent,
    StoreUnreachable,
    WhereinError,
)
from wherein.packaged import files
from wherein.store.header import MEND
from wherein.store.undecodable import UNDECODABLE

_ERRORS: Mapping[str, type[WhereinError]] = {
    each.__name__: each
    for each in (
        *(ConfigError, IndexDamaged, IndexMissing, RightMissing),
        *(StoreForbids, StoreSilent, StoreUnreachable),
    )
}

LONGEST_SAYING = 200
"""Characters of a server's own words that are passed on."""

_DETAIL = re.compile(r" \([^()]*\)$")


@contextmanager
def explained(store: str) -> Iterator[None]:
    """Turn errors of the server or the network into ours; `store` is the URL as it may be shown."""
    try:
        yield
    except DataError:
        raise  # our mistake: a value that redis-py cannot send
    except (RedisError, RedisClusterException, OSError) as error:
        raise explain(error, store) from error


@contextmanager
def reading(store: str) -> Iterator[None]:
    """`explained`, for code that decodes values: any other error there means that what is stored is damaged."""
    with explained(store):
        try:
            yield
        except UNDECODABLE as error:
            raise damaged(store, error) from error


def damaged(store: str, error: object) -> IndexDamaged:
    """The error for an index that does not hold what was written."""
    return IndexDamaged(f"The index in {store} is damaged: {error}.", remedy=MEND)


def explain(error: Exception, store: str) -> WhereinError:
    """The error of ours for one of redis-py's or of a socket."""
    says = _saying(error)
    raised = {each.__name__ for each in type(error).__mro__}
    for failure in _failures():
        if not raised.isdisjoint(failure.get("raised", ())) or any(
            needle in says.lower() for needle in failure["says"]
        ):
            kind = _ERRORS[failure["error"]]
            detail = _DETAIL.search(says)
            sentence = failure["sentence"].format(store=store, says=says, detail=detail[0] if detail else "")
            return kind(sentence, remedy=failure["remedy"])
    return StoreUnreachable(f"The store {store} fails: {says}.", remedy="wherein doctor")


def is_missing_index(error: Exception) -> bool:
    """Whether the server says that there is no index or alias of that name."""
    return isinstance(explain(error, ""), IndexMissing)


def is_of_another_kind(error: Exception) -> bool:
    """Whether the server says that a key holds a value of another kind than was asked for."""
    return isinstance(explain(error, ""), IndexDamaged)


def _saying(error: Exception) -> str:
    words = " ".join((str(error) or type(error).__name__).split()).rstrip(".")
    return words if len(words) <= LONGEST_SAYING else f"{words[:LONGEST_SAYING]}…"


@cache
def _failures() -> list[dict[str, Any]]:
    text = files(__package__).joinpath("failures.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["failure"]
    return found
