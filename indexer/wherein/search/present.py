"""Ranked candidates → hits: fetches the texts of what is shown, and shows copies of one text once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import islice
from typing import Protocol

from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein.search.phrases import normal
from wherein.search.showing import Asked, Ranked, Showing, up_to_the_code
from wherein.store.protocol import FileChunks, Store

SPARE = 2
"""Texts fetched beyond those wanted, because some may be copies: one more question to a distant store takes as long as
all of them."""
MOST_COPIES = 3
"""This many times as many texts are fetched if most are likely to be copies."""

FETCHED_AT_ONCE = 20
"""Texts fetched together if a hit must contain a phrase, which most do not."""

NOTHING_ASKED = Asked()
NOTHING_KNOWN: Mapping[int | str, str] = {}


class Each(Protocol):
    """Calls a function on every item."""

    def __call__(self, ask: Callable[[int], None], items: Sequence[int], /) -> Iterable[None]:
        """What each call returns."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """A view of a repository that hits come from."""

    store: Callable[[], Store]
    """opens the store if it is not open"""
    view: str
    repository: str
    known: Mapping[int | str, str] = field(default_factory=dict)
    """texts of chunks that have been read already"""
    later: bool = False
    """whether texts are read in a later state than the one where chunks were found: chunks without a text by then are
    gone"""

    def texts(self, store: Store, ids: Sequence[int | str]) -> list[str]:
        """As the store has them."""
        lacking = [id for id in ids if id not in self.known]
        found = dict(zip(lacking, store.texts(lacking), strict=True)) if lacking else {}
        return [self.known[id] if id in self.known else found[id] for id in ids]


def present(
    store: Store,
    ranked: Iterable[Ranked],
    *,
    repository: str,
    limit: int,
    view: str,
    phrases: Sequence[str] = (),
    asked: Asked = NOTHING_ASKED,
    twins: bool = False,
    known: Mapping[int | str, str] = NOTHING_KNOWN,
) -> list[Hit]:
    """The first `limit` hits that contain every phrase (ignoring case and how blanks are written), one for each
    definition. A text that occurs in several places is shown once, unless `twins`.

    No more of `ranked` is taken than that needs. `known` are texts of chunks that have been read already.
    """
    origins = [Origin(lambda: store, view, repository, known)]
    return present_from(origins, ranked, limit=limit, phrases=phrases, asked=asked, twins=twins)


def present_from(
    origins: Sequence[Origin],
    ranked: Iterable[Ranked],
    *,
    limit: int,
    phrases: Sequence[str] = (),
    asked: Asked = NOTHING_ASKED,
    twins: bool = False,
    each: "Each | None" = None,
) -> list[Hit]:
    """As `present`, for several repositories. What has disappeared since it was found is left out. `each` calls a
    function on every item, all at once if that is useful."""
    wanted = [normal(phrase) for phrase in phrases]
    hits: list[Hit] = []
    shown: set[str] = set()
    defined: set[int | None] = set()
    remaining = iter(ranked) if phrases else _once(ranked)
    fetched = limit + SPARE if not phrases else max(limit, FETCHED_AT_ONCE)
    while some := list(islice(remaining, fetched)) if phrases else _unlike(remaining, fetched):
        for item, made in zip(some, _made(origins, some, wanted, asked, each or map), strict=True):
            if made is None or (made.plain in shown and not twins) or item.definition in defined:
                continue
            shown.add(made.plain)
            if item.definition is not None:
                defined.add(item.definition)
            hits.append(made.hit())
            if len(hits) == limit:
                return hits
        fetched = limit - len(hits) + SPARE if not phrases else max(limit, FETCHED_AT_ONCE)
    return hits


@dataclass(frozen=True, slots=True)
class _Made:
    plain: str
    """its text, as phrases are compared with it"""
    hit: Callable[[], Hit]
    """made of it, for what is shown"""


def _made(
    origins: Sequence[Origin], items: Sequence[Ranked], wanted: Sequence[str], asked: Asked, each: "Each"
) -> list[_Made | None]:
    """Each as a hit; None if it does not contain the phrases, or is gone. Each repository is asked once."""
    of: dict[int, list[int]] = {}
    for at, item in enumerate(items):
        of.setdefault(item.origin, []).append(at)
    made: list[_Made | None] = [None] * len(items)

    def make(number: int) -> None:
        origin, those = origins[number], of[number]
        store = origin.store()

        def read() -> None:
            found = [items[at].candidate for at in those]
            more = up_to_the_code(store, origin.view, found)
            ids = [*(each.id for each in found), *(one.id for each in more.values() for one in each)]
            texts = dict(zip(ids, origin.texts(store, ids), strict=True))
            following = {id: FileChunks(each, [texts[one.id] for one in each]) for id, each in more.items()}
            showing = Showing(origin.repository, asked, following)
            for at in those:
                text = texts[items[at].candidate.id]
                plain = normal(text)
                gone = not text and origin.later
                holds = not gone and all(phrase in plain for phrase in wanted)
                made[at] = _Made(plain, partial(showing.hit, items[at], text)) if holds else None

        store.at_once(read)

    for _ in each(make, list(of)):
        pass
    return made


def fetched_first(ranked: Iterable[Ranked], limit: int) -> list[Ranked]:
    """Those whose texts `present_from` fetches together to begin with, where no phrase is asked for."""
    return _unlike(_once(ranked), limit + SPARE)


def _unlike(ranked: Iterable[Ranked], wanted: int) -> list[Ranked]:
    """The next ones, until `wanted` of them are likely not to be copies. What has the name and all terms of an earlier
    one may be a copy, and comes along, because asking again takes longer."""
    taken: list[Ranked] = []
    different: set[tuple[str, bytes]] = set()
    for item in ranked:
        taken.append(item)
        different.add((item.candidate.symbol, item.candidate.profile))
        if len(different) >= wanted or len(taken) >= MOST_COPIES * wanted:
            break
    return taken


def _once(ranked: Iterable[Ranked]) -> Iterator[Ranked]:
    """Each definition by its best part."""
    seen: set[int] = set()
    for item in ranked:
        if item.definition is not None:
            if item.definition in seen:
                continue
            seen.add(item.definition)
        yield item
