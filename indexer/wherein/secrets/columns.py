"""Passwords in a column that is named so: in CSV, in a Markdown table, in rows that SQL inserts."""

import re
from collections.abc import Callable, Iterator

from wherein.secrets.candidates import occurrences

DELIMITERS = (b",", b";", b"\t", b"|")

LONGEST_HEAD = 4_000
"""Bytes of the names of columns."""

_CALLED = re.compile(
    rb"""(?i:.{0,60}(?:passw(?:or)?d|passphrase|passcode)s?
    |(?:.{0,60}[^a-z])?(?:pass|pwd|pw))
    |.{0,60}[a-z](?:Pass|Pwd|Pw)""",
    re.VERBOSE | re.DOTALL,
)
_RULE = re.compile(rb"[ \t]*\|?[ \t]*:?-[ \t:|-]*")
_INSERT = re.compile(
    rb"""(?i:insert\s{1,20}(?:or\s{1,20}\w{1,10}\s{1,20}|ignore\s{1,20})?into)\s{1,20}[\w."`\[\]]{1,100}\s{0,20}
    \((?P<columns>[^()]{1,4000})\)\s{0,20}(?i:values?)\s{0,20}(?=\()""",
    re.VERBOSE,
)
_NEXT_ROW = re.compile(rb"\s{0,20},\s{0,20}(?=\()")
_OF_ROW = re.compile(
    rb"""\s{0,20}(?P<field>[eEnN]?'(?:[^'\\]|''|\\.){0,2000}+'|"(?:[^"\\]|""|\\.){0,2000}+"|[^,'"()]{0,2000}+(?:\([^()]{0,200}+\))?+)\s{0,20}(?P<end>[,)])""",
    re.VERBOSE | re.DOTALL,
)


def in_columns(
    data: bytes, lower: bytes, language: str, is_password: Callable[[bytes], bool]
) -> Iterator[tuple[int, int]]:
    """Start and end of each value that is one. `lower` is the text in small letters."""
    spans: Iterator[tuple[int, int]] = iter(())
    if language == "csv":
        spans = _of_lines(data)
    elif language == "markdown":
        spans = _of_tables(data)
    for start, end in spans:
        if is_password(data[start:end]):
            yield start, end
    for at in occurrences(lower, b"insert"):
        for start, end in _of_insert(data, at):
            if is_password(data[start:end].replace(b"''", b"")):
                yield start, end


def _is_called(name: bytes) -> bool:
    return _CALLED.fullmatch(name.strip(b" \t\r\"'`*_[]")) is not None


def _of_lines(data: bytes) -> Iterator[tuple[int, int]]:
    """Of a text whose first line has the names."""
    end = data.find(b"\n")
    head = data[: end if end >= 0 else len(data)]
    if len(head) > LONGEST_HEAD or b"p" not in head.lower():
        return
    delimiter = max(DELIMITERS, key=head.count)
    wanted = {i for i, name in enumerate(head.split(delimiter)) if _is_called(name)}
    if not wanted or end < 0:
        return
    sign = re.escape(delimiter)
    field = re.compile(
        rb'[ ]{0,20}(?P<field>"(?:[^"]|""){0,2000}+"|[^\n'
        + sign
        + rb"]*+)[^\n"
        + sign
        + rb"]*+(?P<end>"
        + sign
        + rb"|\n|\Z)"
    )
    column, at = 0, end + 1
    while at < len(data) and (found := field.match(data, at)):
        if column in wanted:
            yield _bare(data, *found.span("field"))
        column = column + 1 if found["end"] == delimiter else 0
        at = found.end()


def _of_tables(data: bytes) -> Iterator[tuple[int, int]]:
    """Of rows below a line of dashes."""
    wanted: set[int] = set()
    before: tuple[int, int] | None = None
    inside = False
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = end if end >= 0 else len(data)
        if b"|" not in data[start:end]:
            inside, before = False, None
        elif _RULE.fullmatch(data, start, end) and before is not None:
            cells = list(_cells(data, *before))
            wanted = {i for i, cell in enumerate(cells) if _is_called(data[slice(*cell)])}
            inside = True
        elif inside and wanted:
            cells = list(_cells(data, start, end))
            yield from (_bare(data, *cells[i]) for i in sorted(wanted) if i < len(cells))
        before = start, end
        start = end + 1


def _cells(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    start += len(data[start:end]) - len(data[start:end].lstrip(b" \t"))
    start += data[start : start + 1] == b"|"
    while start < end:
        stop = data.find(b"|", start, end)
        stop = stop if stop >= 0 else end
        yield start, stop
        start = stop + 1


def _of_insert(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    head = _INSERT.match(data, start)
    if head is None:
        return
    wanted = {i for i, name in enumerate(head["columns"].split(b",")) if _is_called(name.strip())}
    if not wanted:
        return
    at = head.end() + 1
    column = 0
    while found := _OF_ROW.match(data, at):
        if column in wanted:
            yield _bare(data, *found.span("field"))
        column += 1
        at = found.end()
        if found["end"] == b")":
            following = _NEXT_ROW.match(data, at)
            if following is None:
                return
            column, at = 0, following.end() + 1


def _bare(data: bytes, start: int, end: int) -> tuple[int, int]:
    """A value without blanks and quotes around it."""
    value = data[start:end]
    start += len(value) - len(value.lstrip(b" \t\r"))
    end -= len(value) - len(value.rstrip(b" \t\r"))
    start += data[start : start + 1] in (b"e", b"E", b"n", b"N") and data[start + 1 : start + 2] == b"'"
    if (
        end - start > 1
        and data[start : start + 1] in (b'"', b"'", b"`")
        and data[start : start + 1] == data[end - 1 : end]
    ):
        return start + 1, end - 1
    return start, end
