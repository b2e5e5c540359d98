"""Definitions by name."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from wherein.chunking.outline import CLASS_KINDS
from wherein.errors import ConfigError
from wherein.hit import Hit
from wherein.one_form import one_form
from wherein.places import places
from wherein.quick_dataclass import dataclass
from wherein.search.by_place import by_place
from wherein.search.file_text import Files
from wherein.search.members import as_member, member_spellings
from wherein.search.name_readings import Reading, plain, readings
from wherein.search.operators import Operator, asked_operator
from wherein.search.present import present
from wherein.search.rank.kinds import DEFINITIONS, TEXTS
from wherein.search.rank.places import is_noise
from wherein.search.scoped import scoped
from wherein.search.showing import Ranked
from wherein.store.protocol import Candidate, Filters, Retrieval, Store
from wherein.store.spellings import JOINTS, fold, folded_spellings, spellings

NAMES_AT_ONCE = 100
"""Names asked for in one round trip."""

SPARE_PARTS = 2
"""This many times as many chunks are asked for as hits are wanted: later parts of a definition are not answers of their
own."""

MORE_PARTS = 8
MOST_CHUNKS = 5_000
"""So many times as many, up to this, where the parts of long definitions leave room for too few others."""


@dataclass(frozen=True, slots=True)
class Named:
    """A chunk, or one of its members, as the answer to a name."""

    candidate: Candidate
    member: int | None
    names: frozenset[str]
    """the names that it is found by, case folded"""

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
    alike: bool = False,
    files: Files | None = None,
) -> list[Hit]:
    """What defines `name` exactly, then ignoring case, then names that begin with it; members of a group or an enum
    each by themselves. Scores only give the place.

    If nothing has exactly this name, and always with `alike`, similar names follow (name_book.py). `exact` leaves out
    those that only begin with it, and puts what is named so before what only lists the name: a method before the
    interface that asks for it. With `files`, the texts come with the files that they are in.
    """
    if limit < 1:
        raise ConfigError(f"The limit must be at least 1, not {limit}.")
    name = one_form(name.replace("\0", "").strip())
    if not name:
        raise ConfigError("The name is empty.", remedy="wherein symbol NAME")
    store = scoped(store, filters)
    operator = asked_operator(name)
    chunks: list[Candidate] = []
    if operator is not None:
        found = _operators(store, view, operator, filters, limit, exact=exact)
    else:
        found, chunks = _whole(store, view, name, filters, limit, strict=exact)
    if exact:
        found.sort(key=lambda each: each.member is not None)
    elif operator is None:
        only_longer = not found
        found += _longer(name, chunks, found)
        if (only_longer or alike) and len(found) < limit:
            found += _alike(store, view, name, filters, limit - len(found), found)
    ranked = [Ranked(each.candidate, 1.0 / (1 + at), member=each.member) for at, each in enumerate(found)]
    if files is not None:
        files.read(each.candidate.path for each in found[:limit])
    known = files.texts if files is not None else {}
    return present(store, ranked, repository=repository, limit=limit, view=view, twins=True, known=known)


def closest(hits: Sequence[Hit], name: str) -> list[Hit]:
    """The answers of several repositories to a name as one: what has exactly this name, then what begins with it; what
    is merely similar, if nothing has it. Otherwise in their order."""
    wanted = [fold(reading.name) for reading in readings(one_form(name.strip()))]
    longer, alike = len(wanted), len(wanted) + 1

    operator = asked_operator(name)

    def closeness(hit: Hit) -> int:
        if operator is not None:
            distance = operator.distance(hit.symbol)
            return alike if distance is None else longer if distance[0] else int(distance[1])
        spelled = folded_spellings(hit.symbol, hit.qualified_name, ())
        exact = (place for place, each in enumerate(wanted) if each in spelled)
        begun = any(each.startswith(wanted[0]) for each in spelled)
        return next(exact, longer if begun else alike)

    ranked = sorted(((closeness(hit), at, hit) for at, hit in enumerate(hits)), key=lambda each: each[:2])
    found = any(close < longer for close, *_ in ranked)
    return [hit for close, _, hit in ranked if not found or close < alike]


def _whole(
    store: Store, view: str, name: str, filters: Filters, limit: int, *, strict: bool
) -> tuple[list[Named], list[Candidate]]:
    """What has exactly this name, in the first way to read it that something has; and all chunks that the name finds as
    it is, unless `strict` also those with longer names."""
    first, *others = readings(name)
    (chunks,) = _defining(store, view, [first.name], filters, limit, longer=not strict)
    found = _just(first, chunks, strict=strict)
    if found is None and others:
        asked = _defining(store, view, [each.name for each in others], filters, limit)
        tried = (_just(reading, some, strict=strict) for reading, some in zip(others, asked, strict=True))
        found = next((each for each in tried if each is not None), None)
    return found or [], chunks


def _defining(
    store: Store, view: str, names: Sequence[str], filters: Filters, limit: int, *, longer: bool = False
) -> list[list[Candidate]]:
    """For each name the chunks that have it, as many as it takes for `limit` definitions, as far as there are."""
    most = limit * SPARE_PARTS
    while True:
        found = store.definitions(view, names, filters, most, longer=longer)
        few = any(len(chunks) >= most and sum(map(_begins, chunks)) < limit for chunks in found)
        if not few or most >= MOST_CHUNKS:
            return found
        most = min(most * MORE_PARTS, MOST_CHUNKS)


def _just(reading: Reading, chunks: Sequence[Candidate], *, strict: bool) -> list[Named] | None:
    """Of chunks what has just the name that was read; None if nothing has. Of a name whose beginning is no part of what
    things are called here, those come first, and with `strict` alone, that stand where it says."""
    wanted = fold(reading.name)
    found = [each for each in named(chunks) if wanted in each.names] if wanted else []
    if not found:
        return None
    if reading.before:
        inside = [each for each in found if _is_inside(each.shown, reading.before)]
        found = inside or ([] if strict else found)

    def closeness(each: Named) -> tuple[bool, int, bool, int, str, int]:
        shown = each.shown
        spelled = reading.name in spellings(shown.symbol, shown.qualified_name, ())
        aside = is_noise(shown.path)
        return (
            not spelled,
            _standing(each),
            aside,
            len(shown.qualified_name),
            shown.path,
            shown.start_line,
        )

    return sorted(found, key=closeness)


def _operators(
    store: Store, view: str, operator: Operator, filters: Filters, limit: int, *, exact: bool
) -> list[Named]:
    """What defines an operator, whatever a language calls it; then, unless `exact`, those that begin with its signs."""
    found: dict[tuple[int | str, int | None], tuple[tuple[int, bool], Named]] = {}

    def take(some: Iterable[Named]) -> None:
        for each in some:
            # Names are looked up without regard to what joins them, as `->` and `/` do.
            distance = operator.distance(each.shown.symbol)
            if distance is not None and not (exact and distance[0]):
                found.setdefault((each.candidate.id, each.member), (distance, each))

    for strict in (True, False) if operator.of and not exact else (exact,):
        longer: list[Named] = []
        for spelling in operator.spellings:
            whole, chunks = _whole(store, view, spelling, filters, limit, strict=strict)
            take(whole)
            longer += _longer(spelling, chunks, ())
        if found:
            break
    take(() if exact else longer)
    return [each for _, each in sorted(found.values(), key=lambda pair: pair[0])]


def _standing(each: Named) -> int:
    """What defines a thing comes before what is only called so (`const Reply = require("./reply")`, a field), and that
    before a section about it."""
    kind = each.shown.kind
    if each.member is not None and each.candidate.kind in CLASS_KINDS:
        return 1
    return 0 if kind in DEFINITIONS else 2 if kind in TEXTS else 1


def _longer(name: str, chunks: Sequence[Candidate], whole: Sequence[Named]) -> list[Named]:
    """Those of the chunks that have a name beginning with this one, the shortest such name first."""
    wanted = fold(name)
    known = {(each.candidate.id, each.member) for each in whole}

    def length(each: Named) -> int:
        return min((len(one) for one in each.names if one.startswith(wanted)), default=0)

    found = [each for each in named(chunks) if length(each) and (each.candidate.id, each.member) not in known]
    return sorted(found, key=lambda each: (length(each), each.candidate.path, each.shown.start_line))


def _alike(
    store: Store, view: str, name: str, filters: Filters, limit: int, known: Sequence[Named]
) -> list[Named]:
    """What has a similar name, closest first; for a qualified name, within what is similar to its beginning."""
    *around, last = [part for part in JOINTS.split(plain(name)) if part] or [name]
    names = store.name_book().like(last)
    seen = {(each.candidate.id, each.member) for each in known}
    found: list[Named] = []
    while len(found) < limit and (some := list(islice(names, NAMES_AT_ONCE))):
        order = {fold(each): place for place, each in reversed(list(enumerate(some)))}
        asked = Retrieval(view=view, names=tuple(some), filters=filters, limit=limit)
        fitting = []
        for each in named(by_place(store.retrieve(asked).candidates)[0]):
            place = min((order[one] for one in each.names if one in order), default=None)
            if place is None or (each.candidate.id, each.member) in seen:
                continue
            if around and not _is_like(each.shown.qualified_name, around):
                continue
            seen.add((each.candidate.id, each.member))
            fitting.append((place, each))
        found += [each for _, each in sorted(fitting, key=lambda one: one[0])]
    return found[:limit]


def _is_like(qualified_name: str, around: Sequence[str]) -> bool:
    """Whether each of the given parts is in the beginning of a qualified name, in their order."""
    parts = iter(fold(qualified_name).split(".")[:-1])
    return all(any(fold(each) in part for part in parts) for each in around)


def _is_inside(found: Candidate, before: Sequence[str]) -> bool:
    """Whether a definition is in what a name says before it: a class around it, else its file or folder."""
    around = fold(found.qualified_name).split(".")[:-1]
    place = fold(found.path).split(".")
    return before[-1] in around or before[-1] in place


def named(chunks: Sequence[Candidate]) -> Iterator[Named]:
    """All that chunks define. Of a definition in parts, its first is where it begins; the others count for what is
    defined in them."""
    for chunk in chunks:
        if _begins(chunk):
            yield Named(chunk, None, frozenset(folded_spellings(chunk.symbol, chunk.qualified_name, ())))
        for which in range(len(chunk.names)):
            yield Named(chunk, which, frozenset(member_spellings(chunk, which)))


def _begins(chunk: Candidate) -> bool:
    """Whether it is no later part of a definition."""
    part = places(chunk.profile, chunk.start_line).part
    return part is None or part[0] == 1
