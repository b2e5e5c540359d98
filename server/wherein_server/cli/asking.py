"""A search as it was asked for, and its answer from one repository or from all."""

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import wherein
from wherein.hit import Hit
from wherein.status import Status
from wherein_server.cli.options import Common
from wherein_server.cli.session import opened, refresh, settings_for

if TYPE_CHECKING:
    from wherein import Index
    from wherein.search.search import Mode


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


def search_here(common: Common, request: Request, *, update: bool, view: str | None = None) -> Answer:
    """Search the repository, or a view of it; its index is made or refreshed first if `update`."""
    settings = settings_for(common)
    with opened(common, view=view, settings=settings) as index:
        if update:
            refresh(index, common)
        began = time.perf_counter()
        hits = _search(index, request, request.limit or settings.search.limit, settings.search.mode)
        milliseconds = (time.perf_counter() - began) * 1000
        return Answer(hits, [index.status(check=not update)], index.root, milliseconds)


def search_everywhere(common: Common, request: Request) -> Answer:
    """Search every index of the store as it is.

    The best hit of each repository comes before any second best: scores of different ones are not comparable.
    """
    from wherein.opening import open_stored

    settings = settings_for(common)
    limit = request.limit or settings.search.limit
    ranked: list[tuple[int, float, Hit]] = []
    statuses: list[Status] = []
    milliseconds = 0.0
    for index in open_stored(settings):
        with index:
            began = time.perf_counter()
            try:
                hits = _search(index, request, limit, settings.search.mode)
                statuses.append(index.status(check=False))
            except (wherein.IndexMissing, wherein.IndexIncompatible) as error:
                common.screen.note(f"{error.message} It is left out.")
                continue
            milliseconds += (time.perf_counter() - began) * 1000
            ranked += [(place, -hit.score, hit) for place, hit in enumerate(hits)]
    if not statuses:
        raise wherein.IndexMissing("No repository is indexed yet.", remedy="wherein index")
    best = heapq.nsmallest(limit, ranked, key=lambda found: found[:2])
    return Answer([hit for _, _, hit in best], statuses, None, milliseconds)


def _search(index: "Index", request: Request, limit: int, mode: str) -> list[Hit]:
    return index.search(
        request.query,
        limit=limit,
        mode=request.mode or mode,  # type: ignore[arg-type] # the setting is one of the modes
        languages=request.languages,
        paths=request.paths,
        exclude=request.exclude,
        kinds=request.kinds,
    )
