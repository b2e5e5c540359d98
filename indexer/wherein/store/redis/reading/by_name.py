"""Chunks by the names they define: names are looked up in the name book, then one question asks for each."""

from collections.abc import Callable, Sequence

from wherein.store.protocol import Candidate, Filters
from wherein.store.redis.chunks import name_book
from wherein.store.redis.connection.redis_py import Pipeline
from wherein.store.redis.reading import query
from wherein.store.redis.reading.guess import guess
from wherein.store.redis.reading.round_trip import Replies, ask
from wherein.store.redis.reading.scope import Scope, make_scope
from wherein.store.redis.session import Session
from wherein.store.redis.terms import alphabet
from wherein.store.spellings import fold, spellings

LONGER_NAMES = 5_000
"""Names that begin with what was asked for; if there are more, only the shortest are looked at."""

NAMES_AT_ONCE = 50
"""In one question."""

WIDENED = 4
"""This many times more longer names are asked for if too little of the first may be shown."""

FEWEST_ASKED = 2_000
"""All chunks of a name are needed to tell which comes first; asking for more than there are costs nothing."""

ATTEMPTS = 12
"""How often the questions are asked again if the store changes too much between them."""


def definitions(
    session: Session, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool
) -> list[list[Candidate]]:
    """What `Store.definitions` answers."""
    if limit <= 0 or not any(map(fold, names)):
        return [[] for _ in names]
    for _ in range(ATTEMPTS):
        done = _attempt(session, view, names, filters, limit, longer=longer)
        if done is not None:
            return done
    raise TimeoutError("the store changes faster than it can be asked")


def _attempt(
    session: Session, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool
) -> list[list[Candidate]] | None:
    """The answer; None if the store changed so much meanwhile that something may be missing from it."""
    guessed = guess(session, view, filters, assuming=longer)
    if guessed is None:
        return [[] for _ in names]
    before = session.names.known
    along = [lambda pipe: name_book.ask(pipe, session.keys, before)] if longer else []
    wanted = list(dict.fromkeys(filter(None, map(fold, names))))
    asked = _NameQuestions(session, view, assuming=longer)
    asked.ask([[name] for name in wanted], guessed.condition, along)
    if asked.first is None:
        return None
    if asked.first.seen is None:
        return [[] for _ in names]
    scope = make_scope(asked.first.seen.contents, filters, asked.first.state.chunks)
    if not guessed.allows(scope):
        return None
    known = session.names.follow(before, asked.first.along[0]) if longer else name_book.NOTHING
    found = {name: _shown(session, some, scope) for name, some in zip(wanted, asked.found, strict=True)}
    answers = [_ordered(name, found.get(fold(name), []))[:limit] for name in names]
    if longer and fold(names[0]) and len(answers[0]) < limit:
        more = _longer(asked, fold(names[0]), scope, answers[0], limit - len(answers[0]), known)
        if more is None:
            return None
        answers[0] += more
    return answers


class _NameQuestions:
    """Questions for names, all of them answered from the state that the first one saw."""

    def __init__(self, session: Session, view: str, *, assuming: bool) -> None:
        """`assuming`: nothing else of the view is wanted afterwards; see `round_trip.ask`."""
        self.session = session
        self._view = view
        self._assuming = assuming
        self.first: Replies | None = None
        """of the first; None if one was answered from another state"""
        self.found: list[list[query.Found]] = []
        """what has one of the names, of each group that was asked for last"""

    def ask(
        self,
        groups: Sequence[Sequence[str]],
        condition: str,
        along: Sequence[Callable[[Pipeline], object]] = (),
    ) -> bool:
        """Ask for all chunks with one of the names of each group; whether the store stayed as it was meanwhile."""
        asked = dict.fromkeys(range(len(groups)), FEWEST_ASKED)
        self.found = [[] for _ in groups]
        tags = [list(map(alphabet.name, group)) for group in groups]
        while asked:
            searches = [query.named(tags[at], condition, number) for at, number in asked.items()]
            replies = ask(self.session, self._view, (), searches, along, assuming=self._assuming)
            if replies is None or not replies.whole_since(self.first or replies):
                self.first = None
                return False
            self.first, along = self.first or replies, ()
            again: dict[int, int] = {}
            for (at, number), reply in zip(asked.items(), replies.searches, strict=True):
                total = int(reply[0])
                if number < total and number < query.MOST_ASKED:
                    again[at] = min(total + FEWEST_ASKED, query.MOST_ASKED)
                else:
                    self.found[at] = query.answers(reply, self.session.prefix_length)
            asked = again
        return True


def _shown(session: Session, found: Sequence[query.Found], scope: Scope) -> list[Candidate]:
    return [
        scope.candidate(session.id(each.key), each, each.payload)
        for each in found
        if each.payload is not None and scope.path(each.version) is not None
    ]


def _ordered(name: str, whole: Sequence[Candidate]) -> list[Candidate]:
    return sorted(
        whole,
        key=lambda found: (
            name not in spellings(found.symbol, found.qualified_name, found.names),
            len(found.qualified_name),
            found.path,
            found.start_line,
        ),
    )


def _longer(
    asked: _NameQuestions,
    folded: str,
    scope: Scope,
    seen: Sequence[Candidate],
    limit: int,
    names: name_book.Book,
) -> list[Candidate] | None:
    """Chunks with a name that begins with `folded`, the shortest such name first; None if the store has changed."""
    if not scope.versions:
        return []
    ordered = names.beginning(folded)[:LONGER_NAMES]
    groups = [ordered[start : start + NAMES_AT_ONCE] for start in range(0, len(ordered), NAMES_AT_ONCE)]
    known = {each.id for each in seen}
    found: dict[int | str, tuple[int, Candidate]] = {}
    together = -(-limit // NAMES_AT_ONCE)
    while groups:
        some, groups = groups[:together], groups[together:]
        if (
            len(found) >= limit
            and len(some[0][0]) > sorted(length for length, _ in found.values())[limit - 1]
        ):
            break
        if not asked.ask(some, scope.condition):
            return None
        for each in (one for group in asked.found for one in _shown(asked.session, group, scope)):
            if each.id in known or each.id in found:
                continue
            all_names = map(fold, spellings(each.symbol, each.qualified_name, each.names))
            lengths = [len(one) for one in all_names if one.startswith(folded) and one != folded]
            if lengths:
                found[each.id] = min(lengths), each
        together *= WIDENED
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].path, one[1].start_line))
    return [each for _, each in ranked[:limit]]
