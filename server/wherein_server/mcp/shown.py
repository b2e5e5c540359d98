"""Hits, definitions and calls as lines for a model."""

from collections.abc import Iterator, Sequence

from wherein.call import Call
from wherein.hit import Hit
from wherein.outlined import Outlined
from wherein.status import Status
from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.snippets import Line, snippet
from wherein_server.cli.wording import doubts, freshness


def state(status: Status, behind: str = "") -> str:
    """What an answer is worth, in brackets; `behind` as a repository tells it."""
    parts = freshness(status)
    if behind:
        parts.append(behind)
    elif status.complete and not status.behind:
        parts.append("up to date" if status.behind == 0 else "as last indexed")
    return shown_name(f"[{', '.join(parts)}]")


def doubt(status: Status) -> str:
    """What to do about an answer that may be wrong for its age; nothing if it is not."""
    if not doubts(status):
        return ""
    return (
        "The index is catching up by itself: check what matters in the files; do not ask again just for that."
    )


def head(hit: Hit) -> str:
    """Where a hit is and what it is called."""
    name = hit.qualified_name or hit.symbol
    what = f" {shown_name(name)} ({hit.kind})" if name else ""
    return f"{shown_name(hit.path)}:{hit.start_line}-{hit.end_line}{what}"


def code(hit: Hit, terms: Sequence[str], most: int) -> list[str]:
    """The most telling lines of a hit, numbered."""
    return list(_numbered(snippet(hit.text, hit.start_line, terms, named=hit.line, most=most)))


def _numbered(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.after_gap:
            yield "…"
        yield f"{line.number}: {line.text}"


def numbered(text: str, first: int) -> Iterator[str]:
    """All lines of a text."""
    for number, line in enumerate(text.split("\n"), first):
        yield f"{number}: {line}"


def call(one: Call, *, caller: bool) -> str:
    """An end of a call: a caller by the line that calls, what is called by the line that defines it."""
    hit = one.hit
    line = one.line if caller else hit.line
    lines = hit.text.split("\n")
    at = line - hit.start_line
    text = lines[at].strip() if 0 <= at < len(lines) else ""
    name = shown_name(hit.qualified_name or hit.symbol)
    possibly = f" (possibly, through {shown_name(one.through)})" if one.through else ""
    return f"{shown_name(hit.path)}:{line} {name}{': ' if name else ''}{text}{possibly}"


def outlined(each: Outlined) -> str:
    """A line of an outline."""
    lines = str(each.line) if each.start_line == each.end_line else f"{each.start_line}-{each.end_line}"
    return f"{'  ' * each.depth}{lines} {each.kind} {shown_name(each.name)}"
