"""Understanding a query: its shape, its terms, the identifiers and filters in it."""

import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from wherein import tokens
from wherein.errors import ConfigError
from wherein.store.protocol import Filters

MOST_TERMS = 48
"""Distinct terms looked up. A pasted page says what it is about long before."""

MOST_WORDS = 512
"""Words embedded."""

MOST_CHARACTERS = 20_000
"""Of a query; the rest of a longer one is not read."""

_FILTER = re.compile(r"(?<!\S)(-?)(path|lang|kind):(\"[^\"]+\"|[^\s:]\S*)")
_QUOTED = re.compile(r'"([^"]+)"')
_NAME = re.compile(r"[^\W\d]\w*(?:(?:::|->|\.|#|/|:)[^\W\d]\w*)*(?:\(\))?")
_SEPARATOR = re.compile(r"::|->|[.#/:]")
_MARKED = re.compile(r"`([^`]+)`")
_STYLED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|\w_\w|^_+\w|\w(?:::|->|\.|#)\w|\(\)$")


class Shape(StrEnum):
    """What a query looks like, which decides how lexical and semantic evidence are weighed."""

    SYMBOL = "symbol"
    """one identifier and nothing else"""
    MIXED = "mixed"
    """prose with identifiers in it"""
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart."""

    text: str
    """without the filters that stood in it"""
    shape: Shape
    words: tuple[str, ...]
    """for the embedding"""
    terms: tuple[str, ...]
    """distinct, in order, without what carries nothing"""
    names: tuple[str, ...] = ()
    """identifiers, whole and by their last part"""
    phrases: tuple[str, ...] = ()
    """what a hit must hold word for word, ignoring case"""
    filters: Filters = field(default_factory=Filters)
    kinds: frozenset[str] = frozenset()
    """kinds of chunk that the words ask for; a preference, not a filter"""


def parse(text: str, filters: Filters = Filters()) -> Query:
    """Take a query apart. ConfigError when there is nothing in it to look for."""
    text = text[:MOST_CHARACTERS].replace("\0", " ").strip()
    if not text:
        raise ConfigError("The query is empty.", remedy='wherein search "what you are looking for"')
    free, filters = _take_filters(text, filters)
    phrases = tuple(phrase for phrase in _QUOTED.findall(free) if phrase.strip())
    free = " ".join(free.replace('"', " ").split())
    tokenized = tokens.tokenize(free)
    if not tokenized.terms:
        raise ConfigError(
            "The query has no letters or digits to look for.",
            remedy='wherein search "what you are looking for"',
        )
    names = _names(free)
    shape = _shape(free, names)
    vocabulary = _vocabulary()
    kinds = frozenset(
        kind for word in tokenized.words for kind in vocabulary.kinds.get(word, ()) if shape is Shape.PROSE
    )
    return Query(
        text=free,
        shape=shape,
        words=tuple(tokenized.words[:MOST_WORDS]),
        terms=_distinct_terms(tokenized.terms, shape),
        names=names,
        phrases=phrases,
        filters=filters,
        kinds=kinds,
    )


def _take_filters(text: str, given: Filters) -> tuple[str, Filters]:
    found: dict[str, list[str]] = {"path": [], "-path": [], "lang": [], "kind": []}
    for negative, key, value in _FILTER.findall(text):
        if negative + key in found:
            found[negative + key].append(value.strip('"'))
    free = _FILTER.sub(lambda m: " " if m[1] + m[2] in found else m[0], text).strip()
    return free or text, Filters(
        languages=given.languages + _resolved(found["lang"]),
        kinds=given.kinds + tuple(found["kind"]),
        paths=given.paths + tuple(found["path"]),
        exclude=given.exclude + tuple(found["-path"]),
    )


def _resolved(languages: list[str]) -> tuple[str, ...]:
    if not languages:
        return ()
    from wherein.languages.registry import resolve

    return tuple(resolve(language) for language in languages)


def _names(text: str) -> tuple[str, ...]:
    """The identifiers of a query: a single word, and in prose what is styled like one or stands in backticks."""
    found: dict[str, None] = {}
    matches = _NAME.findall(text)
    alone = len(text.split()) == 1
    marked = {name for span in _MARKED.findall(text) for name in _NAME.findall(span)}
    for match in matches:
        if alone or match in marked or _STYLED.search(match):
            name = match.removesuffix("()")
            found[name] = None
            found[_SEPARATOR.split(name)[-1]] = None
    return tuple(found)


def _shape(text: str, names: tuple[str, ...]) -> Shape:
    if len(text.split()) == 1 and names:
        return Shape.SYMBOL
    return Shape.MIXED if names else Shape.PROSE


def _distinct_terms(terms: list[str], shape: Shape) -> tuple[str, ...]:
    vocabulary = _vocabulary()
    telling: dict[str, None] = dict.fromkeys(terms)
    if shape is not Shape.SYMBOL:
        kept = [term for term in telling if term not in vocabulary.stop]
        telling = dict.fromkeys(kept) or telling
    return tuple(telling)[:MOST_TERMS]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    stop: frozenset[str]
    """as terms"""
    kinds: dict[str, tuple[str, ...]]


@cache
def _vocabulary() -> _Vocabulary:
    data = tomllib.loads(files("wherein.search").joinpath("vocabulary.toml").read_text("utf-8"))
    kinds = {word: tuple(values) for word, values in data["kinds"].items()}
    return _Vocabulary(frozenset(tokens.terms(data["stop"])), kinds)
