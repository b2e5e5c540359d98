"""A search in several indexes: each is asked for candidates, which are ranked together."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from wherein.config.settings import Settings
from wherein.embedding.open import open_embedder
from wherein.errors import IndexIncompatible, IndexMissing
from wherein.hit import Hit
from wherein.index import Index
from wherein.questions import filters_of
from wherein.status import Status
from wherein.store.open import in_redis

if TYPE_CHECKING:
    from wherein.search.query import Query
    from wherein.search.search import Mode

T = TypeVar("T")

CANDIDATES = 40
"""Asked of each retriever of each repository."""

SEARCHED_AT_ONCE = 8
"""Indexes on servers: what a search waits for is the network. Files are searched one after another."""


@dataclass(slots=True)
class Everywhere:
    """What several indexes answer."""

    hits: Sequence[Hit] = ()
    statuses: list[Status] = field(default_factory=list)
    """of each that was searched"""
    roots: dict[str, Path] = field(default_factory=dict)
    """repository → its folder, as far as it is on this machine"""
    left_out: list[str] = field(default_factory=list)
    """why others could not be searched, a sentence each"""


def search_everywhere(
    indexes: Iterable[Index],
    query: str,
    *,
    settings: Settings,
    limit: int = 10,
    mode: "Mode" = "hybrid",
    languages: Sequence[str] = (),
    paths: Sequence[str] = (),
    exclude: Sequence[str] = (),
    kinds: Sequence[str] = (),
    say: Callable[[str], object] = lambda sentence: None,
) -> Everywhere:
    """The best hits of all indexes, which are of these settings, and are closed. ConfigError, and `say`, as for
    `Index.search`.

    How rare a word is, and whatever else ranking compares, is told by all of them together.
    """
    from wherein.search.search import MOST_HITS, understood
    from wherein.search.symbols import closest

    filters = filters_of(languages, paths, exclude, kinds)
    asked = understood(query, limit, mode, filters, settings.search.ranking, say)
    limit = min(limit, MOST_HITS)
    found = Everywhere()
    with ExitStack() as opened:
        entered = (opened.enter_context(index) for index in indexes)
        if mode == "symbol" or asked.lists:

            def search(index: Index) -> list[Hit]:
                return index.search(
                    query,
                    limit=limit,
                    mode=mode,
                    languages=languages,
                    paths=paths,
                    exclude=exclude,
                    kinds=kinds,
                )

            hits = [hit for _, own in _of_each(entered, search, settings, found) for hit in own]
            hits.sort(key=lambda hit: (-hit.score, hit.repository, hit.path, hit.start_line))
            found.hits = (hits if asked.lists else closest(hits, asked.text))[:limit]
        else:
            found.hits = _together(entered, asked, mode, limit, settings, found, say)
    return found


def _together(
    indexes: Iterable[Index],
    asked: "Query",
    mode: "Mode",
    limit: int,
    settings: Settings,
    found: Everywhere,
    say: Callable[[str], object],
) -> list[Hit]:
    from wherein.search.present import Origin
    from wherein.search.search import answered, nothing, retrieval

    embedder = open_embedder(settings.model)
    request = replace(retrieval(asked, "", embedder, mode, limit), limit=max(CANDIDATES, limit))
    answers = _of_each(indexes, lambda index: index.gather(asked, request), settings, found)
    origins = [Origin(index._open, index.view, index.repository) for index, _ in answers]
    gathered = [each for _, each in answers]
    said: list[str] = []
    hits = answered(asked, origins, gathered, mode, settings.search.ranking, said, limit=limit)
    if answers and not hits and mode != "semantic":
        said.append(nothing(asked))
    for sentence in said:
        say(sentence)
    return hits


def _of_each(
    indexes: Iterable[Index], ask: Callable[[Index], T], settings: Settings, found: Everywhere
) -> list[tuple[Index, T]]:
    """What each answers. Those that cannot are noted in `found`, and so is what else is told of them.

    A file is let go of until it is asked for texts: hundreds of them are too many to be held.
    """
    on_server = in_redis(settings.store)

    def tell(index: Index) -> tuple[Index, T, Status] | str:
        try:
            told = index, ask(index), index.told()
        except (IndexMissing, IndexIncompatible) as error:
            return error.message
        if not on_server:
            index.let_go()
        return told

    answers = []
    with ThreadPoolExecutor(SEARCHED_AT_ONCE if on_server else 1) as pool:
        for told in pool.map(tell, indexes):
            if isinstance(told, str):
                found.left_out.append(told)
                continue
            index, answer, status = told
            answers.append((index, answer))
            found.statuses.append(status)
            if index.root is not None:
                found.roots[index.repository] = index.root
    return answers
