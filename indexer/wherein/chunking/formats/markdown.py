"""Markdown by section: front matter, ATX and setext headings; what only looks like a heading, in fenced code,
comments and raw HTML, is none. Fenced code is only cut where it is longer than a reader would take for one piece."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import short_name
from wherein.chunking.formats.sections import Heading, chunk_sections
from wherein.chunking.lines import LAST_WINDOW_LINES, WINDOW_CHARACTERS, split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

FRONT_MATTER_LINES = 200
"""A `---` on the first line that is not closed within as many lines is a thematic break."""
SETEXT_LINES = 3
"""A paragraph longer than this that `---` underlines is not taken for a heading."""
WHOLE_FENCE_LINES = 5 * LAST_WINDOW_LINES
WHOLE_FENCE_CHARACTERS = 5 * WINDOW_CHARACTERS
"""Longer fenced code, as in a log or a listing, is cut as other text is."""

_FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]+|\d{1,9}[.)][ \t]+)?(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:\s|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)\s*$")
_NOT_A_PARAGRAPH = re.compile(r"[ \t]*(?:[-*+>|][ \t]|\d{1,9}[.)][ \t]|>|\|)")
_RAW_HTML = re.compile(r" {0,3}<(!--|(?:script|pre|style|textarea)\b)", re.IGNORECASE)
_CLOSING_TAG = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
_FRONT_TITLE = re.compile(r"""title\s*[:=]\s*["']?([^"'\n]+)""")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_TAG = re.compile(
    r"</?(?:a|b|br|center|code|div|em|font|i|img|kbd|p|small|span|strong|sub|sup|u)\b[^<>]*>|<!--.*?-->"
)
_MARKUP = re.compile(r"\{#[^{}]*\}|[*`]+|(?<!\w)_+|_+(?!\w)|\\(?=[^\w\s])")
_MARKUP_CHARACTERS = 1_000


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a Markdown document."""
    lines = split_lines(text)
    outline = _Outline(lines)
    return chunk_sections(lines, outline.headings, lambda i: not outline.in_fence[i])


def heading_titles(source: str) -> list[tuple[int, str]]:
    """Level and title of each heading of a piece of Markdown."""
    return [(heading.level, heading.title) for heading in _Outline(split_lines(source)).headings]


class _Outline:
    """The headings of a document, and which lines continue a fenced block that stays whole."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.headings: list[Heading] = []
        self.in_fence = bytearray(len(lines))
        """1 where a cut before the line would cut a fenced block"""
        self._lines = lines
        self._paragraph = -1
        """where the paragraph began that this line may continue; -1 outside, -2 in what is no paragraph"""
        i = self._front_matter()
        while i < len(lines):
            i = self._block_at(i)

    def _front_matter(self) -> int:
        """Skip front matter; its title is the heading above all others."""
        lines = self._lines
        fence = lines[0].rstrip() if lines else ""
        if fence not in ("---", "+++"):
            return 0
        title = ""
        for i in range(1, min(len(lines), FRONT_MATTER_LINES)):
            if lines[i].rstrip() == fence or (fence == "---" and lines[i].rstrip() == "..."):
                if title:
                    self.headings.append(Heading(0, 0, title))
                return i + 1
            if match := _FRONT_TITLE.match(lines[i]):
                title = title or short_name(match[1])
        return 0

    def _block_at(self, i: int) -> int:
        """Take in what begins at line i; returns the line after it."""
        line = self._lines[i]
        first = line[:80].lstrip()[:1]
        if not first:
            self._paragraph = -1
            return i + 1
        # Most lines are prose: look closer only at those that may begin something else.
        if first in "`~-*+>0123456789" and (fence := _FENCE.match(line)):
            self._paragraph = -1
            return self._end_of_fence(i, fence[1])
        if first == "<" and (raw := _RAW_HTML.match(line)):
            self._paragraph = -1
            return self._end_of_raw_html(i, raw)
        if first == "#" and (atx := _ATX.match(line)):
            self._paragraph = -1
            self._add(i, len(atx[1]), line[atx.end(1) :].strip().rstrip("#"))
            return i + 1
        if first in "=-" and self._paragraph >= 0 and _UNDERLINE.match(line):
            if i - self._paragraph <= SETEXT_LINES:
                title = " ".join(self._lines[self._paragraph : i])
                self._add(self._paragraph, 1 if first == "=" else 2, title)
            self._paragraph = -1
            return i + 1
        if self._paragraph == -1:
            indented = line.startswith(("    ", "\t"))
            self._paragraph = -2 if indented or _NOT_A_PARAGRAPH.match(line) else i
        elif self._paragraph >= 0 and _NOT_A_PARAGRAPH.match(line):
            self._paragraph = -2
        return i + 1

    def _add(self, start: int, level: int, markup: str) -> None:
        self.headings.append(Heading(start, level, _plain(markup)))

    def _end_of_fence(self, start: int, fence: str) -> int:
        if fence[0] == "`" and "`" in self._lines[start].partition(fence)[2]:
            return start + 1  # inline code
        for i in range(start + 1, len(self._lines)):
            line = self._lines[i].strip().lstrip("> \t") if fence[0] in self._lines[i] else ""
            if line.startswith(fence) and not line.strip(fence[0]):
                if self._stays_whole(start, i):
                    self.in_fence[start + 1 : i + 1] = b"\1" * (i - start)
                return i + 1
        return len(self._lines)  # never closed: code to the end, as in CommonMark, but it may be cut

    def _stays_whole(self, start: int, last: int) -> bool:
        if last - start > WHOLE_FENCE_LINES:
            return False
        return sum(map(len, self._lines[start : last + 1])) <= WHOLE_FENCE_CHARACTERS

    def _end_of_raw_html(self, start: int, opening: re.Match[str]) -> int:
        comment = opening[1] == "!--"
        for i in range(start, len(self._lines)):
            if "-->" in self._lines[i] if comment else _CLOSING_TAG.search(self._lines[i]):
                return i + 1
        return len(self._lines)


def _plain(markup: str) -> str:
    """A heading as it reads: link texts without targets, no emphasis, code marks, tags or anchors."""
    text = _TAG.sub("", markup[:_MARKUP_CHARACTERS])
    return short_name(_MARKUP.sub("", _LINK.sub(r"\1", text)))
