"""A search as it was asked for, and its answer from one repository or from all."""

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import wherein
from wherein.hit import Hit
from wherein.status import Status
from wherein_server.cli.options import Common
from wherein_server.cli.session import opened, refresh, settings_for, status_of

if TYPE_CHECKING:
    from wherein import Index
    from wherein.search.search import Mode

SEARCHED_AT_ONCE = 8
"""Indexes on servers: what a search waits for is the network. Files are searched one after another."""


@dataclass(frozen=True, slots=True)
class Request:
    """A query with its options."""

    query: str
    limit: int | None
    """None: as the settings say; so is `mode`"""
    mode: "Mode | None"
    languages: tuple[str, ...]
    paths: tuple[str, ...]
    exclude: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, where, and how long the search itself took."""

    hits: Sequence[Hit]
    statuses: Sequence[Status]
    """of each index that was searched"""
    root: Path | None
    """the folder of the hits' paths, where there is one"""
    milliseconds: float
    roots: Mapping[str, Path] = field(default_factory=dict)
    """of several repositories: that of each, as far as it is on this machine"""


def search_here(
    common: Common, request: Request, *, update: bool, yes: bool = False, view: str | None = None
) -> Answer:
    """Search the repository, or a view of it; its index is made or refreshed first if `update`."""
    settings = settings_for(common)
    with opened(common, view=view, settings=settings) as index:
        if update:
            refresh(index, common, yes=yes)
        began = time.perf_counter()
        hits = _search(
            index, request, request.limit or settings.search.limit, settings.search.mode, common.screen.note
        )
        milliseconds = (time.perf_counter() - began) * 1000
        return Answer(hits, [status_of(index, common, check=not update)], index.root, milliseconds)


def search_everywhere(common: Common, request: Request) -> Answer:
    """Search every index of the store as it is.

    The best hit of each repository comes before any second best: scores of different ones are not comparable.
    """
    from concurrent.futures import ThreadPoolExecutor

    from wherein.opening import disputed_names, open_stored
    from wherein.store.open import in_redis

    settings = settings_for(common)
    limit = request.limit or settings.search.limit

    def ask(index: "Index") -> tuple[Sequence[Hit], Status] | wherein.WhereinError:
        with index:
            try:
                if index.root is not None:
                    roots[index.repository] = index.root
                return _search(index, request, limit, settings.search.mode, said.append), index.told()
            except (wherein.IndexMissing, wherein.IndexIncompatible) as error:
                return error

    said: list[str] = []
    roots: dict[str, Path] = {}
    ranked: list[tuple[int, float, Hit]] = []
    statuses: list[Status] = []
    began = time.perf_counter()
    with ThreadPoolExecutor(SEARCHED_AT_ONCE if in_redis(settings.store) else 1) as pool:
        for found in pool.map(ask, open_stored(settings)):
            if isinstance(found, wherein.WhereinError):
                common.screen.note(f"{found.message} It is left out.")
                continue
            hits, status = found
            statuses.append(status)
            ranked += [(place, -hit.score, hit) for place, hit in enumerate(hits)]
    milliseconds = (time.perf_counter() - began) * 1000
    if not ranked:
        for sentence in dict.fromkeys(said):
            common.screen.note(sentence)
    for name in disputed_names(settings):
        common.screen.note(
            f"{name} is left out: it claims another repository's name (wherein repo join, in its folder)."
        )
    if not statuses:
        raise wherein.IndexMissing("No repository is indexed yet.", remedy="wherein index")
    best = heapq.nsmallest(limit, ranked, key=lambda found: found[:2])
    return Answer([hit for _, _, hit in best], statuses, None, milliseconds, roots)


def _search(
    index: "Index", request: Request, limit: int, mode: str, say: Callable[[str], object]
) -> list[Hit]:
    return index.search(
        request.query,
        limit=limit,
        mode=request.mode or mode,  # type: ignore[arg-type] # the setting is one of the modes
        languages=request.languages,
        paths=request.paths,
        exclude=request.exclude,
        kinds=request.kinds,
        say=say,
    )
