"""The candidates of a search: by words, by vector and by name in one round trip, with their cosines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from wherein.store.protocol import Candidate, Retrieval, Retrieved
from wherein.store.redis.chunks import chunk
from wherein.store.redis.damage import eviction
from wherein.store.redis.deep import deep_candidates
from wherein.store.redis.reading import cosines, query
from wherein.store.redis.reading.guess import guess
from wherein.store.redis.reading.query import Found, Near
from wherein.store.redis.reading.round_trip import Replies, ask
from wherein.store.redis.reading.scope import Scope, make_scope, naming_versions
from wherein.store.redis.reading.widening_question import LEXICAL, NEAREST, Question, wanted
from wherein.store.redis.session import Session
from wherein.store.redis.terms import alphabet, frequencies
from wherein.store.spellings import fold

PLENTY, SHARE = 100, 0.7
"""If so many candidates or more are wanted, only this share is asked for: they are most of what a search receives.
NDCG@10 of functions .7400 (.7391 with .8, .7393 with .6)."""

MOST_PENDING = 5_000
"""Chunks that may be in the index although no view shows them yet."""

ATTEMPTS = 12
"""How often a search is tried if the store changes too much between its questions."""


def retrieve(session: Session, request: Retrieval, *, measured: bool) -> Retrieved:
    """What `Store.retrieve` answers. With `measured` the answers bring the cosines of what words and names find, which
    takes the server longer; without it another question asks for them, which is cheaper on one machine."""
    if request.limit >= PLENTY:
        request = replace(request, limit=int(request.limit * SHARE))
    terms = tuple(dict.fromkeys(request.terms))
    if len(terms) > query.TERMS_SCORED:  # which of them are rare must be known before
        present = _frequencies(session, terms)
        rarest = sorted((term for term, count in present.items() if count), key=present.__getitem__)
        used: Sequence[str] = rarest[: query.TERMS_SCORED]
    else:
        used = terms
    for _ in range(ATTEMPTS):
        done = _attempt(session, request, terms, used, measured)
        if done is not None:
            return done
    raise TimeoutError("the store changes faster than it can be searched")


def _frequencies(session: Session, terms: Sequence[str]) -> dict[str, int]:
    """For each term: chunks that hold it in any field."""
    values = session.client.hmget(session.keys.frequencies, frequencies.asked(terms))
    counts, mark = frequencies.told(terms, values)
    eviction.check_mark(mark, session.state.marked, "the frequencies of terms")
    return counts


def _attempt(
    session: Session, request: Retrieval, terms: Sequence[str], used: Sequence[str], measured: bool
) -> Retrieved | None:
    """The answer; None if the store changed so much meanwhile that something may be missing from it."""
    total = session.state.chunks
    guessed = guess(session, request.view, request.filters)
    questions: list[Question] = []
    searches: list[tuple[object, ...]] = []
    if guessed is not None and request.limit > 0:
        questions = _questions(session, request, used, measured)
        number = min(guessed.asked(wanted(request), total), 2 * total + MOST_PENDING)
        searches = [one.first(guessed.condition, number) for one in questions]
    replies = ask(session, request.view, terms, searches, deep_candidates.asking(session, request))
    if replies is None or not replies.whole_since(replies):
        return None
    nothing = Retrieved([], replies.frequencies, replies.state.chunks)
    if replies.seen is None or request.limit <= 0:
        return nothing
    scope = make_scope(replies.seen.contents, request.filters, replies.state.chunks)
    if not scope.versions:
        return nothing
    if guessed is None or not guessed.allows(scope):
        return None
    _take(session, questions, replies, scope)
    if not _widen(session, questions, scope, request, replies):
        return None
    joined = _joined(session, questions, scope, request)
    deep_candidates.join(session, replies.along, request, scope, joined, _vector(session, request))
    return replace(nothing, candidates=list(joined.values()))


def _questions(session: Session, request: Retrieval, terms: Sequence[str], measured: bool) -> list[Question]:
    vector = _vector(session, request)
    asking: dict[str, Callable[..., tuple[object, ...]]] = {}
    if terms:
        asking[LEXICAL] = partial(query.lexical, terms, session.common)
    for name in sorted({fold(name) for name in request.names} - {""}):
        asking[f"name {name}"] = partial(query.named, [alphabet.name(name)])
    questions = []
    if vector is not None:
        questions.append(Question(partial(query.nearest, vector), NEAREST, request))
    if vector is None or not measured:
        return questions + [
            Question(partial(make, near=None), kind, request) for kind, make in asking.items()
        ]
    near = Near(vector, 2 * session.state.chunks + MOST_PENDING)
    for kind, make in asking.items():
        questions.append(Question(partial(make, near=near), kind, request))
        questions.append(Question(partial(_undirected, make), kind, request, undirected=True))
    return questions


def _undirected(
    make: Callable[[str, int], tuple[object, ...]], condition: str, number: int
) -> tuple[object, ...]:
    return make(query.undirected(condition), number)


def _vector(session: Session, request: Retrieval) -> bytes | None:
    return None if request.embedding is None else chunk.vector(request.embedding, session.vectors)


def _take(session: Session, questions: Sequence[Question], replies: Replies, scope: Scope) -> None:
    for one, reply in zip(questions, replies.searches, strict=True):
        one.take(query.answers(reply, session.prefix_length, scored=one.kind == LEXICAL), scope)


def _widen(
    session: Session, questions: Sequence[Question], scope: Scope, request: Retrieval, first: Replies
) -> bool:
    """Ask for more, again and again, where too little of what was found may be shown; whether the store stayed as it
    was meanwhile."""
    named = naming_versions(scope, request.filters, first.state.chunks)
    while short := [one for one in questions if one.found is None]:
        replies = ask(session, request.view, (), [one.again(scope, named) for one in short])
        if replies is None or not replies.whole_since(first):
            return False
        _take(session, short, replies, scope)
    return True


def _joined(
    session: Session, questions: Sequence[Question], scope: Scope, request: Retrieval
) -> dict[bytes, Candidate]:
    """Every chunk once, with what each retriever says about it."""
    joined: dict[bytes, Candidate] = {}
    measured: set[bytes] = set()
    for kind in dict.fromkeys(one.kind for one in questions):
        for found in _first([one for one in questions if one.kind == kind], request.limit, scope):
            kept = joined.get(found.key)
            if kept is None:
                assert found.payload is not None
                kept = joined[found.key] = scope.candidate(session.id(found.key), found, found.payload)
            if found.distance is not None:
                kept.semantic = 1.0 - found.distance
                measured.add(found.key)
            if kind == LEXICAL:
                kept.lexical = max(found.score, _LEAST)
            elif kind != NEAREST:
                kept.named = True
    vector = _vector(session, request)
    if vector is not None:
        measured |= {found.key for one in questions if one.undirected for found in one.found or ()}
        _measure(session, joined, [key for key in joined if key not in measured], vector)
    return joined


def _measure(session: Session, joined: dict[bytes, Candidate], far: list[bytes], vector: bytes) -> None:
    """The cosines of what was not found by its vector."""
    if far:
        (reply,) = session.run(lambda pipe: cosines.ask(pipe, session, far, vector))
        for key, cosine in cosines.told(session, reply).items():
            joined[key].semantic = cosine


def _first(alike: Sequence[Question], limit: int, scope: Scope) -> list[Found]:
    """The best `limit` of what questions of one kind found; equal ones are ordered by path and line."""
    value = alike[0].value

    def place(each: Found) -> tuple[float, str, int]:
        return -value(each), scope.path(each.version) or "", each.row

    return sorted((found for one in alike for found in one.found or ()), key=place)[:limit]


_LEAST = 1e-6  # what was found by terms has a score, even where the server's rounds to 0
