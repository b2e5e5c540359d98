"""One round trip: lexical, semantic and name candidates of a view, with their cosines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Candidate, Retrieval, Retrieved
from wherein.store.redis import alphabet, chunk, deep_retrieve, query
from wherein.store.redis.client import Reply
from wherein.store.redis.query import Found, Near
from wherein.store.redis.scope import Scope, asked, kept_to, make_scope
from wherein.store.redis.session import Replies, Session
from wherein.store.spellings import fold

DOUBLED = 2
"""What is asked for first when too little of what was found may be shown."""

WIDENED = 8
"""How many times more is asked for when that was too little as well."""

VERSIONS_NAMED_LATER = 3_000
"""Instead, up to so many file versions are named: 20 ms for 50,000 chunks, whatever was found."""

MANY, ENOUGH = 40, 0.75
"""Of so many or more candidates, this share does: asking again costs as much as the search, and the last of them are
hardly ever among the hits. Beside a writer of other versions of the same files, searches took 45 ms (p95) instead of 76
with this and DOUBLED."""

PLENTY, SHARE = 100, 0.7
"""Of so many candidates or more, the share that is asked for: they are most of what comes down for a search. NDCG@10 of
functions .7400 (.8 of them .7391, .6 .7393)."""

MOST_PENDING = 5_000
"""Chunks that may be in the index although no view shows them yet."""

ATTEMPTS = 12
"""When the store is written to between the questions of one round trip, it is made again."""

EQUAL = 16
"""Answers asked for beyond a limit of less than MANY: where some of them score like the last one, the first by path
and line are taken, and not those that were written first. Of more, those that are equal to the last are let go."""


@dataclass(slots=True)
class _Asked:
    """One question, widened until enough of its answers may be shown."""

    make: Callable[[str, int], tuple[object, ...]]
    """from condition and number to the arguments of FT.SEARCH"""
    kind: str
    """lexical, nearest, or a name"""
    undirected: bool = False
    """whether it is about chunks without a vector alone"""
    number: int = 0
    doubled: bool = False
    exactly: bool = False
    """whether it was asked with all file versions named"""
    found: list[Found] | None = None


def retrieve(session: Session, request: Retrieval, *, measured: bool) -> Retrieved:
    """What `Store.retrieve` answers. `measured`: the cosines of what other retrievers find come along, which takes the
    server longer; else they are asked for by another question, which is cheaper on one machine."""
    if request.limit >= PLENTY:
        request = replace(request, limit=int(request.limit * SHARE))
    terms = tuple(dict.fromkeys(request.terms))
    if len(terms) > query.TERMS_SCORED:  # which of them are rare must be known before
        present = session.frequencies(terms)
        rarest = sorted((term for term, count in present.items() if count), key=present.__getitem__)
        used: Sequence[str] = rarest[: query.TERMS_SCORED]
    else:
        used = terms
    for _ in range(ATTEMPTS):
        done = _attempt(session, request, terms, used, measured)
        if done is not None:
            return done
    raise TimeoutError("the store changes faster than it can be searched")


def _attempt(
    session: Session, request: Retrieval, terms: Sequence[str], used: Sequence[str], measured: bool
) -> Retrieved | None:
    """The answer; None where the store has changed so much meanwhile that it may have holes."""
    questions = _questions(session, request, used, measured) if request.limit > 0 else []
    condition = _guess(session, request, questions)
    if condition is None:
        questions = []
    replies = session.ask(
        request.view,
        terms,
        [one.make(condition or "", one.number) for one in questions],
        deep_retrieve.asking(session, request),
    )
    if replies is None or not replies.whole_since(replies):
        return None
    frequencies = replies.frequencies
    total = replies.state.chunks
    if replies.seen is None or request.limit <= 0:
        return Retrieved([], frequencies, total)
    scope = make_scope(replies.seen.contents, request.filters, total)
    if not scope.versions:
        return Retrieved([], frequencies, total)
    if condition not in (scope.condition, kept_to(request.filters)):
        return None  # what it named is no longer what may be found
    for one, reply in zip(questions, replies.searches, strict=True):
        _take(session, one, reply, scope, request)
    if not _widen(session, questions, scope, request, replies):
        return None
    joined = _joined(session, questions, scope, request)
    deep_retrieve.join(session, replies.deep, request, scope, joined, _vector(session, request))
    return Retrieved(list(joined.values()), frequencies, total)


def _guess(session: Session, request: Retrieval, questions: Sequence[_Asked]) -> str | None:
    """The condition to ask with, by what is known of the view, and how many by each question; None where nothing may be
    found. Where only the view's record is known, what it shows comes with the answers."""
    view, total = request.view, session.state.chunks
    seen = session.views.known(view)
    if seen is None and session.views.glimpsed(view) is None:
        session.glimpse(view)
    if seen is None and request.filters.of_paths:
        seen = session.views.assumed(view) or session.load(view)
    if seen is not None:
        scope = make_scope(seen.contents, request.filters, total)
        condition, number = scope.condition, scope.asked(_wanted(request), total)
        if not scope.versions:
            return None
    elif (record := session.views.glimpsed(view)) is not None:
        condition, number = kept_to(request.filters), asked(_wanted(request), record.chunks, total)
    else:
        return None
    for one in questions:
        one.number = min(number, 2 * total + MOST_PENDING)
    return condition


