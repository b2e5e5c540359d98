"""HTML by heading and landmark. Scripts and styles are cut as their own language cuts them, which makes this
the chunker of Vue, Svelte and Astro components too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, cover, short_name
from wherein.chunking.formats.sections import GATHERED_LINES, Heading, section_blocks
from wherein.chunking.formats.spans import LineIndex
from wherein.chunking.lines import split_lines
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.languages.registry import Language

LANDMARKS = frozenset(
    {"header", "main", "nav", "section", "article", "aside", "footer", "form", "template", "dialog"}
)
LANDMARK_LEVEL = 10
"""Landmarks are deeper than any heading."""
NEAR_CHARACTERS = 600
"""A heading that comes, with nothing but tags between, so soon after a landmark names it."""
EMBEDDED_LINES = 3
"""Fewer lines of style stay part of the page, and of script that defines nothing."""

CODE = frozenset({"javascript", "typescript", "tsx"})
"""What may define something in few lines."""

_TAG = re.compile(
    r"<!--(?:.*?-->|.*)|<(?P<open>h[1-6]|title|script|style|pre|textarea|"
    + "|".join(sorted(LANDMARKS))
    + r")"
    r"(?=[\s/>])(?P<attributes>[^<>]{0,2000})>",
    re.IGNORECASE | re.DOTALL,
)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>|\{[%{#][^{}]{0,500}[%}#]\}")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*["']?([^"'\s>]+)""")
_ONLY_CLOSING = re.compile(r"\s*(?:</\w+>\s*)*$")
_TYPED = {
    "ts": "typescript",
    "tsx": "tsx",
    "jsx": "javascript",
    "scss": "scss",
    "sass": "scss",
    "less": "less",
}


