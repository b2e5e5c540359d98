"""Dockerfiles by build stage: `FROM … AS name` begins one, with the comments above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, FirstFrom, comment_above, comment_text, cover, short_name
from wherein.chunking.lines import split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

_FROM = re.compile(r"\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
_HEREDOC = re.compile(r"<<-?([\"']?)(\w+)\1")


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a Dockerfile: a stage is a `target`, named as `AS` says, else as its image."""
    lines = split_lines(text)
    blocks: list[Block] = []
    for i in _instructions(lines):
        stage = _FROM.match(lines[i])
        if stage is None:
            continue
        start = comment_above(lines, i, blocks[-1].start + 1 if blocks else 0, ("#",))
        name = short_name(stage[2] or stage[1])
        signature = short_name(lines[i])
        blocks.append(Block(start, "target", name, name, signature, comment_text(lines, start, i, "# ")))
    return cover(lines, blocks)


def _instructions(lines: Sequence[str]) -> Iterator[int]:
    """The lines on which an instruction begins: not continued from the line above, not in a here-document."""
    ends = FirstFrom(line.strip() for line in lines)
    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip() or line.lstrip().startswith("#"):
            i += 1
            continue
        yield i
        while i + 1 < len(lines) and (lines[i].rstrip().endswith("\\") or lines[i].lstrip().startswith("#")):
            i += 1
        for heredoc in _HEREDOC.finditer(line) if "<<" in line else ():
            i = ends.find(heredoc[2], i + 1, i)
        i += 1