def _wanted(request: Retrieval) -> int:
    """How many are asked for of what may be found."""
    return request.limit if request.limit >= MANY else request.limit + EQUAL


def _questions(session: Session, request: Retrieval, terms: Sequence[str], measured: bool) -> list[_Asked]:
    vector = _vector(session, request)
    asking: dict[str, Callable[..., tuple[object, ...]]] = {}
    if terms:
        asking[_LEXICAL] = partial(query.lexical, terms, session.common)
    for name in sorted({fold(name) for name in request.names} - {""}):
        asking[f"name {name}"] = partial(query.named, [alphabet.name(name)])
    questions = []
    if vector is not None:
        questions.append(_Asked(partial(query.nearest, vector), _NEAREST))
    if vector is None or not measured:
        return questions + [_Asked(partial(make, near=None), kind) for kind, make in asking.items()]
    near = Near(vector, 2 * session.state.chunks + MOST_PENDING)
    for kind, make in asking.items():
        questions.append(_Asked(partial(make, near=near), kind))
        questions.append(_Asked(partial(_undirected, make), kind, undirected=True))
    return questions


def _undirected(
    make: Callable[[str, int], tuple[object, ...]], condition: str, number: int
) -> tuple[object, ...]:
    return make(query.undirected(condition), number)


def _vector(session: Session, request: Retrieval) -> bytes | None:
    return None if request.embedding is None else chunk.vector(request.embedding, session.vectors)


def _take(session: Session, one: _Asked, reply: Reply, scope: Scope, request: Retrieval) -> None:
    """Keep what may be shown of an answer, if it was enough or all there is."""
    answers = query.answers(reply, session.prefix_length, scored=one.kind == _LEXICAL)
    kept = [found for found in answers if found.payload is not None and scope.path(found.version) is not None]
    enough = int(request.limit * ENOUGH) if request.limit >= MANY else request.limit
    if len(answers) >= one.number and kept:  # there may be more that score like the last one
        better = [found for found in kept if _value(one.kind, found) > _value(one.kind, answers[-1])]
        if len(better) >= enough:
            kept = better
    one.found = kept if len(kept) >= enough or len(answers) < one.number else None


def _widen(session: Session, asked: list[_Asked], scope: Scope, request: Retrieval, first: Replies) -> bool:
    """Ask again, for more, where too little might be shown; whether the store stayed as it was."""
    if scope.versions <= VERSIONS_NAMED_LATER:
        exact = make_scope(scope.contents, request.filters, first.state.chunks, exact=True)
    else:
        exact = scope
    while short := [one for one in asked if one.found is None]:
        for one in short:
            if not one.doubled:
                one.number, one.doubled = one.number * DOUBLED, True
            elif exact.exact and not one.exactly:
                one.number, one.exactly = _wanted(request), True
            elif one.number < query.MOST_ASKED:
                one.number = min(one.number * WIDENED, query.MOST_ASKED)
            else:
                raise TimeoutError("the store holds more chunks than its server can be asked for")
        replies = session.ask(
            request.view,
            (),
            [one.make((exact if one.exactly else scope).condition, one.number) for one in short],
        )
        if replies is None or not replies.whole_since(first):
            return False
        for one, reply in zip(short, replies.searches, strict=True):
            _take(session, one, reply, exact, request)
    return True


def _joined(
    session: Session, asked: list[_Asked], scope: Scope, request: Retrieval
) -> dict[bytes, Candidate]:
    """Every chunk once, with what each retriever says of it."""
    joined: dict[bytes, Candidate] = {}
    measured: set[bytes] = set()
    for kind in dict.fromkeys(one.kind for one in asked):
        for found in _first(kind, [one for one in asked if one.kind == kind], request.limit, scope):
            kept = joined.get(found.key)
            if kept is None:
                assert found.payload is not None
                kept = joined[found.key] = scope.candidate(session.id(found.key), found, found.payload)
            if found.distance is not None:
                kept.semantic = 1.0 - found.distance
                measured.add(found.key)
            if kind == _LEXICAL:
                kept.lexical = max(found.score, _LEAST)
            elif kind != _NEAREST:
                kept.named = True
    vector = _vector(session, request)
    if vector is not None:
        measured |= {found.key for one in asked if one.undirected for found in one.found or ()}
        _measure(session, joined, [key for key in joined if key not in measured], vector)
    return joined


def _measure(session: Session, joined: dict[bytes, Candidate], far: list[bytes], vector: bytes) -> None:
    """The cosines of what was not found by its vector."""
    if far:
        (reply,) = session.run(lambda pipe: session.ask_cosines(pipe, far, vector))
        for key, cosine in session.cosines(reply).items():
            joined[key].semantic = cosine


def _first(kind: str, asked: list[_Asked], limit: int, scope: Scope) -> list[Found]:
    """The best `limit` of what was found; of equal ones, the first by path and line."""

    def place(each: Found) -> tuple[float, str, int]:
        return -_value(kind, each), scope.path(each.version) or "", each.row

    return sorted((found for one in asked for found in one.found or ()), key=place)[:limit]


def _value(kind: str, found: Found) -> float:
    """The greater, the better it was found."""
    return -(found.distance or 0.0) if kind == _NEAREST else found.score


_LEXICAL, _NEAREST = "lexical", "nearest"

_LEAST = 1e-6  # what was found by terms has a score, even where the server's rounds to 0
