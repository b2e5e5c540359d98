"""One round trip: lexical, semantic and name candidates of a view."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wherein.store.protocol import Candidate, Retrieval, Retrieved
from wherein.store.redis import alphabet, chunk, query
from wherein.store.redis.client import Reply
from wherein.store.redis.query import Found
from wherein.store.redis.scope import Scope, make_scope
from wherein.store.redis.session import Replies, Session
from wherein.store.spellings import fold

DOUBLED = 2
"""What is asked for first when too little of what was found may be shown."""

WIDENED = 8
"""How many times more is asked for when that was too little as well."""

VERSIONS_NAMED_LATER = 3_000
"""Instead, up to so many file versions are named: 20 ms for 50,000 chunks, whatever was found."""

MANY, ENOUGH = 100, 0.75
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
    """What `Store.retrieve` answers. Raises ValueError for an embedding of another dimension."""
    dimension = session.header.dimension
    vector = request.embedding
    if vector is not None and vector.shape != (dimension,):
        raise ValueError(f"an embedding of shape {vector.shape} where the index has ({dimension},)")
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
    state = session.state
    seen = session.views.known(request.view)
    guess = make_scope(seen.contents, request.filters, state.chunks) if seen else None
    asked = _questions(session, request, used) if request.limit > 0 else []
    if guess is not None:
        for one in asked:
            one.number = min(guess.asked(request.limit, state.chunks), 2 * state.chunks + MOST_PENDING)
    searching = asked if guess is not None and guess.versions else []
    condition = guess.condition if guess is not None else ""
    replies = session.ask(request.view, terms, [one.make(condition, one.number) for one in searching])
    if replies is None or not replies.whole_since(replies):
        return None
    frequencies = dict(zip(terms, replies.frequencies, strict=True))
    if replies.seen is None or not asked:
        return Retrieved([], frequencies, replies.state.chunks)
    if guess is None:
        return None  # the view is known now
    scope = guess
    if seen is None or replies.seen.contents is not seen.contents:
        scope = make_scope(replies.seen.contents, request.filters, replies.state.chunks)
        if scope.condition != guess.condition:
            return None
    if not scope.versions:
        return Retrieved([], frequencies, replies.state.chunks)
    if not searching:
        return None
    known: dict[bytes, Candidate] = {}
    for one, reply in zip(asked, replies.searches, strict=True):
        _take(session, one, reply, scope, request, known)
    if not _widen(session, asked, scope, request, replies, known):
        return None
    return Retrieved(_joined(session, asked, request, known), frequencies, replies.state.chunks)


def _questions(session: Session, request: Retrieval, terms: Sequence[str]) -> list[_Asked]:
    questions: list[_Asked] = []
    if terms:
        common = session.common
        questions.append(_Asked(lambda where, number: query.lexical(terms, common, where, number), "lexical"))
    if (
        request.embedding is not None
        and (raw := chunk.vector(request.embedding, session.vectors)) is not None
    ):
        near = raw
        questions.append(_Asked(lambda where, number: query.nearest(near, where, number), "nearest"))
    for name in sorted({fold(name) for name in request.names} - {""}):
        tagged = alphabet.tag(name)
        questions.append(
            _Asked(lambda where, number, tagged=tagged: query.named([tagged], where, number), "named")  # type: ignore[misc]
        )
    return questions


def _take(
    session: Session,
    one: _Asked,
    reply: Reply,
    scope: Scope,
    request: Retrieval,
    known: dict[bytes, Candidate],
) -> None:
    """Keep what may be shown of an answer, if it was enough or all there is. `known` holds what was unpacked."""
    answers = query.answers(reply, session.prefix_length, scored=one.kind == "lexical")
    kept = []
    for found in answers:
        candidate = known.get(found.key)
        if candidate is None:
            candidate = known[found.key] = chunk.candidate(found.key, found.payload)
        if scope.shows(candidate.path, candidate.blob):
            kept.append(found)
            if len(kept) == request.limit:
                break
    enough = int(request.limit * ENOUGH) if request.limit >= MANY else request.limit
    one.found = kept if len(kept) >= enough or len(answers) < one.number else None


def _widen(
    session: Session,
    asked: list[_Asked],
    scope: Scope,
    request: Retrieval,
    first: Replies,
    known: dict[bytes, Candidate],
) -> bool:
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
            _take(session, one, reply, exact, request, known)
    return True


def _joined(
    session: Session, asked: list[_Asked], request: Retrieval, known: dict[bytes, Candidate]
) -> list[Candidate]:
    """Every chunk once, with what each retriever says of it, and its cosine."""
    joined: dict[bytes, Candidate] = {}
    without: dict[bytes, bytes] = {}
    near: set[bytes] = set()
    for one in asked:
        for key, score, _, vector in _first(one, request.limit - EQUAL, known):
            kept = joined[key] = known[key]
            if one.kind == "nearest":
                kept.semantic = 1.0 - score
                near.add(key)
            else:
                if one.kind == "lexical":
                    kept.lexical = max(score, _LEAST)
                else:
                    kept.named = True
                if vector is not None:
                    without[key] = vector
    left = [each for each in without if each not in near]
    if request.embedding is not None and left:
        rows = np.frombuffer(b"".join(without[each] for each in left), chunk.DTYPES[session.vectors])
        matrix = rows.reshape(len(left), -1).astype(np.float32)
        norms = np.linalg.norm(matrix, axis=1)
        length = float(np.linalg.norm(request.embedding)) or 1.0
        cosines = matrix @ request.embedding / np.maximum(norms * length, np.float32(1e-12))
        for each, cosine in zip(left, cosines.tolist(), strict=True):
            joined[each].semantic = cosine
    return list(joined.values())


def _first(one: _Asked, limit: int, known: Mapping[bytes, Candidate]) -> list[Found]:
    """The best `limit` of what was found; of equal ones, the first by path and line."""
    found = one.found or []
    if len(found) <= limit:
        return found
    sign = -1 if one.kind == "lexical" else 1  # a distance is the better the less it is

    def key(each: Found) -> tuple[float, str, int]:
        candidate = known[each.key]
        return sign * each.score, candidate.path, candidate.start_line

    return sorted(found, key=key)[:limit]


_LEAST = 1e-6  # what was found by terms has a score, even where the server's rounds to 0