@dataclass(frozen=True, slots=True)
class _Embedded:
    """Lines in another language: [start, stop) with their tags, [inner_start, inner_stop) without."""

    start: int
    inner_start: int
    inner_stop: int
    stop: int
    language: str
    content: str | None = None
    """what stands there beside the tags; None: whole lines"""

    def cut(self, lines: Sequence[str]) -> list[Chunk]:
        """Its chunks, on the lines of the page."""
        from wherein.chunking import chunker
        from wherein.languages import registry

        inner = self.content
        if inner is None:
            inner = "".join(f"{line}\n" for line in lines[self.inner_start : self.inner_stop])
        return [
            found._replace(
                start_line=found.start_line + self.inner_start,
                end_line=found.end_line + self.inner_start,
                line=found.line and found.line + self.inner_start,
                name_lines=tuple(line and line + self.inner_start for line in found.name_lines),
                definition=found.definition
                and (found.definition[0] + self.inner_start, found.definition[1] + self.inner_start),
            )
            for found in chunker.chunk("", inner, registry.get(self.language))
        ]


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a page or component."""
    lines = split_lines(text)
    headings, embedded = _scan(text, lines)
    if (code := _frontmatter(lines, language)) is not None:
        headings = [heading for heading in headings if heading.start >= code.stop]
        embedded = [code, *(part for part in embedded if part.start >= code.stop)]
    blocks = section_blocks(lines, headings)
    cut = {part: part.cut(lines) for part in embedded}
    parts = list(_apart([part for part in embedded if part.content is None or _defines(cut[part])], blocks))
    for part in parts:
        _set_apart(blocks, part, len(lines))
    chunks = cover(lines, blocks, gather=GATHERED_LINES)
    for part in embedded:
        chunks = _rechunk(chunks, part, cut[part]) if part in parts else _with_names(chunks, cut[part])
    return chunks


def _defines(cut: Sequence[Chunk]) -> bool:
    return any(found.symbol for found in cut)


def _scan(text: str, lines: Sequence[str]) -> tuple[list[Heading], list[_Embedded]]:
    """Headings and landmarks, and the lines of scripts and styles."""
    index = LineIndex(text)
    headings: list[Heading] = []
    embedded: list[_Embedded] = []
    landmark: re.Match[str] | None = None
    position = 0
    while tag := _TAG.search(text, position):
        position = tag.end()
        name = (tag["open"] or "").lower()
        start = index.line_of(tag.start())
        if name in LANDMARKS:
            landmark = tag
            headings.append(Heading(start, LANDMARK_LEVEL, _landmark_name(name, tag["attributes"])))
        elif name:
            closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, position)
            position = closing.end() if closing else len(text)
            content = text[tag.end() : closing.start() if closing else len(text)]
            if name in ("script", "style"):
                first, stop = index.line_of(tag.end()) + 1, index.line_of(tag.end() + len(content))
                found = _embedded_language(name, tag["attributes"])
                after = _after_closing_tags(lines, stop)
                if stop - first >= EMBEDDED_LINES:
                    embedded.append(_Embedded(start, first, stop, after, found))
                elif name == "script" and found in CODE and content.strip():
                    embedded.append(_Embedded(start, first - 1, stop, after, found, content))
            elif (name == "title" and not headings) or name[1:].isdigit():
                level = 0 if name == "title" else int(name[1:])
                title = _plain(content)
                if title:
                    if landmark and _is_near(text, landmark.end(), tag.start()):
                        start = headings.pop().start
                    landmark = None
                    headings.append(Heading(start, level, title))
    return headings, embedded


def _frontmatter(lines: Sequence[str], language: Language) -> _Embedded | None:
    """The code between `---` lines at the head of a component, in a language where that is code."""
    if not language.frontmatter or not lines or lines[0].rstrip() != "---":
        return None
    end = next((row for row in range(1, len(lines)) if lines[row].rstrip() == "---"), 0)
    return _Embedded(0, 1, end, end + 1, language.frontmatter) if end > 1 else None


def _after_closing_tags(lines: Sequence[str], i: int) -> int:
    """The line after those from i on that only close something: they are worth no chunk of their own."""
    i += 1
    while i < len(lines) and _ONLY_CLOSING.match(lines[i]):
        i += 1
    return min(i, len(lines))


def _apart(embedded: list[_Embedded], blocks: list[Block]) -> Iterator[_Embedded]:
    """Those that share no line with a heading or with each other."""
    starts = {block.start for block in blocks}
    stop = 0
    for part in embedded:
        if part.start >= stop and not starts.intersection(range(part.start, part.inner_stop + 1)):
            yield part
            stop = part.stop


def _set_apart(blocks: list[Block], part: _Embedded, line_count: int) -> None:
    """Make the part a block of its own, after which the section around it goes on."""
    following = next((n for n, block in enumerate(blocks) if block.start > part.start), len(blocks))
    around = blocks[following - 1] if following else Block(0, "text")
    inserted = [Block(part.start, "module")]
    if part.stop < (blocks[following].start if following < len(blocks) else line_count):
        inserted.append(replace(around, start=part.stop, family=None))
    blocks[following:following] = inserted


def _rechunk(chunks: list[Chunk], part: _Embedded, cut: list[Chunk]) -> list[Chunk]:
    """The chunks with those of the part cut by its own language."""
    replaced = [n for n, chunk in enumerate(chunks) if part.start < chunk.end_line <= part.stop]
    first, last = chunks[replaced[0]], chunks[replaced[-1]]
    cut = list(cut)
    cut[0] = cut[0]._replace(start_line=first.start_line)
    cut[-1] = cut[-1]._replace(end_line=last.end_line)
    return chunks[: replaced[0]] + cut + chunks[replaced[-1] + 1 :]


def _with_names(chunks: list[Chunk], cut: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with the names of what a script defines that shares its lines with something else."""
    named = [
        (name, line)
        for found in cut
        for name, line in ((found.symbol, found.line), *zip(found.names, found.name_lines, strict=False))
        if name
    ]
    if not named:
        return chunks
    found = []
    for chunk in chunks:
        mine = [(name, line) for name, line in named if chunk.start_line <= line <= chunk.end_line]
        lines = chunk.name_lines + (0,) * (len(chunk.names) - len(chunk.name_lines))
        found.append(
            chunk._replace(
                names=chunk.names + tuple(name for name, _ in mine),
                name_lines=lines + tuple(line for _, line in mine),
            )
            if mine
            else chunk
        )
    return found


def _landmark_name(tag: str, attributes: str) -> str:
    """`nav#main`, or the tag alone."""
    identifier = next((value for key, value in _ATTRIBUTE.findall(attributes) if key.lower() == "id"), "")
    return short_name(f"{tag}#{identifier}" if identifier else tag)


def _is_near(text: str, start: int, end: int) -> bool:
    return end - start <= NEAR_CHARACTERS and not _plain(text[start:end])


def _plain(markup: str) -> str:
    """Text as it reads, without tags and template expressions."""
    return short_name(unescape(_ANY_TAG.sub(" ", markup[:NEAR_CHARACTERS])))


def _embedded_language(tag: str, attributes: str) -> str:
    values = dict(_ATTRIBUTE.findall(attributes.lower()))
    if tag == "style":
        return _TYPED.get(values.get("lang", ""), "css")
    kind = values.get("type", "")
    if "json" in kind or "importmap" in kind:
        return "json"
    if "template" in kind or "html" in kind:
        return "text"
    return _TYPED.get(values.get("lang", ""), "typescript" if "typescript" in kind else "javascript")
