"""Two round trips: lexical, semantic and name candidates of a view; what is still lacking of them, with their texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from wherein.store.protocol import Candidate, Retrieval, Retrieved
from wherein.store.redis import alphabet, chunk, deep_retrieve, query
from wherein.store.redis.client import Reply
from wherein.store.redis.query import Found
from wherein.store.redis.scope import Scope, asked, kept_to, make_scope
from wherein.store.redis.session import Replies, Session
from wherein.store.spellings import fold

DOUBLED = 2
"""What is asked for first when too little of what was found may be shown."""

WIDENED = 8
"""How many times more is asked for when that was too little as well."""

VERSIONS_NAMED_LATER = 3_000
"""Instead, up to so many file versions are named: 20 ms for 50,000 chunks, whatever was found."""

MANY, ENOUGH = 50, 0.75
"""Of so many or more candidates, this share does: asking again costs as much as the search, and the last of them are
hardly ever among the hits. Beside a writer of other versions of the same files, searches took 45 ms (p95) instead of 76
with this and DOUBLED."""

MOST_PENDING = 5_000
"""Chunks that may be in the index although no view shows them yet."""

ATTEMPTS = 12
"""When the store is written to between the questions of one round trip, it is made again."""

EQUAL = 16
"""Answers asked for beyond the limit: where some of them score like the last one, the first by path and line are taken,
and not those that were written first."""

ESTIMATED = 0.09
"""How much less than the last of the nearest a chunk is like the query, that is not among them: the median of 868
queries. Good enough to tell whose texts will be shown; ranking takes the true cosines."""


@dataclass(slots=True)
class _Asked:
    """One question, widened until enough of its answers may be shown."""

    make: Callable[[str, int], tuple[object, ...]]
    """from condition and number to the arguments of FT.SEARCH"""
    kind: str
    """lexical, nearest or named"""
    number: int = 0
    doubled: bool = False
    exactly: bool = False
    """whether it was asked with all file versions named"""
    found: list[Found] | None = None


def retrieve(session: Session, request: Retrieval) -> Retrieved:
    """What `Store.retrieve` answers."""
    terms = tuple(dict.fromkeys(request.terms))
    if len(terms) > query.TERMS_SCORED:  # which of them are rare must be known before
        present = session.frequencies(terms)
        rarest = sorted((term for term, count in present.items() if count), key=present.__getitem__)
        used: Sequence[str] = rarest[: query.TERMS_SCORED]
    else:
        used = terms
    wider = replace(request, limit=request.limit + EQUAL) if request.limit > 0 else request
    for _ in range(ATTEMPTS):
        done = _attempt(session, wider, terms, used)
        if done is not None:
            return done
    raise TimeoutError("the store changes faster than it can be searched")


def _attempt(
    session: Session, request: Retrieval, terms: Sequence[str], used: Sequence[str]
) -> Retrieved | None:
    """The answer; None where the store has changed so much meanwhile that it may have holes."""
    questions = _questions(session, request, used) if request.limit > 0 else []
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
    joined, far = _joined(session, questions, scope, request)
    far += deep_retrieve.join(session, replies.deep, request, scope, joined, request.limit - EQUAL)
    done = Retrieved(list(joined.values()), frequencies, total)
    _finish(session, done, joined, far, request)
    return done


def _guess(session: Session, request: Retrieval, questions: Sequence[_Asked]) -> str | None:
    """The condition to ask with, by what is known of the view, and how many by each question; None where nothing may be
    found. Where only the view's record is known, what it shows comes with the answers."""
    view, total = request.view, session.state.chunks
    seen = session.views.known(view)
    if seen is None and request.filters.of_paths:
        seen = session.load(view)
    if seen is None and session.views.glimpsed(view) is None:
        session.glimpse(view)
    if seen is not None:
        scope = make_scope(seen.contents, request.filters, total)
        condition, number = scope.condition, scope.asked(request.limit, total)
        if not scope.versions:
            return None
    elif (record := session.views.glimpsed(view)) is not None:
        condition, number = kept_to(request.filters), asked(request.limit, record.chunks, total)
    else:
        return None
    for one in questions:
        one.number = min(number, 2 * total + MOST_PENDING)
    return condition


