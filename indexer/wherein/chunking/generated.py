"""Whether a program wrote a file: a notice that is a whole line of a comment, before the first line of code.

What only speaks of such notices is none: in strings, in prose, quoted.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from wherein.languages.registry import Language
from wherein.quick_dataclass import dataclass

HEAD_LINES = 40
HEAD_CHARACTERS = 4_000
"""Where a notice is looked for; licences stand above many."""

_DECORATION = " \t*#/;%!=~|-"
"""What frames the text of comments."""


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
    before = ""
    for line in head_comments(head, language):
        is_notice = described.notice.fullmatch(line) and not described.takes_it_back(line)
        if is_notice and not _goes_on(before, line, described):
            return True
        before = line
    return False


def _goes_on(before: str, line: str, described: _Described) -> bool:
    """Whether a line only goes on with a sentence, or is what the line before it announces."""
    if not before or described.warning.fullmatch(f"{before} "):
        return False
    return before[-1] in ":," or (line[0].islower() and before[-1] not in ".!?>")


def head_comments(head: str, language: Language) -> Iterator[str]:
    """The lines of the comments above the first line of code, without what frames them."""
    described = _described()
    marks = described.comments.get(language.name, described.other)
    end = ""
    for raw in head.split("\n", HEAD_LINES)[:HEAD_LINES]:
        line = raw.strip().removeprefix("\ufeff")
        if not end:
            if not line:
                yield ""
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
        inside, closed, rest = line.partition(end)
        yield _plain(inside)
        if closed:
            end = ""
            if rest.strip():
                return


def _plain(line: str) -> str:
    return " ".join(line.strip(_DECORATION).split())


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
