"""Markdown that a model wrote, or that names of files went into, without anything that lives: links, images,
definitions of references, HTML. What it says is read as before; citations such as `[3]` stay.

A reader and we must agree on what is code, since code is left as it is. So blocks of code are fenced anew, at the
beginning of a line, and closed; code within a line counts where it ends on that line, and any other backtick is
escaped.
"""

import re

from wherein_server.cli.sanitize import shown, shown_name

LONGEST_HELD = 4_000
"""Characters of one word, or of code within a line, that are held back until it is clear what they are."""

_SIGNS = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum())
_FENCE = re.compile(r"[ \t]*(?P<mark>`{3,}|~{3,})(?P<info>[^`\n]*)")
_INFO = re.compile(r"[\w+#.-]{1,30}")
_MAY_BE_FENCE = re.compile(r"[ \t]*(?:`{3}|~{3}|(?:`{0,2}|~{0,2})\Z)")
_TICKS = re.compile(r"`+")
_LIVE = re.compile(
    r"""(?P<escaped>\\.)                    # what follows a backslash is text already
    |(?<=\])(?P<link>[(:])                  # ](target) of a link, ]: of a definition
    |(?P<html><)(?=[A-Za-z/!?])
    |(?P<address>(?<=[A-Za-z]:)/(?=/)|(?<![:/\w])/(?=/\w)|(?<![\w.])www(?=\.)|(?<=[\w.+-])@(?=[\w-]))
    |(?P<tick>`)
    """,
    re.VERBOSE,
)
_MARKUP = re.compile(r"([\\`*\[\]<>|!@&])")
_DRAWN = frozenset(
    {"mermaid", "math", "plantuml", "puml", "dot", "graphviz", "geojson", "topojson", "stl", "vega", "html"}
)
"""Languages of blocks that some editors do not show but draw or run."""


class InertMarkdown:
    """Makes a stream inert, piece by piece."""

    def __init__(self) -> None:
        self._pending = ""
        self._begins_line = True
        self._fence = ""
        """the backticks or tildes that the code around was opened with"""
        self._look_at = 0
        """the length of a line from which it is looked again for what is clear: each look reads all of it"""

    def feed(self, piece: str) -> str:
        """What can be shown after a further piece of text."""
        self._pending += shown(piece.replace("\r\n", "\n").replace("\r", ""))
        return self._through(ended=False)

    def finish(self) -> str:
        """What was held back, and the end of code that was not closed."""
        text = self._through(ended=True)
        if self._fence:
            text += ("" if self._begins_line else "\n") + self._fence + "\n"
            self._fence = ""
        return text

    def _through(self, *, ended: bool) -> str:
        out: list[str] = []
        while self._pending:
            line, newline, rest = self._pending.partition("\n")
            if newline or ended:
                out.append(self._rest_of_line(line) + newline)
                self._begins_line = bool(newline)
                self._pending, self._look_at = rest, 0
                continue
            if len(line) < self._look_at:
                break
            ready = self._ready(line)
            if not ready:
                self._look_at = len(line) + len(line) // 8
                break
            self._look_at = 0
            out.append(self._text(line[:ready]))
            self._begins_line, self._pending = False, line[ready:]
            break
        return "".join(out)

    def _ready(self, line: str) -> int:
        """How much of an unfinished line is clear."""
        if self._begins_line and (self._fence or _MAY_BE_FENCE.match(line)):
            return len(line) if self._fence and len(line) > LONGEST_HELD else 0
        if self._fence:
            return len(line)
        end = max(line.rfind(" "), line.rfind("\t")) + 1
        for start, stop in _code_spans(line):
            if start < end < stop or stop == len(line):  # which may go on
                end = min(end, start)
        open_code = _open_code(line)
        if open_code is not None:
            end = min(end, open_code)
        if not end and len(line) > LONGEST_HELD:  # between two characters that mean nothing together
            end = len(line.rstrip(_SIGNS))
        return end - _is_escaped(line, end)

    def _rest_of_line(self, line: str) -> str:
        if not self._begins_line:
            return self._text(line)
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence["mark"].startswith(self._fence) and not line[fence.end("mark") :].strip():
                mark, self._fence = self._fence, ""
                return mark
            return line
        if fence and not ("`" in fence["info"] or line[fence.end() :]):
            self._fence = fence["mark"]
            info = _INFO.match(fence["info"].strip())
            return self._fence + (info[0] if info and info[0].lower() not in _DRAWN else "")
        return self._text(line)

    def _text(self, text: str) -> str:
        """Part of a line; in a block of code as it is."""
        if self._fence:
            return text
        out: list[str] = []
        at = 0
        for start, end in _code_spans(text):
            out += _LIVE.sub(_escape, text[at:start]), text[start:end]
            at = end
        out.append(_LIVE.sub(_escape, text[at:]))
        return "".join(out)


def inert(text: str) -> str:
    """A whole text, made inert."""
    stream = InertMarkdown()
    return stream.feed(text) + stream.finish()


def inert_name(name: str) -> str:
    """A name as Markdown that shows it, on one line."""
    return _LIVE.sub(_escape, _MARKUP.sub(r"\\\1", shown_name(name)))


def code_span(name: str) -> str:
    """A name as code within a line."""
    name = shown_name(name)
    ticks = "`" * (max((len(run) for run in _TICKS.findall(name)), default=0) + 1)
    blank = " " if name[:1] == "`" or name[-1:] == "`" else ""
    return f"{ticks}{blank}{name}{blank}{ticks}"


def _escape(found: re.Match[str]) -> str:
    if found["escaped"]:
        return found[0]
    if found["address"] and found[0] == "www":
        return "www\\"
    return "\\" + found[0]


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Code within a line, its backticks included. Tables end code at a `|`, so that none may be in it."""
    runs = [run.span() for run in _TICKS.finditer(text)]
    later: dict[int, list[int]] = {}
    """the runs of each length, the last first: those that are behind are taken off"""
    for at in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[at][1] - runs[at][0], []).append(at)
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(runs):
        start, end = runs[at]
        if _is_escaped(text, start):
            start += 1  # the others of the run may open code
        same = later.get(end - start, [])
        while same and same[-1] <= at:
            same.pop()
        if not same:
            at += 1
            continue
        closing = same[-1]
        if "|" not in text[start : runs[closing][1]]:
            spans.append((start, runs[closing][1]))
        at = closing + 1
    return spans


def _open_code(line: str) -> int | None:
    """Where code begins that has not ended yet."""
    spans = _code_spans(line)
    done = spans[-1][1] if spans else 0
    at = line.find("`", done)
    return at if at >= 0 and len(line) - at <= LONGEST_HELD else None


def _is_escaped(text: str, at: int) -> bool:
    before = at
    while before and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1
