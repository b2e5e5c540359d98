"""`read`: a whole definition, by its name or a place; lines; or what a file defines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from wherein.call import Calls
from wherein.chunking.outline import WHOLE_KINDS
from wherein.errors import NotFound
from wherein.hit import Hit
from wherein.search.rank.kinds import TEXTS
from wherein_server.cli import jsonout
from wherein_server.cli.paths import is_a_file, split_place
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.mcp import shown
from wherein_server.mcp.page import Page
from wherein_server.mcp.tools import outline
from wherein_server.mcp.tools.call import Reply, ToolCall
from wherein_server.mcp.trouble import ToolError

DEFAULT_TOKENS = 3000

MOST_CALLS = 10
"""Callers and callees that are listed, each."""

SHARE = 0.6
"""Of the budget, what a whole class may take; of a larger one its members are listed."""

PER_LINE = 3
"""Tokens of a line's number."""

MOST_NAMED = 5
"""Definitions of a like name that an error lists."""

_SCOPE = re.compile(r"::|->|[.#:]")

_RANGE = re.compile(r"(?P<path>.+?):(?P<first>\d{1,9})-(?P<last>\d{1,9})")


def run(call: ToolCall) -> Reply:
    """See the module."""
    call.tokens = DEFAULT_TOKENS
    target = call.arguments["target"].strip()
    if match := _RANGE.fullmatch(target):
        return _lines(call, call.path(match["path"]), int(match["first"]), int(match["last"]))
    if split_place(target) is not None:
        path, line = call.place(target)
        _text_to(call, path, line)
        return _definition(call, call.index.definition(path, line))
    if _is_path(call, target):
        return outline.of(call, call.path(target))
    found = _defined(call, target)
    return _definition(call, call.index.definition(found[0].path, found[0].line), found[1:])


def _defined(call: ToolCall, target: str) -> list[Hit]:
    """What defines a name: of a member that its class has from another one, that one's, if there is but one. ToolError
    with names that can be read."""
    try:
        return call.index.defined(target)
    except NotFound:
        member = _SCOPE.split(target)[-1]
        alike = call.index.symbols(member, limit=MOST_NAMED, exact=True) if member != target else []
        names = _names(alike)
        if len(names) == 1:
            call.notes.append(f"Nothing defines {target}; this is {names[0]}, the only {member} here.")
            return alike
        names = names or _names(call.index.symbols(target, limit=MOST_NAMED))
        if not names:
            raise
        raise ToolError(
            f"Nothing defines {target}. There is {', '.join(names)}.",
            remedy="Read one of these, by its whole name",
        ) from None


def _names(hits: list[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.qualified_name for hit in hits if hit.kind not in TEXTS))


def _is_path(call: ToolCall, target: str) -> bool:
    if "/" not in target and "." not in target:
        return False
    root = call.index.root
    return "/" in target or (root is not None and is_a_file(root / target))


def _definition(call: ToolCall, hit: Hit, others: list[Hit] | None = None) -> Reply:
    calls = _calls(call, hit) if call.arguments.get("calls") else ()
    hit, members = _with_members(call, hit)
    if call.wants_json:
        named = {each: [_end(one) for one in told.calls] for each, told in calls}
        return call.document([jsonout.result(hit)], **named)
    page, _ = call.page(shown.head(hit))
    known = [line for direction, told in calls for line in _called(direction, told)]
    keep = Page(max(call.max_tokens // 3, 60))
    keep.add_all(known)
    lines = list(shown.numbered(hit.text, hit.start_line))
    room = page.left - (call.max_tokens // 3 - keep.left if known else 0)
    count = _fitted(page, lines, room)
    if count < len(lines):
        at = hit.start_line + count
        page.end(f"… cut; go on with read {hit.path}:{at}-{hit.end_line}")
    page.add_all(members)
    if known:
        page.end(keep.text())
    if others:
        more = ", ".join(f"{each.path}:{each.line} {each.qualified_name}" for each in others[:5])
        page.end(f"Also defined: {more}{f' and {len(others) - 5} more' if len(others) > 5 else ''}")
    return Reply(page.text())


def _with_members(call: ToolCall, hit: Hit) -> tuple[Hit, list[str]]:
    """A class with all that is in it where the budget has room for that, else its head, and what is in it by line."""
    first, last = hit.definition or (hit.start_line, hit.end_line)
    if hit.kind in WHOLE_KINDS or hit.kind in TEXTS or last <= hit.end_line:
        return hit, []
    lines = _text(call, hit.path)
    text = "\n".join(lines.get(number, "") for number in range(first, last + 1))
    if estimate_tokens(text) + PER_LINE * (last - first) <= call.max_tokens * SHARE:
        return replace(hit, start_line=first, end_line=last, text=text), []
    inside = [each for each in call.index.outline(hit.path) if first <= each.start_line <= last]
    return hit, [shown.outlined(each) for each in inside if each.qualified_name != hit.qualified_name]


def _text(call: ToolCall, path: str) -> dict[int, str]:
    """The lines of a file as it is indexed, by number."""
    text: dict[int, str] = {}
    for chunk in call.index.chunks(path):
        text |= dict(enumerate(chunk.text.split("\n"), chunk.start_line))
    return text


def _text_to(call: ToolCall, path: str, line: int) -> dict[int, str]:
    """The same of a file that has a line. Raises ToolError for one that has not, or is not indexed, with why."""
    text = _text(call, path)
    if not text:
        raise call.repository.lacks(path)
    if line > (end := max(text)):
        raise ToolError(f"{path} has {end} lines.", remedy=f"Name lines up to {end}")
    return text


def _fitted(page: Page, lines: list[str], room: int) -> int:
    spare = page.left - room
    count = 0
    for line in lines:
        if page.left <= spare or not page.add(line):
            break
        count += 1
    return count


def _calls(call: ToolCall, hit: Hit) -> tuple[tuple[str, Calls], ...]:
    line = hit.line or hit.start_line
    return (
        ("callers", call.index.calls_at(hit.path, line, "callers", limit=MOST_CALLS)),
        ("callees", call.index.calls_at(hit.path, line, "callees", limit=MOST_CALLS)),
    )


def _called(direction: str, told: Calls) -> Iterator[str]:
    if not told.told:
        yield f"{direction}: not known for {told.definition.language}"
        return
    yield f"{direction}{' (by name)' if told.calls else ': none known'}"
    for one in told.calls:
        yield shown.call(one, caller=direction == "callers")
    if told.unread:
        yield f"({told.unread} more files mention the name; grep for it)"


def _end(one: object) -> dict[str, object]:
    from wherein.call import Call

    assert isinstance(one, Call)
    return {**jsonout.place(one.hit), "call": {"name": one.name, "line": one.line}}


def _lines(call: ToolCall, path: str, first: int, last: int) -> Reply:
    """Lines of a file as it is indexed."""
    if not 1 <= first <= last:
        raise ToolError(f"There are no lines {first}-{last}.", remedy="Count from 1, the first line first")
    text = _text_to(call, path, first)
    end = max(text)
    last = min(last, end)
    if call.wants_json:
        wanted = "\n".join(text.get(number, "") for number in range(first, last + 1))
        record = {**jsonout.path_fields(path), "start_line": first, "end_line": last, "text": wanted}
        return call.document([record])
    page, _ = call.page(f"{path}:{first}-{last} of {end}")
    count = page.add_all(f"{number}: {text.get(number, '')}" for number in range(first, last + 1))
    if first + count <= last:
        page.end(f"… cut; go on with read {path}:{first + count}-{last}")
    return Reply(page.text())
