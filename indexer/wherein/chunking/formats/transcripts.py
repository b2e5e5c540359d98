"""Transcripts (WebVTT, SubRip) by groups of cues: a minute or so of speech, named by its times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from wherein.chunking.chunk import Chunk
from wherein.chunking.formats.blocks import Block, cover, short_name
from wherein.chunking.lines import split_lines
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.languages.registry import Language

GROUP_SECONDS = 60
GROUP_SPEECH_LINES = 15

EN_DASH = "\u2013"

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,]\d{1,9})?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")
_LABEL = re.compile(r"\s*(?:-\s*|>>\s*)?(?:\[([^\]:]{1,40})\]|([A-Z][\w.'-]*(?: [A-Z][\w.'-]*){0,3})):\s")
_MATCHED_CHARACTERS = 2_000


@dataclass(slots=True)
class _Group:
    start: int
    """index of the first line"""
    first: int
    last: int
    """seconds from the beginning"""
    speech_lines: int = 0
    speakers: dict[str, None] = field(default_factory=dict)


def chunk(text: str, language: Language) -> list[Chunk]:
    """Chunks of kind `cue`: the symbol is the time span, the doc names the speakers. A file without a timing
    is cut by lines."""
    lines = split_lines(text)
    blocks = [
        Block(group.start, "cue", span, span, doc=", ".join(group.speakers))
        for group in _groups(lines)
        for span in [_clock(group.first) + EN_DASH + _clock(group.last)]
    ]
    return cover(lines, blocks)


def _groups(lines: Sequence[str]) -> Iterator[_Group]:
    group: _Group | None = None
    for i, line in enumerate(lines):
        timing = _TIMING.match(line, 0, _MATCHED_CHARACTERS) if "-->" in line else None
        if timing is not None:
            start, end = _seconds(timing.groups()[:3]), _seconds(timing.groups()[3:])
            long = group is not None and end - group.first > GROUP_SECONDS
            full = group is not None and group.speech_lines >= GROUP_SPEECH_LINES
            if group is None or long or full:
                if group is not None:
                    yield group
                group = _Group(_with_identifier(lines, i), start, start)
            group.last = max(group.last, end)
        elif group is not None and line and not line.isspace():
            group.speech_lines += not line.strip().isdecimal()
            for name in _speakers(line[:_MATCHED_CHARACTERS]):
                group.speakers[name] = None
    if group is not None:
        yield group


def _with_identifier(lines: Sequence[str], timing: int) -> int:
    """The line of the cue's identifier or number, if there is one above its timing."""
    above = timing - 1
    if above < 0 or not lines[above].strip() or "-->" in lines[above]:
        return timing
    alone = above == 0 or not lines[above - 1].strip()
    return above if alone and not lines[above].startswith("WEBVTT") else timing


def _speakers(line: str) -> Iterator[str]:
    for voice in _VOICE.finditer(line):
        yield short_name(voice[1])
    if label := _LABEL.match(line):
        yield short_name(label[1] or label[2])


def _seconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
