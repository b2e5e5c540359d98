"""Makefiles by target, with the comment and the `.PHONY` above it; neighbouring variables are one group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, FirstFrom, comment_text, cover, short_name
from wherein.chunking.lines import split_lines

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GATHERED_LINES = 30
MATCHED_CHARACTERS = 1_000

_VARIABLE = re.compile(
    r"\s*(?:(?:export|override|private|unexport)\s+)*([\w.$(){}/%-]+)\s*(?:[:?+!]|::|:::)?="
)
_DEFINE = re.compile(r"\s*(?:override\s+|export\s+)*define\s+([^\s=:+?]+)")


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of a Makefile: targets, groups of variables (`constant`) and `define`s (`macro`)."""
    lines = split_lines(text)
    ends = _ends_of_defines(lines)
    blocks: list[Block] = []
    floor = 0
    i = 0
    while i < len(lines):
        line = lines[i][:MATCHED_CHARACTERS]
        block = None if line.startswith((".PHONY", "\t")) else _block(line)
        is_macro = block is not None and block.kind == "macro"
        stop = ends.find("endef", i + 1, i) + 1 if is_macro else _end_of_statement(lines, i)
        if block is not None:
            block.start = _with_lead(lines, i, floor)
            lead = [line for line in lines[block.start : i] if line.startswith("#")]
            block.doc = comment_text(lead, 0, len(lead), "# ")
            blocks.append(block)
            floor = stop
        elif line.startswith("\t"):
            floor = stop
        i = stop
    return cover(lines, blocks, gather=GATHERED_LINES)


def _block(line: str) -> Block | None:
    if not line or line[0] == "#":
        return None
    if define := _DEFINE.match(line):
        return Block(0, "macro", short_name(define[1]), short_name(define[1]))
    if variable := _VARIABLE.match(line):
        return Block(0, "constant", short_name(variable[1]), short_name(variable[1]), family="variables")
    colon = line.find(":")
    if colon <= 0 or line[0].isspace() or "=" in line[:colon] or "#" in line[:colon]:
        return None
    names = line[:colon].split()
    symbol = short_name(names[0])
    return Block(0, "target", symbol, symbol, short_name(line), names=tuple(map(short_name, names[1:20])))


def _end_of_statement(lines: Sequence[str], i: int) -> int:
    while i + 1 < len(lines) and lines[i].endswith(("\\", "\\\r")):
        i += 1
    return i + 1


def _ends_of_defines(lines: Sequence[str]) -> FirstFrom:
    return FirstFrom("endef" if line.lstrip().startswith("endef") else "" for line in lines)


def _with_lead(lines: Sequence[str], start: int, floor: int) -> int:
    """Comments and `.PHONY` directly above belong to what follows."""
    while start > floor and lines[start - 1].startswith(("#", ".PHONY")):
        start -= 1
    return start
