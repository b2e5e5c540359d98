"""The other ends of calls, in order, and what is to be said about them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wherein.call import Call, Calls
from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.wording import count, named

if TYPE_CHECKING:
    from wherein.search.calls.named import Direction


@dataclass(frozen=True, slots=True)
class End:
    """One result."""

    hit: Hit
    """of a caller, shown by the line of the call"""
    call: Call
    where: str
    """the file that the call stands in"""
    of: Hit
    """the definition that was asked about"""


def ends(found: Sequence[Calls], direction: "Direction") -> Iterator[End]:
    """All calls in order, one that may mean several of the definitions once."""
    seen = set()
    for calls in found:
        for call in calls.calls:
            hit, where = call.hit, calls.definition.path
            if direction == "callers":
                where = hit.path
                hit = _at_call(call)
            key = (hit.path, hit.start_line, where, call.line)
            if key not in seen:
                seen.add(key)
                yield End(hit, call, where, calls.definition)


def _at_call(call: Call) -> Hit:
    from wherein.search.shown_line import column_of

    hit = replace(call.hit, line=call.line)
    return replace(hit, column=column_of(hit.title, call.name))


def told(found: Sequence[Calls], name: str, shown: Sequence[End]) -> Iterator[str]:
    """Sentences on what an answer does not say, or leaves out."""
    if languages := _untold(found):
        yield f"Calls cannot be found in {named(languages)}."
    through: dict[str, list[End]] = {}
    for end in shown:
        if end.call.through:
            through.setdefault(end.call.through, []).append(end)
    for called, some in through.items():
        places = named([f"{each.where}:{each.call.line}" for each in some])
        yield f"Possibly, because {shown_name(called)} is called there: {shown_name(places)}"
    if len(found) > 1:
        others = [f"{each.definition.path}:{each.definition.line}" for each in found]
        yield f"{shown_name(name)} is defined more than once, and the calls of all of them are shown: {named(others)}."
    if unread := max((calls.unread for calls in found), default=0):
        yield f"{count(unread, 'more file')} that contain the name were not searched."


def elsewhere(found: Sequence[Calls]) -> list[str]:
    """`path:line` of what calls of the name are taken for instead; of an answer without results."""
    return list(dict.fromkeys(place for calls in found for place in calls.elsewhere))


def nothing_known(found: Sequence[Calls], name: str, direction: "Direction") -> str:
    """The sentence for an answer without results; empty where `told` says enough."""
    if _untold(found):
        return ""
    if not found:
        return f"{shown_name(name)} is defined only in texts."
    if direction == "callers":
        return f"Nothing in the repository is known to call {shown_name(name)}."
    return f"{shown_name(name)} is not known to call anything in the repository."


def _untold(found: Sequence[Calls]) -> list[str]:
    """Languages whose calls are not known."""
    return sorted({calls.definition.language for calls in found if not calls.told})
