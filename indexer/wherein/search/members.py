"""Which of a chunk's names is meant: its own, or a member's (a constant of a group, a value of an enum)."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from wherein.chunking.chunk import AROUND, OWN, UNTOLD
from wherein.chunking.outline import CLASS_KINDS
from wherein.places import Places, places
from wherein.store.protocol import Candidate
from wherein.store.spellings import fold, folded_spellings


def member_named(found: Candidate, wanted: Set[str]) -> int | None:
    """The index in `names` of the member that one of the names (folded) means; None if the chunk itself is meant, or
    none of its names is."""
    if not found.names or not wanted:
        return None
    lasts = {name.rpartition(".")[2] for name in wanted}
    if not any(fold(name).rpartition(".")[2] in lasts for name in found.names):
        return None  # so it is nearly always
    own = folded_spellings(found.symbol, found.qualified_name, ())
    if any(name in own for name in wanted):
        return None
    spelled = (member_spellings(found, which) for which in range(len(found.names)))
    return next((i for i, names in enumerate(spelled) if not names.isdisjoint(wanted)), None)


def member_spellings(found: Candidate, which: int) -> set[str]:
    """What a member is found by, case folded."""
    return folded_spellings(found.names[which], _qualified(found, which), ())


def as_member(found: Candidate, which: int) -> Candidate:
    """The chunk under the name of one of its members."""
    return replace(found, symbol=found.names[which], qualified_name=_qualified(found, which), names=())


def member_lines(found: Candidate, at: Places, which: int, lines: list[str]) -> tuple[int, int] | None:
    """First and last line of a member: from its name to before the next name, without comments, blank lines and
    brackets that follow; None if its line is not known. `lines` are those of the chunk."""
    known = at.name_lines[which] if which < len(at.name_lines) else 0
    if not found.start_line <= known <= found.end_line:
        return None
    following = _next_line(known, (*at.name_lines, at.line))
    last = min(following - 1, found.end_line) if following else found.end_line
    own = lines[known - found.start_line : last - found.start_line + 1]
    while len(own) > 1 and (_says_nothing(own[-1]) or _closes_another(own)):
        own.pop()
    return known, known + len(own) - 1


def _next_line(line: int, lines: Iterable[int]) -> int:
    return min((each for each in lines if each > line), default=0)


def _says_nothing(line: str) -> bool:
    text = line.strip()
    return not text or text.startswith(("//", "#", "/*", "*", "--"))


def _closes_another(lines: Sequence[str]) -> bool:
    """Whether the last line is brackets alone, of which one was opened before the lines."""
    text = "".join(lines)
    more = sum(map(text.count, ")]}")) > sum(map(text.count, "([{"))
    return more and not lines[-1].strip("{}()[];, \t\r")


def _qualified(found: Candidate, which: int) -> str:
    """`Color.GREEN` for a value of an enum; a constant of a group has what encloses the group; `m::T::go` where the
    chunk says that it is inside another of its names; `A` for the class that the chunk's own `A.x` is in."""
    inside = places(found.profile, found.start_line).inside if found.profile else ()
    path = [found.names[which]]
    around = inside[which] if which < len(inside) else UNTOLD
    while OWN < around <= which:  # a name stands behind what it is inside of
        which = around - 1
        path.append(found.names[which])
        around = inside[which]
    if around == AROUND:
        outer = found.qualified_name[: len(found.qualified_name) - len(found.symbol)]
        return outer[: outer.rfind(path[-1])] + _separator(found).join(reversed(path))
    if around == OWN and found.qualified_name:
        head = found.qualified_name
    elif not found.symbol or not found.qualified_name.endswith(found.symbol):
        head = ""
    elif found.kind in CLASS_KINDS:
        head = found.qualified_name
    else:
        head = ""
        path[-1] = found.qualified_name[: len(found.qualified_name) - len(found.symbol)] + path[-1]
    return _separator(found).join(filter(None, (head, *reversed(path)))) if head or len(path) > 1 else path[0]


def _separator(found: Candidate) -> str:
    from wherein.languages import registry

    return registry.get(found.language).separator
