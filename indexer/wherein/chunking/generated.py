"""Whether a program wrote a file: a notice that is a whole line of a comment, before the first line of code.

What only speaks of such notices is none: in strings, in prose, quoted.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from wherein.languages.registry import Language
from wherein.quick_dataclass import dataclass

HEAD_LINES = 40
HEAD_CHARACTERS = 4_000
"""Where a notice is looked for; licences stand above many."""

_DECORATION = " \t*#/;%!=~|-"
"""What frames the text of comments."""


LEAST_SET_IN = 4
"""Columns by which comments set in code that they show."""

_MARKS = _DECORATION.replace(" ", "").replace("\t", "")
_ENDS = ".!?>"
_FENCES = ("```", "~~~")
_DEEPEST = 1_000


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A line of a comment."""

    text: str
    """without what frames it"""
    indent: int
    """columns between the comment's mark and the text"""


@dataclass(frozen=True, slots=True)
class _Comments:
    line: tuple[str, ...]
    block: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Described:
    words: tuple[str, ...]
    notice: re.Pattern[str]
    warning: re.Pattern[str]
    forbids: re.Pattern[str]
    unless: re.Pattern[str]
    preamble: re.Pattern[str]
    comments: dict[str, _Comments]
    other: _Comments

    def takes_it_back(self, notice: str) -> bool:
        """Whether the rest of a sentence says that people make the file, or speaks of others."""
        return self.unless.search(self.forbids.sub(" ", notice)) is not None


def is_generated(text: str, language: Language) -> bool:
    """Whether a comment at the head of the text says that a program wrote it."""
    head = text[:HEAD_CHARACTERS]
    described = _described()
    lower = head.lower()
    if not any(word in lower for word in described.words):
        return False
    lines = list(head_comments(head, language))
    quoted = _quoted(lines)
    for number, line in enumerate(lines):
        if number in quoted or not described.notice.fullmatch(line.text):
            continue
        after = lines[number + 1].text if number + 1 < len(lines) else ""
        if not described.takes_it_back(line.text) and not _is_part(lines[:number], line, after, described):
            return True
    return False


def _is_part(before: Sequence[CommentLine], line: CommentLine, after: str, described: _Described) -> bool:
    """Whether a line only goes on with a sentence, or is what a line before it announces."""
    last = next((each.text for each in reversed(before) if each.text), "")
    if not last or described.warning.fullmatch(f"{last} "):
        return False
    if last[-1] == ":":
        return True
    if not before[-1].text:
        return False
    in_sentence = last[-1] not in _ENDS and last[0] not in "@<"
    return last[-1] == "," or (
        in_sentence and (line.text[0].islower() or (_is_bare(line) and after[:1].islower()))
    )


def _is_bare(line: CommentLine) -> bool:
    return line.text.lower() == "@generated"


def _quoted(lines: Sequence[CommentLine]) -> set[int]:
    """Numbers of the lines that comments show as code: between fences, or set in behind an empty line."""
    quoted: set[int] = set()
    fenced = False
    usual = _DEEPEST
    for number, line in enumerate(lines):
        if line.text.startswith(_FENCES):
            fenced = not fenced
        set_in = number > 0 and (not lines[number - 1].text or number - 1 in quoted)
        if fenced or (set_in and line.text and line.indent >= usual + LEAST_SET_IN):
            quoted.add(number)
        elif line.text:
            usual = min(usual, line.indent)
    return quoted


def head_comments(head: str, language: Language) -> Iterator[CommentLine]:
    """The lines of the comments above the first line of code."""
    described = _described()
    marks = described.comments.get(language.name, described.other)
    end = ""
    for raw in head.split("\n", HEAD_LINES)[:HEAD_LINES]:
        line = raw.strip().removeprefix("\ufeff")
        if not end:
            if not line:
                yield CommentLine("", 0)
                continue
            if described.preamble.fullmatch(line):
                continue
            opened = next((pair for pair in marks.block if line.startswith(pair[0])), None)
            if opened is not None:
                end = opened[1]
                line = line[len(opened[0]) :]
            elif mark := next((mark for mark in marks.line if line.startswith(mark)), ""):
                yield _plain(line[len(mark) :])
                continue
            else:
                return
        else:
            line = raw
        inside, closed, rest = line.partition(end)
        yield _plain(inside)
        if closed:
            end = ""
            if rest.strip():
                return


def _plain(line: str) -> CommentLine:
    text = line.lstrip(_MARKS)
    blanks = text[: len(text) - len(text.lstrip())].expandtabs()
    return CommentLine(" ".join(line.strip(_DECORATION).split()), len(blanks))


@cache
def _described() -> _Described:
    read = tomllib.loads(Path(__file__).with_name("generated.toml").read_text(encoding="utf-8"))
    every = [
        (
            group.get("languages", ()),
            _Comments(tuple(group.get("line", ())), tuple((a, b) for a, b in group.get("block", ()))),
        )
        for group in read["comments"]
    ]

    def one_of(patterns: list[str], ahead: str = "") -> re.Pattern[str]:
        joined = f"{ahead}(?:{'|'.join(patterns)})"
        filled = joined.replace("<self>", read["self"]).replace("<others>", read["others"])
        return re.compile(filled, re.IGNORECASE)

    return _Described(
        words=tuple(read["words"]),
        notice=one_of(read["notices"], f"(?:{read['warnings']})?"),
        warning=re.compile(f"(?:.*\\W)?{read['warnings']}", re.IGNORECASE),
        forbids=re.compile(read["forbids"], re.IGNORECASE),
        unless=one_of(read["unless"]),
        preamble=re.compile("|".join(read["preamble"]), re.IGNORECASE),
        comments={name: marks for names, marks in every for name in names},
        other=next(marks for names, marks in every if not names),
    )
