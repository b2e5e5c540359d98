"""The round trip of a search: it asks the search index, follows the view, and tells whether the answers go together."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.redis_py import Pipeline
from wherein.store.redis.damage import eviction
from wherein.store.redis.session import COUNTED, Session, State
from wherein.store.redis.terms import frequencies
from wherein.store.redis.trees.contents import to_bytes
from wherein.store.redis.views.record import ReadAnew, Seen


@dataclass(frozen=True, slots=True)
class Replies:
    """The answers of one round trip."""

    state: State
    seen: Seen | None
    frequencies: Mapping[str, int]
    searches: list[Any]
    after: State
    record: bytes | None
    """of the view, before the searches"""
    record_after: bytes | None
    along: Sequence[Sequence[Any]] = ()
    """two answers to each that was asked along"""

    def whole_since(self, first: "Replies") -> bool:
        """Whether everything that the view showed at `first` was there until the last search.

        What a view shows is never deleted, so something can be missing only if the view changed and chunks were
        deleted.
        """
        return first.record == self.record_after or first.state.epoch == self.after.epoch


def ask(
    session: Session,
    view: str,
    terms: Sequence[str],
    searches: Sequence[tuple[object, ...]],
    along: Sequence[Callable[[Pipeline], object]] = (),
    *,
    assuming: bool = True,
) -> Replies | None:
    """Search and follow the view in one round trip; each of `along` adds two questions.

    With `assuming` the reader's own files may stand for what the view shows, unless that is needed afterwards. None
    if the view changed so much that it had to be read again: ask once more. Evicted if chunks are lost.
    """
    assumed = session.views.assumed(view) if assuming else None
    about_view = (
        session.views.commands(view) if assumed is None else session.views.commands_assumed(view, assumed)
    )

    def fill(pipe: Pipeline) -> None:
        pipe.hmget(session.keys.meta, COUNTED)
        for command in about_view:
            pipe.execute_command(*command)
        if terms:
            pipe.hmget(session.keys.frequencies, frequencies.asked(terms))
        for arguments in searches:
            pipe.execute_command("FT.SEARCH", session.keys.alias, *arguments)
        if searches:
            eviction.ask(pipe, session.keys)
        for add in along:
            add(pipe)
        pipe.hmget(session.keys.meta, COUNTED)
        pipe.hget(session.keys.views, to_bytes(view))

    answers = iter(session.run(fill))
    before, told = State.told(next(answers)), list(islice(answers, len(about_view)))
    counts, mark = frequencies.told(terms, next(answers)) if terms else ({}, b"")
    found = list(islice(answers, len(searches)))
    index = next(answers) if searches else None
    told_along = [list(islice(answers, 2)) for _ in along]
    after, record_after = State.told(next(answers)), next(answers)
    eviction.check_mark(mark, before.marked, "the frequencies of terms")
    if searches:
        eviction.check(session.run, session.keys, index, min(before.chunks, after.chunks))
    session.note(after)
    try:
        seen = (
            session.views.follow(view, told) if assumed is None else session.views.still(view, assumed, told)
        )
    except ReadAnew:
        session.views.load(session.client, view)
        return None
    return Replies(before, seen, counts, found, after, told[0], record_after, told_along)
