"""YAML by key: top-level keys, the named children of `jobs:`, `services:` and their like, the children of
values too long for one chunk, and Kubernetes-style documents by kind and name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, comment_above, comment_text, cover, short_name
from wherein.chunking.lines import LAST_WINDOW_LINES, split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 30
DEEPEST = 4
CONTAINERS = frozenset({"jobs", "services", "paths", "schemas", "definitions", "stages", "anchors", "hosts"})
"""Keys whose children are things of their own, each worth a chunk however short."""

_KEY = re.compile(
    r"""(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s\#'"{}\[\]&*!|>%@`,-][^:\#]{0,200}?|-[^\s:]+))\s*:(?:\s|$)"""
)
_ITEM_NAME = re.compile(
    r"""(?:-\s+)?(?:name|id|key|title|hosts|alias|uses|repo)\s*:\s+["']?([^"'\#\n]{1,200})"""
)
_INDENT = re.compile(r"[ ]*")


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a YAML stream."""
    lines = split_lines(text)
    blocks: list[Block] = []
    for start, stop in _documents(lines):
        named = _resource(lines, start, stop)
        if named:
            blocks.append(named)
            if stop - start <= LAST_WINDOW_LINES:
                continue
        elif start:
            blocks.append(Block(start, "key", family=f"document {start}"))
        prefix = f"{named.qualified_name}." if named else ""
        blocks.extend(_entries(lines, start, stop, prefix, 1, f"document {start}"))
    return cover(lines, blocks, gather=GATHERED_LINES)


def _documents(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of lines, each beginning with its `---` (but for the first, which may begin with comments)."""
    marks = [
        i for i, line in enumerate(lines) if line.startswith("---") and line[3:4] in ("", " ", "\r", "\t")
    ]
    starts = [0, *(i for i in marks if i > 0 and not _only_comments(lines, i))]
    yield from zip(starts, [*starts[1:], len(lines)], strict=True)


def _only_comments(lines: Sequence[str], stop: int) -> bool:
    return stop < 100 and all(not line.strip() or line.startswith(("#", "%")) for line in lines[:stop])


def _resource(lines: Sequence[str], start: int, stop: int) -> Block | None:
    """The document as one block when it has `kind:` and a `name:` under `metadata:`."""
    kind = name = ""
    in_metadata = False
    for line in lines[start:stop]:
        if line[:1] not in ("", " ", "#"):
            in_metadata = line.startswith("metadata:")
            if line.startswith("kind:"):
                kind = line[5:].strip().strip("\"'")
        elif in_metadata and not name and line.lstrip().startswith("name:"):
            name = line.partition(":")[2].strip().strip("\"'")
        if kind and name:
            return Block(
                start, "key", short_name(name), short_name(f"{kind}.{name}"), short_name(f"{kind} {name}")
            )
    return None


def _entries(
    lines: Sequence[str], start: int, stop: int, prefix: str, depth: int, family: str | None
) -> Iterator[Block]:
    """The keys or list items with the least indentation within lines[start:stop]."""
    heads = _heads(lines, start, stop)
    for n, (i, name) in enumerate(heads):
        end = heads[n + 1][0] if n + 1 < len(heads) else stop
        first = comment_above(lines, i, heads[n - 1][0] + 1 if n else start, _comment_markers(lines[i]))
        nested = name in CONTAINERS or end - i > LAST_WINDOW_LINES
        yield Block(
            first,
            "key",
            symbol=name,
            qualified_name=prefix + name if name else "",
            doc=comment_text(lines, first, i, "# "),
            outer=nested,
            family=None if nested else family,
        )
        if nested and depth < DEEPEST:
            inside = None if name in CONTAINERS else f"{prefix}{name} {i}"
            yield from _entries(lines, i + 1, end, f"{prefix}{name}." if name else prefix, depth + 1, inside)


def _comment_markers(line: str) -> tuple[str, ...]:
    return (" " * _indent(line) + "#",)


def _heads(lines: Sequence[str], start: int, stop: int) -> list[tuple[int, str]]:
    """Line and name (or "") of each entry of the mapping or list in lines[start:stop]."""
    first = next((i for i in range(start, stop) if _is_content(lines[i])), stop)
    if first == stop:
        return []
    indent = _indent(lines[first])
    margin = " " * indent
    items = lines[first].startswith("-", indent)
    heads: list[tuple[int, str]] = []
    for i in range(first, stop):
        line = lines[i]
        if not line.startswith(margin) or line[indent : indent + 1] in ("", " ", "#", "\r"):
            continue
        if items and line.startswith("-", indent):
            heads.append((i, _item_name(lines, i, indent)))
        elif not items and (key := _KEY.match(line, indent)):
            heads.append((i, short_name(key[1] or key[2] or key[3])))
    return heads


def _is_content(line: str) -> bool:
    content = line[:400].strip()
    return bool(content) and not content.startswith(("#", "---", "%"))


def _indent(line: str) -> int:
    spaces = _INDENT.match(line)
    return spaces.end() if spaces else 0


def _item_name(lines: Sequence[str], i: int, indent: int) -> str:
    """What the first lines of a list item call it (`- name: …`)."""
    for line in lines[i : i + 3]:
        if line is not lines[i] and line.startswith("-", indent):
            break
        if name := _ITEM_NAME.match(line[:400].strip()):
            return short_name(name[1].strip())
    return ""