def _questions(session: Session, request: Retrieval, terms: Sequence[str]) -> list[_Asked]:
    questions: list[_Asked] = []
    if terms:
        common = session.common
        questions.append(_Asked(lambda where, number: query.lexical(terms, common, where, number), "lexical"))
    if (near := _vector(session, request)) is not None:
        questions.append(_Asked(lambda where, number: query.nearest(near, where, number), "nearest"))
    for name in sorted({fold(name) for name in request.names} - {""}):
        tagged = alphabet.name(name)
        questions.append(
            _Asked(
                lambda where, number, tagged=tagged: query.named([tagged], where, number),  # type: ignore[misc]
                "named",
            )
        )
    return questions


def _vector(session: Session, request: Retrieval) -> bytes | None:
    return None if request.embedding is None else chunk.vector(request.embedding, session.vectors)


def _take(session: Session, one: _Asked, reply: Reply, scope: Scope, request: Retrieval) -> None:
    """Keep what may be shown of an answer, if it was enough or all there is."""
    answers = query.answers(reply, session.prefix_length, scored=one.kind == "lexical")
    kept = []
    for found in answers:
        if found.payload is not None and scope.path(found.version) is not None:
            kept.append(found)
            if len(kept) == request.limit:
                break
    enough = int(request.limit * ENOUGH) if request.limit >= MANY else request.limit
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
                one.number, one.exactly = request.limit, True
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
) -> tuple[dict[bytes, Candidate], list[bytes]]:
    """Every chunk once, with what each retriever says of it; and those whose cosines are only estimated."""
    joined: dict[bytes, Candidate] = {}
    near: set[bytes] = set()
    last = 0.0
    for one in asked:
        for found in _first(one, request.limit - EQUAL, scope):
            kept = joined.get(found.key)
            if kept is None:
                assert found.payload is not None
                kept = joined[found.key] = scope.candidate(session.id(found.key), found, found.payload)
            if one.kind == "nearest":
                kept.semantic = last = 1.0 - found.score
                near.add(found.key)
            elif one.kind == "lexical":
                kept.lexical = max(found.score, _LEAST)
            else:
                kept.named = True
    far = [key for key in joined if key not in near] if request.embedding is not None else []
    for key in far:
        joined[key].semantic = last - ESTIMATED
    return joined, far


def _finish(
    session: Session, done: Retrieved, joined: dict[bytes, Candidate], far: list[bytes], request: Retrieval
) -> None:
    """The true cosines of those that are far, and the texts that are likely to be asked for."""
    likely = [str(each) for each in request.likely(done)] if request.likely is not None else []
    vector = _vector(session, request)
    measured = []
    if far and vector is not None:
        prefix = session.keys.chunks.encode()
        measured.append(query.distances(vector, [prefix + key for key in far]))
    for key in far:
        joined[key].semantic = 0.0
    if not measured and not likely:
        return
    for reply in session.finish(measured, likely):
        for found in query.answers(reply, session.prefix_length):
            joined[found.key].semantic = 1.0 - found.score


def _first(one: _Asked, limit: int, scope: Scope) -> list[Found]:
    """The best `limit` of what was found; of equal ones, the first by path and line."""
    found = one.found or []
    sign = -1 if one.kind == "lexical" else 1  # a distance is the better the less it is

    def place(each: Found) -> tuple[float, str, int]:
        return sign * each.score, scope.path(each.version) or "", each.row

    return sorted(found, key=place)[:limit]


_LEAST = 1e-6  # what was found by terms has a score, even where the server's rounds to 0
