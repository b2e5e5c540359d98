"""Definitions by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.places import places
from wherein.search.members import as_member, member_spellings
from wherein.search.present import Ranked, present
from wherein.store.protocol import Candidate, Filters, Store
from wherein.store.spellings import fold, folded_spellings, spellings

SPARE_PARTS = 2
"""Times as many chunks are asked for as hits are wanted: later parts of a definition are no answers of their own."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chunk, or one of its members, as the answer to a name."""

    candidate: Candidate
    member: int | None
    names: frozenset[str]
    """what it is found by, case folded"""

    @property
    def shown(self) -> Candidate:
        """Under its own name."""
        return self.candidate if self.member is None else as_member(self.candidate, self.member)


def symbols(
    store: Store,
    view: str,
    name: str,
    *,
    repository: str,
    limit: int = 50,
    filters: Filters = Filters(),
    exact: bool = False,
) -> list[Hit]:
    """What defines `name` exactly, then ignoring case, then beginning with it; members of a group or an enum each by
    themselves. Scores tell the place only.

    `exact` leaves those out that only begin with it, and puts what the name is of before what only lists it: a method
    before the interface that asks for it.
    """
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    name = name.replace("\0", "").strip().removesuffix("()")
    if not name:
        raise ConfigError("The name is empty.", remedy="wherein symbol NAME")
    found = _defining(store, view, name, filters, limit)
    if exact:
        wanted = fold(name)
        found = sorted(
            (each for each in found if wanted in each.names), key=lambda each: each.member is not None
        )
    ranked = [Ranked(each.candidate, 1.0 / (1 + at), member=each.member) for at, each in enumerate(found)]
    return present(store, ranked, repository=repository, limit=limit, view=view, twins=True)


def _defining(store: Store, view: str, name: str, filters: Filters, limit: int) -> list[Named]:
    """Everything whose name is this one or begins with it, the closest first."""
    wanted = fold(name)
    chunks = store.definitions(view, name, filters, limit * SPARE_PARTS)

    def closeness(each: Named) -> tuple[int, int, str, int]:
        shown = each.shown
        place = shown.path, shown.start_line
        if wanted in each.names:
            spelled = name in spellings(shown.symbol, shown.qualified_name, ())
            return 0 if spelled else 1, len(shown.qualified_name), *place
        return 2, min(len(one) for one in each.names if one.startswith(wanted)), *place

    fitting = [each for each in named(chunks) if any(one.startswith(wanted) for one in each.names)]
    return sorted(fitting, key=closeness)


def named(chunks: Sequence[Candidate]) -> Iterator[Named]:
    """All that chunks define. Of a definition in parts, its first is where it begins; the others count for what is
    defined in them."""
    for chunk in chunks:
        part = places(chunk.profile, chunk.start_line).part
        if part is None or part[0] == 1:
            yield Named(chunk, None, frozenset(folded_spellings(chunk.symbol, chunk.qualified_name, ())))
        for which in range(len(chunk.names)):
            yield Named(chunk, which, frozenset(member_spellings(chunk, which)))
