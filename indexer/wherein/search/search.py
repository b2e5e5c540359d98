"""The recipe of a search: parse, gather, rank, vary, fetch."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from wherein.embedding.embedder import Embedder
from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.search.fusion import fused
from wherein.search.gathered import Gathered, gather
from wherein.search.intent import Intent
from wherein.search.long import readings
from wherein.search.phrases import met
from wherein.search.present import Each, Origin, fetched_first, present, present_from
from wherein.search.query import MOST_CHARACTERS, Query, parse, without_words
from wherein.search.rank.steps import adjusted_synonyms
from wherein.search.ranked import rank
from wherein.search.scoped import scoped
from wherein.search.showing import Asked, Ranked
from wherein.search.standing_out import OWN, standing_out
from wherein.search.symbols import symbols
from wherein.search.thought import Thought, thought_readings
from wherein.store.protocol import Candidate, Filters, Retrieval, Store

if TYPE_CHECKING:
    from wherein.changed import Changed
    from wherein.search.deep import Deep

Mode = Literal["hybrid", "semantic", "lexical", "symbol"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "lexical", "symbol")

CANDIDATES = 120
"""How many each retriever is asked for. 200 took a fifth longer; held out, .865 and .715 (files, functions) for .866
and .711."""

MOST_HITS = 1000

SURELY_A_NAME = 0.5
"""The share of a query's intents from which it is taken for a name."""

SAID_OF_PHRASE = 80
"""Characters of a phrase that are shown."""


def search(
    store: Store,
    view: str,
    embedder: Embedder,
    text: str,
    *,
    repository: str,
    limit: int = 10,
    offset: int = 0,
    mode: Mode = "hybrid",
    filters: Filters = Filters(),
    adjust: Mapping[str, float] | None = None,
    say: Callable[[str], object] = lambda sentence: None,
    kept_to: "Changed | None" = None,
    thought: Thought | None = None,
    deep: "Deep | None" = None,
) -> list[Hit]:
    """The best hits for a query, or those after the first `offset`.

    The candidates are those that `limit` needs, however many hits are skipped: pages of one length are pages of one
    order, which ends with these candidates.

    - `adjust` multiplies the weights of ranking steps, or of single features, by name.
    - `say` gets a sentence whenever the query was not taken as it is, or nothing is close to it.
    - `kept_to` is what `store` was restricted to.
    - `thought` is searched for beside the query.
    - `deep` is the deep tier, if there is one.

    Raises ConfigError for a query, limit or mode that cannot be used.
    """
    query = understood(text, limit, mode, filters, adjust or {}, say)
    limit = min(limit, MOST_HITS)
    until = min(offset + limit, MOST_HITS)
    if offset < 0:
        raise ConfigError(f"The offset must be at least 0, not {offset}.")
    if offset >= until:
        return []
    if query.lists or query.operator is not None or mode == "symbol":
        found = _without_ranking(store, view, query, repository=repository, limit=until)
        if not found and store.view(view) is not None:
            say(nothing(query, kept_to, named=not query.lists))
        return found[offset:]
    requests = [
        (name, asked, retrieval(asked, view, embedder, mode, limit, deep))
        for name, asked in all_readings(query, thought).items()
    ]

    origin = Origin(lambda: store, view, repository)
    said: list[str] = []

    looks = deep if deep is not None and worth_a_look(query) and deep.looks(requests[0][2].deep) else None

    def shown(gathered: Gathered) -> Iterable[Candidate]:
        without = replace(query, message=(), pasted=())
        of = [(repository, _noted(deep, gathered, requests[0][2]))]
        found = rank(without, of, mode, adjust or {}, order_alone=True)
        return [each.candidate for each in fetched_first(found, until)]

    def answer() -> list[Hit]:
        said.clear()  # it may be called again
        if len(requests) > 1:
            read = [
                (name, asked, [_noted(deep, gather(store, asked, request), request)])
                for name, asked, request in requests
            ]
            found = of_readings(read, [origin], mode, adjust or {}, limit=until, thought=thought)
        else:
            request = requests[0][2]
            gathered = _noted(deep, gather(store, query, request, shown=shown), request)
            if looks is not None and looks.budget:
                looks.lacking(
                    store, gathered, lambda: rank(query, [(repository, gathered)], mode, adjust or {})
                )
            found = answered(query, [origin], [gathered], mode, adjust or {}, said, limit=until)
        if not found and mode != "semantic" and (record := store.view(view)) is not None:
            empty = record.complete and not record.chunks
            said.append(EMPTY if empty else nothing(query, kept_to, kept=_keeps(store, view, query)))
        return found

    hits = store.at_once(answer)
    if looks is not None and looks.look(requests[0][2].deep[0]):
        hits = store.at_once(answer)
    for sentence in said:
        say(sentence)
    return hits[offset:]


def _without_ranking(store: Store, view: str, query: Query, *, repository: str, limit: int) -> list[Hit]:
    """What filters alone keep, or what has the requested name. Raises ConfigError for an operator that nothing has."""
    if query.lists:
        return _listed(store, view, query, repository=repository, limit=limit)
    found = symbols(store, view, query.text, repository=repository, limit=limit, filters=query.filters)
    if not found and query.operator is not None and not query.operator.is_certain:
        raise without_words(query.text)
    return found


def all_readings(query: Query, thought: Thought | None) -> dict[str, Query]:
    """The readings of the question, the whole first, and those of a thought."""
    return readings(query) | (thought_readings(thought, query) if thought is not None else {})


