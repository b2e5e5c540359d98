"""`history` of `ask` and `explain`: earlier questions with their answers, as a client sends them back."""

from collections.abc import Mapping, Sequence
from typing import Any

from wherein.errors import ConfigError
from wherein_server.cli.jsonout import readable
from wherein_server.explain.conversation import MOST_EXCHANGES, Exchange, Source
from wherein_server.lsp.positions import LARGEST_NUMBER

MOST_SOURCES = 200
"""Of one answer. No prompt has as many snippets."""

FORM = "'history' must be a list of objects with 'question', 'answer' and the 'sources' of that answer."


def history(given: object) -> tuple[Exchange, ...]:
    """The latest exchanges; of older ones nothing is read. Raises ConfigError for another form."""
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ConfigError(FORM)
    return tuple(_exchange(each) for each in given[-MOST_EXCHANGES:])


def first_uri(given: object) -> str | None:
    """The document of the latest answer's first source: a further question goes to its repository."""
    if isinstance(given, Sequence) and not isinstance(given, str) and given:
        for source in _sources(given[-1]):
            location = source.get("location") if isinstance(source, Mapping) else None
            if isinstance(location, Mapping) and isinstance(location.get("uri"), str):
                return str(location["uri"])
    return None


def _exchange(given: object) -> Exchange:
    if not isinstance(given, Mapping):
        raise ConfigError(FORM)
    question, answer = given.get("question"), given.get("answer")
    if not isinstance(question, str) or not isinstance(answer, str):
        raise ConfigError(FORM)
    sources = tuple(_source(each) for each in _sources(given)[:MOST_SOURCES])
    return Exchange(readable(question), readable(answer), sources)


def _sources(exchange: object) -> Sequence[Any]:
    given = exchange.get("sources") if isinstance(exchange, Mapping) else None
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise ConfigError(FORM)
    return given


def _source(given: object) -> Source:
    """One of `sources` as it was answered."""
    try:
        span = given["location"]["range"]  # type: ignore[index] # what is none raises
        n, path = given["n"], given["path"]  # type: ignore[index]
        lines = span["start"]["line"], span["end"]["line"]
    except (TypeError, KeyError, IndexError):
        raise ConfigError(FORM) from None
    if not isinstance(path, str) or not all(
        isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= LARGEST_NUMBER
        for each in (n, *lines)
    ):
        raise ConfigError(FORM)
    return Source(n, path, lines[0] + 1, lines[1] + 1)
