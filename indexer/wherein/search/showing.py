"""A ranked candidate → the hit that is shown: with which of its names and lines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field, replace

from wherein.chunking.outline import CLASS_KINDS
from wherein.hit import Hit
from wherein.places import Places, places
from wherein.quick_dataclass import dataclass
from wherein.search.members import as_member, member_lines, member_named
from wherein.search.rank.kinds import TEXTS
from wherein.search.shown_line import column_of, first_filled, name_line, telling_line
from wherein.store.description import unpacked
from wherein.store.protocol import Candidate, FileChunks, Store
from wherein.store.spellings import fold


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place."""

    candidate: Candidate
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    definition: int | None = None
    """what it is, or is a part of"""
    member: int | None = None
    """which of its further names it stands for, alone"""
    line: int = 0
    """the line to show, if one was asked for"""
    origin: int = 0
    """which of several repositories it belongs to"""

    def scored(self, parts: dict[str, float]) -> "Ranked":
        """The same with another score, the sum of these parts."""
        score = sum(parts.values())
        return Ranked(self.candidate, score, parts, self.definition, self.member, self.line, self.origin)


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides in a query how a hit is shown."""

    terms: tuple[str, ...] = ()
    """the line with most of them is shown, if a hit's name is not on one of its lines"""
    names: tuple[str, ...] = ()
    """a hit that has one of these as a member is shown under that name"""


def whole_text(
    pieces: Sequence[Candidate], texts: Sequence[str], repository: str, *, score: float = 0.0
) -> Hit:
    """Chunks that follow one another as one hit."""
    whole = replace(pieces[0], end_line=pieces[-1].end_line)
    at = places(whole.profile, whole.start_line)
    if len(pieces) > 1:
        at = replace(at, definition=None, part=None)
    return _trimmed(whole, "\n".join(texts), at, repository, score, {}, ())


Following = Mapping[int | str, FileChunks]
"""By the id of a chunk that is only the comment above a definition: the chunks after it, up to the one with the
definition's name."""


def up_to_the_code(store: Store, view: str, shown: Sequence[Candidate]) -> dict[int | str, list[Candidate]]:
    """Which chunks `Following` is to hold for those that are shown."""
    above = [(each, line) for each in shown if (line := _code_below(each))]
    chunks = store.chunks_of(view, {each.path for each, _ in above}) if above else {}
    return {
        found.id: [each for each in chunks[found.path] if found.start_line < each.start_line <= line]
        for found, line in above
    }


def _code_below(found: Candidate) -> int:
    """The line of a definition, where a part of it is nothing but the comment above; else 0."""
    at = places(found.profile, found.start_line)
    return at.line if at.part is not None and found.end_line < at.line else 0


class Showing:
    """The hits of one repository in an answer."""

    def __init__(self, repository: str, asked: Asked, following: Following) -> None:
        self._repository = repository
        self._asked = asked
        self._following = following
        self._folded = frozenset(map(fold, asked.names))

    def hit(self, item: Ranked, text: str) -> Hit:
        """What is shown for a candidate with this text."""
        found = item.candidate
        at = places(found.profile, found.start_line)
        which = item.member if item.member is not None else member_named(found, self._folded)
        if which is None and not item.line:
            which = _told_member(found, self._asked.terms)
        if which is not None:
            return self._member(item, text, at, which)
        if (more := self._following.get(found.id)) is not None and more.chunks:
            found = replace(found, end_line=more.chunks[-1].end_line)
            text = "\n".join((text, *more.texts))
        hit = _trimmed(found, text, at, self._repository, item.score, item.parts, self._asked.terms)
        if hit.start_line <= item.line <= hit.end_line:
            hit = replace(hit, line=item.line)
            hit = replace(hit, column=column_of(hit.title, hit.symbol))
        return hit

    def _member(self, item: Ranked, text: str, at: Places, which: int) -> Hit:
        found, lines = item.candidate, text.split("\n")
        if which >= len(at.name_lines) or not at.name_lines[which]:
            known = name_line(lines, found.names[which], None)
            names = list(at.name_lines) + [0] * (len(found.names) - len(at.name_lines))
            names[which] = found.start_line + known if known is not None else 0
            at = replace(at, name_lines=tuple(names))
        own = member_lines(found, at, which, lines)
        member = replace(as_member(found, which), described=b"")  # it tells of the whole
        group = None if found.kind not in _HOLDING else (found.start_line, found.end_line)
        if own is not None:
            at = Places(own[0], definition=at.definition or group)
            if item.member is not None:
                text = "\n".join(lines[own[0] - found.start_line : own[1] - found.start_line + 1])
                member = replace(member, start_line=own[0], end_line=own[1])
        return _trimmed(member, text, at, self._repository, item.score, item.parts, self._asked.terms)


_HOLDING = frozenset({"enum", "struct", "class", "interface", "trait"})
"""Kinds whose members are parts of one definition."""


def _trimmed(
    found: Candidate,
    text: str,
    at: Places,
    repository: str,
    score: float,
    parts: dict[str, float],
    terms: Collection[str],
) -> Hit:
    """Blank lines around a chunk belong to it in the store, where nothing may be lost, but not in an answer."""
    lines = text.split("\n")
    above = first_filled(lines)
    below = first_filled(lines[::-1])
    lines = lines[above : len(lines) - below]
    start = found.start_line + above
    shown = _shown(found, lines, start, at, terms)
    told = unpacked(found.described) if found.described else None
    return Hit(
        repository=repository,
        path=found.path,
        start_line=start,
        end_line=found.end_line - below,
        symbol=found.symbol,
        qualified_name=found.qualified_name,
        kind=found.kind,
        language=found.language,
        score=score,
        text="\n".join(lines),
        parts=parts,
        line=start + shown,
        column=column_of(lines[shown], found.symbol) if lines else 1,
        definition=at.definition,
        part=at.part,
        description=told.sentence if told is not None else "",
        described_by=told.model if told is not None else "",
    )


def _shown(found: Candidate, lines: list[str], start: int, at: Places, terms: Collection[str]) -> int:
    """The index of the line to show."""
    if found.symbol and at.line < start + len(lines):
        named = name_line(lines, found.symbol, at.line - start, prose=found.kind in TEXTS)
        if named is not None:
            return named
    telling = telling_line(lines, terms) if terms else None
    return telling if telling is not None else first_filled(lines)


def _told_member(found: Candidate, terms: Collection[str]) -> int | None:
    """The index of the member of a group or an enum whose name has most of the query's terms; None if the symbol has as
    many."""
    if not found.names or not terms or found.kind in CLASS_KINDS - {"enum"}:
        return None
    together = "\n".join(found.names).lower()
    if not any(term in together for term in terms):
        return None

    def told(name: str) -> int:
        folded = name.lower()
        return sum(term in folded for term in terms)

    best, which = told(found.symbol), None
    for number, name in enumerate(found.names):
        if (count := told(name)) > best:
            best, which = count, number
    return which