def of_readings(
    read: Sequence[tuple[str, Query, Sequence[Gathered]]],
    origins: Sequence[Origin],
    mode: Mode,
    adjust: Mapping[str, float],
    *,
    limit: int,
    each: Each | None = None,
    thought: Thought | None = None,
) -> list[Hit]:
    """What a query's readings find together, in one repository or several: each by its name, with what every origin has
    for it. The first is the whole query; some belong to a `thought`."""
    if not read:
        return []
    names = [origin.repository for origin in origins]
    rankings = [
        (name, rank(query, list(zip(names, gathered, strict=True)), mode, adjust, order_alone=True))
        for name, query, gathered in read
    ]
    whole = read[0][1]
    asked = Asked(whole.terms, whole.names)
    if thought is not None and whole.told is None:
        weights = thought.weights
        found = standing_out([(name, ranking, weights.get(name, OWN)) for name, ranking in rankings])
    else:
        found = fused(rankings, whole)
    return present_from(origins, found, limit=limit, asked=asked, each=each)


def _noted(deep: "Deep | None", gathered: Gathered, request: Retrieval) -> Gathered:
    return gathered if deep is None else deep.note(gathered, request.deep)


def worth_a_look(query: Query) -> bool:
    """Whether a second look may change the answer: a name that is typed is found by the name."""
    return query.intents.get(Intent.SYMBOL, 0.0) < SURELY_A_NAME


def understood(
    text: str,
    limit: int,
    mode: str,
    filters: Filters,
    adjust: Mapping[str, float],
    say: Callable[[str], object],
) -> Query:
    """The query, taken apart. Raises ConfigError as `search` does."""
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    if mode not in MODES:
        raise ConfigError(f"There is no search mode {mode!r}; the modes are {', '.join(MODES)}.")
    query = adjusted_synonyms(parse(text, filters), adjust)
    if len(text) > MOST_CHARACTERS:
        say(f"The query is long: only its first and last {MOST_CHARACTERS // 2:,} characters are read.")
    return query


EMPTY = "The index is empty: there are no files here to search, or all of them are left out (wherein files --skipped)."


def nothing(query: Query, kept_to: "Changed | None" = None, *, named: bool = False, kept: bool = True) -> str:
    """What to say if nothing was found, by a name if one was asked for; or if the filters kept nothing."""
    if kept_to is not None:
        since = f"since {kept_to.revision} ({kept_to.commit[:12]})"
        if not kept_to.count:
            return f"No indexed code has changed {since}."
        return f"Nothing that changed {since} matches the query."
    if named:
        filtered = " that passes the filters" if query.filters else ""
        return f"No definition{filtered} has that name or a similar one."
    if query.lists or not kept:
        return "The filters exclude everything that is indexed."
    if query.filters:
        return "Nothing that passes the filters matches the query."
    return "Nothing here is close to the query: none of its words is in the index."


def _keeps(store: Store, view: str, query: Query) -> bool:
    return not query.filters or bool(scoped(store, query.filters).first_chunks(view, query.filters, 1))


def _listed(store: Store, view: str, query: Query, *, repository: str, limit: int) -> list[Hit]:
    """What filters keep, by path and line. Scores only give the place."""

    def read() -> list[Hit]:
        first = scoped(store, query.filters).first_chunks(view, query.filters, limit)
        ranked = (Ranked(each, 1.0 / (1 + place)) for place, each in enumerate(first))
        return present(store, ranked, repository=repository, limit=limit, view=view, twins=True)

    return store.at_once(read)


def answered(
    query: Query,
    origins: Sequence[Origin],
    gathered: Sequence[Gathered],
    mode: Mode,
    adjust: Mapping[str, float],
    said: list[str],
    *,
    limit: int,
    each: Each | None = None,
) -> list[Hit]:
    """Rank, vary and fetch, for one repository or several. `said` gets what there is to say about it; `each` as for
    `present_from`."""
    of = [(origin.repository, each) for origin, each in zip(origins, gathered, strict=True)]
    ranked: Sequence[Ranked] | Iterator[Ranked] = rank(query, of, mode, adjust)
    phrases = query.phrases
    if phrases:
        ranked = list(ranked)
        phrases = met(phrases, [gathered[each.origin].texts[each.candidate.id] for each in ranked])
        said += [
            f'Nothing holds "{phrase[:SAID_OF_PHRASE]}" verbatim: its words were searched for instead.'
            for phrase in query.phrases
            if phrase not in phrases
        ]
    shown = Asked(query.terms, query.names)
    knowing = [
        replace(origin, known={**own.texts, **origin.known})
        for origin, own in zip(origins, gathered, strict=True)
    ]
    return present_from(knowing, ranked, limit=limit, phrases=phrases, asked=shown, each=each)


def retrieval(
    query: Query,
    view: str,
    embedder: Embedder,
    mode: Mode = "hybrid",
    limit: int = 10,
    deep: "Deep | None" = None,
) -> Retrieval:
    """What the store is asked for a query. Synonyms other than those of phrases are asked for only if no vectors find
    what is said in other words: beside vectors they find nothing more (of the answers to function questions .950 with,
    .954 without) and cost 60 % more."""
    more = (each.term for each in query.synonyms if each.looked_up or mode == "lexical")
    terms = tuple(dict.fromkeys((*query.terms, *more)))
    return Retrieval(
        view=view,
        terms=terms,
        embedding=None if mode == "lexical" else embedder.embed([query.words])[0],
        names=() if mode == "semantic" else tuple(dict.fromkeys((*query.names, *query.last_names))),
        filters=query.filters,
        limit=max(CANDIDATES, 2 * limit),
        deep=() if deep is None or mode == "lexical" else deep.question(query.text),
        described=mode != "semantic",
    )
