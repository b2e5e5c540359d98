"""A search as it was requested, and its answer from one repository or from all."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

import wherein
from wherein.config.settings import Settings
from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein.status import Status
from wherein_server.cli.options import Common
from wherein_server.cli.session import opened, refresh, settings_for, status_of
from wherein_server.sketch import thought_of_sketch

if TYPE_CHECKING:
    from wherein.changed import Changed
    from wherein.search.search import Mode
    from wherein.search_options import SearchFilters, SearchOptions
    from wherein_server.explain.think import Thinking


@dataclass(frozen=True, slots=True)
class Request:
    """A query with its options."""

    query: str
    limit: int | None
    """None: as the settings say; so is `mode`"""
    mode: "Mode | None"
    within: "SearchFilters"
    changed: bool = False
    """only what changed on this branch"""
    since: str | None = None
    """or since this revision"""
    think: bool | None = None
    """ask a language model what the answer may look like; None: as the settings say"""
    sketch: str = ""
    """what it looks like by who asks"""

    def asked(self, settings: Settings) -> "SearchOptions":
        """What a search takes beside the query."""
        return {
            "limit": self.limit or settings.search.limit,
            "mode": self.mode or settings.search.mode,  # type: ignore[typeddict-item] # the setting is one of them
            **self.within,
            "thought": thought_of_sketch(self.sketch),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, where, and how long the search itself took."""

    hits: Sequence[Hit]
    statuses: Sequence[Status]
    """of each index that was searched"""
    root: Path | None
    """the folder of the hits' paths, where there is one"""
    milliseconds: float
    changed: "Changed | None" = None
    """what the search kept to"""
    thinking: "Thinking | None" = None
    """what a language model thought that the answer looks like"""
    roots: Mapping[str, Path] = field(default_factory=dict)
    """of several repositories: that of each, as far as it is on this machine"""


def search_here(
    common: Common, request: Request, *, update: bool, yes: bool = False, view: str | None = None
) -> Answer:
    """Search the repository, or a view of it; its index is made or refreshed first if `update`."""
    settings = settings_for(common)
    with opened(common, view=view, settings=settings) as index:
        if update:
            refresh(index, common, yes=yes, then_search=request.mode != "lexical")
        # First, for then a store that is far away need not say what the view shows.
        looked = update or index.look()
        only = index.changed_chunks(request.since) if request.changed else None
        thinking = _thinking(index, request, settings, common.screen.note)
        began = time.perf_counter()
        asked = request.asked(settings)
        if thinking is not None:
            asked["thought"] = thinking.thought
        hits = index.search(request.query, **asked, only=only, say=common.screen.note)
        milliseconds = (time.perf_counter() - began) * 1000
        status = status_of(index, common, check=not looked)
        return Answer(hits, [status], index.root, milliseconds, only, thinking)


def search_everywhere(common: Common, request: Request) -> Answer:
    """Search every index of the store as it is."""
    from wherein.everywhere import REMEDY
    from wherein.everywhere import search_everywhere as search_all
    from wherein.opening import stored
    from wherein.search.query import terms_of

    settings = settings_for(common)
    began = time.perf_counter()
    there = stored(settings, terms_of(request.query))
    asked = request.asked(settings)
    found = search_all(there.indexes, request.query, settings=settings, say=common.screen.note, **asked)
    milliseconds = (time.perf_counter() - began) * 1000
    found.left_out[:0] = there.unreadable
    for sentence in found.omissions():
        common.screen.note(sentence)
    for name in there.disputed:
        common.screen.note(
            f"{name} is left out: it claims another repository's name (wherein repo join, in its folder)."
        )
    if not found.statuses:
        if found.left_out:
            raise wherein.IndexIncompatible("No index can be searched.", remedy=REMEDY)
        raise wherein.IndexMissing("No repository is indexed yet.", remedy="wherein index")
    return Answer(found.hits, found.statuses, None, milliseconds, roots=found.roots)


def _thinking(
    index: wherein.Index, request: Request, settings: Settings, say: Callable[[str], object]
) -> "Thinking | None":
    if request.sketch or not (settings.llm.think if request.think is None else request.think):
        return None
    from wherein_server.explain.think import thought_about

    return thought_about(index, request.query, settings, say)
