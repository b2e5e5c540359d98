"""The definitions of a file, put together from its chunks."""

from collections.abc import Iterator
from dataclasses import replace

from wherein.chunking.chunk import AROUND
from wherein.chunking.outline import WHOLE_KINDS
from wherein.errors import NotIndexed
from wherein.outlined import Outlined
from wherein.places import Places, places
from wherein.search.members import as_member
from wherein.search.places import shown_path
from wherein.search.rank.kinds import TEXTS
from wherein.search.shown_line import column_of, name_line
from wherein.store.protocol import Candidate, Store

GROUPED = {"module": "constant", "constant": "constant", "type": "type"}
"""What the names of a chunk of some kind are, where they stand beside each other; of all others they are members."""


def outline(store: Store, view: str, path: str) -> list[Outlined]:
    """See `Index.outline`."""
    shown = shown_path(store, view, path)
    if shown is None:
        raise NotIndexed(path)
    file = store.files_of(view, (shown,))[shown]
    flat = [
        each for chunk, text in zip(file.chunks, file.texts, strict=True) for each in _of_chunk(chunk, text)
    ]
    return list(_nested(_joined(flat)))


def _of_chunk(chunk: Candidate, text: str) -> Iterator[Outlined]:
    """What a chunk defines: itself, and the names that it lists. Of a definition in parts, the first stands for it."""
    at = places(chunk.profile, chunk.start_line)
    lines = text.split("\n")
    around = [which for which in range(len(chunk.names)) if at.inside[which : which + 1] == (AROUND,)]
    for which in around:  # a class whose first method begins on its line
        name = chunk.names[which]
        kind = "class" if chunk.kind in WHOLE_KINDS else "member"
        span = chunk.start_line, chunk.end_line
        qualified = as_member(chunk, which).qualified_name
        yield _outlined(chunk, span, at.name_lines[which], lines, name, qualified, kind)
    if chunk.symbol and (at.part is None or at.part[0] == 1):
        yield _itself(chunk, at, lines)
    if chunk.kind in WHOLE_KINDS:
        return  # what a function calls its own
    for which, name in enumerate(chunk.names):
        if which in around:
            continue
        line = at.name_lines[which] if which < len(at.name_lines) else 0
        if not chunk.start_line <= line <= chunk.end_line:
            found = name_line(lines, name, None)
            if found is None:
                continue
            line = chunk.start_line + found
        prose = chunk.kind in TEXTS
        kind = chunk.kind if prose else GROUPED.get(chunk.kind, "member")
        qualified = name if prose else as_member(chunk, which).qualified_name
        yield _outlined(chunk, (line, line), line, lines, name, qualified, kind)


def _itself(chunk: Candidate, at: Places, lines: list[str]) -> Outlined:
    filled = [number for number, line in enumerate(lines) if line.strip()] or [0]
    first, last = chunk.start_line + filled[0], chunk.start_line + filled[-1]
    if at.definition is not None:
        first, last = at.definition
    line = at.line if chunk.start_line <= at.line <= chunk.end_line else first
    named = name_line(lines, chunk.symbol, line - chunk.start_line, prose=chunk.kind in TEXTS)
    line = line if named is None else chunk.start_line + named
    return _outlined(chunk, (first, last), line, lines, chunk.symbol, chunk.qualified_name, chunk.kind)


def _outlined(
    chunk: Candidate,
    span: tuple[int, int],
    line: int,
    lines: list[str],
    symbol: str,
    qualified: str,
    kind: str,
) -> Outlined:
    title = lines[line - chunk.start_line] if 0 <= line - chunk.start_line < len(lines) else ""
    return Outlined(
        path=chunk.path,
        start_line=span[0],
        end_line=span[1],
        line=line,
        symbol=symbol,
        qualified_name=qualified,
        kind=kind,
        language=chunk.language,
        depth=0,
        name=symbol,
        column=column_of(title, symbol),
        title=title.removesuffix("\r"),
    )


def _joined(flat: list[Outlined]) -> list[Outlined]:
    """Sections and tables that were cut in pieces as one each."""
    joined: list[Outlined] = []
    for each in flat:
        before = joined[-1] if joined else None
        if before and each.kind in TEXTS and _name(each) == _name(before) and each.symbol not in each.title:
            joined[-1] = replace(before, end_line=each.end_line)
        else:
            joined.append(each)
    return joined


def _name(each: Outlined) -> tuple[str, str]:
    return each.kind, each.qualified_name


def _nested(flat: list[Outlined]) -> Iterator[Outlined]:
    """With the depth of each: in what its lines lie in, or what its name begins with."""
    around: list[Outlined] = []
    for each in sorted(
        flat, key=lambda one: (one.line if one.kind in TEXTS else one.start_line, -one.end_line)
    ):
        while around and not _holds(around[-1], each):
            around.pop()
        yield replace(each, depth=len(around), name=_called(each, around))
        if each.kind not in GROUPED.values():
            around.append(each)


def _called(each: Outlined, around: list[Outlined]) -> str:
    """Its symbol; all of its name where nothing around it tells what it belongs to: a method apart from its class."""
    return each.symbol if around or each.kind in TEXTS else each.qualified_name


def _holds(outer: Outlined, inner: Outlined) -> bool:
    head, tail = outer.qualified_name, inner.qualified_name
    if outer.start_line <= inner.start_line and inner.end_line <= outer.end_line:
        return outer.kind != "member"
    return tail.startswith(head) and tail != head and not tail[len(head)].isalnum() and tail[len(head)] != "_"
