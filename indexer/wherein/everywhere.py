"""A search in several indexes: each gives candidates, which are ranked together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, Unpack

from wherein.choice import MOST_ASKED, worth_asking
from wherein.config.settings import Settings
from wherein.deep_holdings import DEEP, opened
from wherein.embedding.open import open_embedder
from wherein.errors import IndexIncompatible, IndexMissing
from wherein.hit import Hit
from wherein.index import Index
from wherein.measured.recording import measured, unnoted
from wherein.questions import filters_of
from wherein.quick_dataclass import dataclass
from wherein.search_options import SearchFilters
from wherein.status import Status
from wherein.store.protocol import Retrieval, Retrieved

if TYPE_CHECKING:
    from wherein.search.deep import Deep
    from wherein.search.deep_kept import Reading
    from wherein.search.gathered import Gathered
    from wherein.search.present import Each, Origin
    from wherein.search.query import Query
    from wherein.search.search import Mode
    from wherein.search.showing import Ranked
    from wherein.search.thought import Thought

T = TypeVar("T")

MOST_KEPT_ASKED = 24
"""Indexes that are asked when files are kept open for repeated questions. Another one has the answer to 4 of 1,000
questions (`choice.py`); asking 40 takes 90 ms of processor time of 121 repositories instead of 52."""

REMEDY = "wherein repo refresh FOLDER, where FOLDER holds the clones"

CANDIDATES = 40
"""How many each retriever of each repository is asked for."""

TOLD_OF = 3
"""How many of the repositories that could not be searched are named, with the reason. After an upgrade there may be
hundreds."""


@dataclass(slots=True)
class Everywhere:
    """What several indexes answer."""

    hits: Sequence[Hit] = ()
    statuses: list[Status] = field(default_factory=list)
    """of each index that was searched"""
    roots: dict[str, Path] = field(default_factory=dict)
    """repository → its folder, if it is on this machine"""
    left_out: list[str] = field(default_factory=list)
    """why others could not be searched, one sentence each"""

    def omissions(self) -> list[str]:
        """Sentences about the indexes that are left out: the reasons of a few, and how many more there are."""
        told = [f"{reason} It is left out." for reason in self.left_out[:TOLD_OF]]
        if (rest := len(self.left_out) - len(told)) > 0:
            told.append(
                f"{rest} more cannot be searched and {'is' if rest == 1 else 'are'} left out ({REMEDY})."
            )
        return told


def search_everywhere(
    indexes: Iterable[Index],
    query: str,
    *,
    settings: Settings,
    limit: int = 10,
    mode: "Mode" = "hybrid",
    thought: "Thought | None" = None,
    say: Callable[[str], object] = lambda sentence: None,
    keep: Callable[[Index], bool] | None = None,
    **within: Unpack[SearchFilters],
) -> Everywhere:
    """The best hits of all indexes, which must be of these settings, and are closed. `say`, and ConfigError, as in
    `Index.search`.

    On a server with many repositories, only those are asked that have most to do with the words (`choice.py`). With
    `keep`, files are chosen in the same way, no index is closed, and the files stay open for which `keep` returns True.

    How rare a word is, and everything else that ranking compares, is measured over all of them together.
    """
    from wherein.search.search import MOST_HITS, nothing, understood
    from wherein.search.symbols import closest

    asked = understood(query, limit, mode, filters_of(**within), settings.search.ranking, say)
    limit = min(limit, MOST_HITS)
    found = Everywhere()
    with ExitStack() as stack, measured(settings, "everywhere", "", query=query) as facts:
        entered = indexes if keep is not None else (stack.enter_context(index) for index in indexes)
        if mode == "symbol" or asked.lists:

            def search(index: Index) -> list[Hit]:
                with unnoted():
                    return index.search(query, limit=limit, mode=mode, **within)

            hits = [hit for _, own in _of_each(entered, search, found, keep) for hit in own]
            hits.sort(key=lambda hit: (-hit.score, hit.repository, hit.path, hit.start_line))
            found.hits = (hits if asked.lists else closest(hits, asked.text))[:limit]
            if not found.hits and found.statuses:
                say(nothing(asked, named=not asked.lists))
        else:
            found.hits = _together(entered, asked, mode, thought, limit, settings, found, say, keep)
        facts |= {"hits": len(found.hits), "mode": mode, "repositories": len(found.statuses)}
    return found


def _together(
    indexes: Iterable[Index],
    asked: "Query",
    mode: "Mode",
    thought: "Thought | None",
    limit: int,
    settings: Settings,
    found: Everywhere,
    say: Callable[[str], object],
    keep: Callable[[Index], bool] | None,
) -> list[Hit]:
    from wherein.search.search import all_readings, answered, nothing, of_readings, retrieval

    embedder = open_embedder(settings.model)
    there = list(indexes)
    most = max(CANDIDATES, limit)
    survey = next((index.survey for index in there if index.survey is not None), None)
    remote = survey is not None  # whose descriptions would all come down
    requests = {
        name: (read, replace(retrieval(read, "", embedder, mode, limit), limit=most, described=not remote))
        for name, read in all_readings(asked, thought).items()
    }
    origins, gathered, answers = _gathered(there, asked, list(requests.values()), found, keep)
    said: list[str] = []
    each = survey.map if survey is not None else None
    adjust = settings.search.ranking
    of = zip(requests.items(), zip(*gathered, strict=True), strict=True) if gathered else ()
    read = [(name, query, own) for (name, (query, _)), own in of]
    deep = _deep(settings, say) if mode != "lexical" else None
    if deep is not None:
        all_read = [(query, own) for _, query, own in read]
        origins = _seen_deeper(deep, all_read, origins, mode, adjust, limit, each)
    if len(requests) > 1:
        hits = of_readings(read, origins, mode, adjust, limit=limit, each=each, thought=thought)
    else:
        own = [first for (first,) in gathered]
        hits = answered(asked, origins, own, mode, adjust, said, limit=limit, each=each)
    if answers and not hits and mode != "semantic":
        said.append(nothing(asked))
    for sentence in said:
        say(sentence)
    return hits


def _gathered(
    there: list[Index],
    asked: "Query",
    requests: "Sequence[tuple[Query, Retrieval]]",
    found: Everywhere,
    keep: Callable[[Index], bool] | None,
) -> tuple[list["Origin"], list[Sequence["Gathered"]], int]:
    """Where hits may come from, what each index has for each reading of the query, and how many were asked. The others
    only contribute how often they have the words."""
    from wherein.search.gathered import Gathered
    from wherein.search.present import Origin

    terms = tuple(dict.fromkeys(term for _, request in requests for term in request.terms))
    chosen, statistics = _chosen(there, asked, replace(requests[0][1], terms=terms), found, keep)
    told = bool(found.statuses)
    answers = _of_each(chosen, lambda index: index.gather(requests), found, keep, tells=not told)
    origins = [Origin(index._open, index.view, index.repository, later=True) for index, _ in answers]
    gathered: list[Sequence[Gathered]] = [each for _, each in answers]
    for index, counted in statistics:
        if not told:
            with suppress(IndexMissing, IndexIncompatible):
                _told(found, index, index.told(deep=False))
        origins.append(Origin(index._open, index.view, index.repository, later=True))
        gathered.append([Gathered(counted)] * len(requests))
    return origins, gathered, len(answers)


def _seen_deeper(
    deep: "Deep",
    all_read: "Sequence[Reading]",
    origins: "list[Origin]",
    mode: "Mode",
    adjust: Mapping[str, float],
    limit: int,
    each: "Each | None",
) -> "list[Origin]":
    """The origins with what the deep tier says of what was found."""
    from wherein.search.deep_kept import look_up
    from wherein.search.ranked import rank

    names = [origin.repository for origin in origins]

    def ranked(reading: "Reading") -> "Iterator[Ranked]":
        return rank(reading[0], list(zip(names, reading[1], strict=True)), mode, adjust)

    return look_up(deep, all_read, origins, ranked, limit=limit, each=each)


def _deep(settings: Settings, say: Callable[[str], object]) -> "Deep | None":
    """The deep tier, with the configured models, as far as each repository has it."""
    if settings.deep_model is None or settings.search.ranking.get(DEEP) == 0:
        return None
    from wherein.deepening.choice import open_all
    from wherein.search.deep import Deep

    models, problem = open_all(settings, opened)
    if problem is not None:
        used = "Another deep model is used." if models else "The deep tier is not used."
        say(f"{problem.message} {used}")
    return Deep([each.embedder for each in models], 0.0, lambda rows: None, say) if models else None


def _chosen(
    indexes: list[Index],
    asked: "Query",
    request: Retrieval,
    found: Everywhere,
    keep: Callable[[Index], bool] | None,
) -> tuple[list[Index], list[tuple[Index, Retrieved]]]:
    """The indexes that are asked for candidates; and the others, with what is known of their terms without asking. If
    files are asked for that, `found` is told about all of them."""
    from wherein.search.rank.repositories import are_named

    survey = next((index.survey for index in indexes if index.survey is not None), None)
    most = MOST_ASKED if keep is None else MOST_KEPT_ASKED
    if survey is not None:
        survey.count(request.terms)
        there = [index for index in indexes if index.survey is not None]
        told = [survey.statistics(index.repository) for index in there]
    elif keep is not None and len(indexes) > MOST_KEPT_ASKED and not asked.filters:
        answered = _of_each(indexes, lambda index: index.statistics(request), found, keep)
        there, told = [index for index, _ in answered], [statistics for _, statistics in answered]
    else:
        return indexes, []
    called = are_named([index.repository for index in there], asked)
    named = [place for place, is_named in enumerate(called) if is_named]
    worth = set(worth_asking(told, request.terms, most, named=named))
    return [index for place, index in enumerate(there) if place in worth], [
        (index, told[place]) for place, index in enumerate(there) if place not in worth
    ]


def _of_each(
    indexes: Iterable[Index],
    ask: Callable[[Index], T],
    found: Everywhere,
    keep: Callable[[Index], bool] | None = None,
    *,
    tells: bool = True,
) -> list[tuple[Index, T]]:
    """What each index answers. `found` notes those that cannot and, if it `tells`, the state of the others.

    Indexes on a server are asked all at once, files one after another. A file is closed until it is asked for texts:
    hundreds of them are too many to keep open.
    """

    def both(index: Index) -> tuple[T, Status | None]:
        return ask(index), index.told(deep=False) if tells else None

    def tell(index: Index) -> tuple[Index, tuple[T, Status | None]] | str:
        try:
            told = index, index.at_once(lambda: both(index)) if keep is not None else both(index)
        except (IndexMissing, IndexIncompatible) as error:
            return error.message
        if index.survey is None and not (keep is not None and keep(index)):
            index.let_go()
        return told

    there = iter(indexes)
    first = next(there, None)
    if first is None:
        return []
    together = chain([first], there)
    answers = []
    for told in first.survey.map(tell, list(together)) if first.survey is not None else map(tell, together):
        if isinstance(told, str):
            found.left_out.append(told)
            continue
        index, (answer, status) = told
        answers.append((index, answer))
        if status is not None:
            _told(found, index, status)
    return answers


def _told(found: Everywhere, index: Index, status: Status) -> None:
    found.statuses.append(status)
    if index.root is not None:
        found.roots[index.repository] = index.root
