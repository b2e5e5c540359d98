"""How a question is kept to a view before its answers tell what that shows now.

Searches and what they depend on are asked in one round trip, so that they are put by what is known of the view until
then. Whether that was right is seen when the answers are there.
"""

from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Filters
from wherein.store.redis.reading.scope import Scope, asked, kept_to, make_scope
from wherein.store.redis.session import Session
from wherein.store.redis.views.record import Seen


@dataclass(frozen=True, slots=True)
class Guess:
    """What a question is asked with."""

    condition: str
    chunks: int
    """that may be found"""
    scope: Scope | None
    """None if only the view's record is known: what it shows comes with the answers"""

    def asked(self, wanted: int, total: int) -> int:
        """How many to ask for, to find `wanted` that may be found among `total` chunks."""
        return self.scope.asked(wanted, total) if self.scope else asked(wanted, self.chunks, total)

    def allows(self, scope: Scope) -> bool:
        """Whether the condition let through all that may be found by what the answers say."""
        return self.scope is None or self.scope.covers(scope)


def guess(session: Session, view: str, filters: Filters, *, assuming: bool = True) -> Guess | None:
    """By what is known of a view; None if nothing may be found. `assuming`: see `round_trip.ask`."""
    seen = _seen(session, view, shown=filters.of_paths, assuming=assuming)
    if seen is not None:
        scope = make_scope(seen.contents, filters, session.state.chunks)
        return Guess(scope.condition, scope.chunks, scope) if scope.versions else None
    record = session.views.glimpsed(view)
    return None if record is None else Guess(kept_to(filters), record.chunks, None)


def _seen(session: Session, view: str, *, shown: bool, assuming: bool) -> Seen | None:
    """A view as far as it must be known before the question. Its record is enough, and then the answer is None, as it
    is if there is no such view; if the question depends on what is `shown`, that is read too, or assumed."""
    session.glimpse(view)
    known = session.views.known(view)
    if known is not None or not shown:
        return known
    if (kept := session.views.kept_here(view)) is not None:
        return kept
    assumed = session.views.assumed(view) if assuming else None
    return session.load(view) if assumed is None else assumed.seen
