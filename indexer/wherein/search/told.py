"""What a long text says about a candidate besides the readings that find it.

Who reports a problem wants the function that has it, rarely a document, a test or a class; and names files, classes and
functions in passing. A file of which several chunks are found is the likelier one. How much each counts stands in
`long_weights.toml`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from wherein.path_groups import DOCUMENTATION, EXAMPLE, TEST, groups_of, path_groups
from wherein.scopes import is_inline_test
from wherein.search.long_weights import long_weights
from wherein.search.query import SEPARATOR, Query
from wherein.search.rank.kinds import FUNCTIONS, TEXTS, TYPE_KINDS
from wherein.search.rank.places import ASKED
from wherein.search.report_parts import Parts
from wherein.search.showing import Ranked

GROUPS = (TEST, EXAMPLE, DOCUMENTATION)
"""Where the code that is wanted rarely stands."""

OUTER, OUTER_FILE = 0.6, 0.5
"""How fast it goes down what a frame tells, and what it tells of its file, the further out it is."""

SPEAKING = 5
"""Chunks of a file that speak for it, each half as loud as the one before."""

SHORTEST_SAID = 4
"""Characters of a name that is a word of the text by more than chance."""

WHOLE_FILE = "whole_file"

_WORD = re.compile(r"\w+")
_TITLE_WORD = re.compile(r"[\w-]+")
_FUNCTIONS = FUNCTIONS | {"macro"}

Key = tuple[int, int | str]
"""A repository among those asked, and a candidate of it."""

Told = dict[str, float]
"""What is told, by name, before it is weighed."""


def of_place(at: int) -> float:
    """What a frame of a trace tells, the innermost being at 0; before it is weighed."""
    return 1 / (1 + OUTER * at)


def add_what_is_told(
    parts: Mapping[Key, dict[str, float]],
    found: Mapping[Key, Ranked],
    question: Query,
    told: Parts,
    places: Sequence[Ranked],
) -> None:
    """Add what the text tells of each that readings found to the parts of its score. `places`: those that the text
    names, the innermost first."""
    weights = long_weights()
    owners = {part for name in told.names for part in SEPARATOR.split(name)}
    said = {word for word in _WORD.findall(told.prose) if len(word) >= SHORTEST_SAID}
    text = _OfText(question, told)
    called = Counter(each.candidate.symbol for each in found.values())
    traced: dict[tuple[int, str], float] = {}
    for at, each in enumerate(places):
        traced.setdefault((each.origin, each.candidate.path), 1 / (1 + OUTER_FILE * at))
    of_files: dict[tuple[int, str], Told] = {}
    for key, each in found.items():
        candidate, own = each.candidate, parts[key]
        file = each.origin, candidate.path
        if file not in of_files:
            of_files[file] = text.of_file(candidate.path)
            if file in traced:
                of_files[file]["file_traced"] = traced[file]
        tells = dict(of_files[file])
        if kind := _of_kind(candidate.kind):
            tells[kind] = 1.0
        if owners and not owners.isdisjoint(SEPARATOR.split(candidate.qualified_name)[-2:-1]):
            tells["owner_named"] = 1.0
        if candidate.symbol in said:
            tells["symbol_said"] = 1 / sqrt(called[candidate.symbol])
        if TEST not in tells and is_inline_test(candidate.path, candidate.qualified_name):
            tells[TEST] = text.of_group[TEST]
        own |= {name: weights[name] * value for name, value in tells.items() if weights.get(name)}
    of_file = whole_files(list(found), [file_of(each) for each in found.values()], parts)
    for key, value in of_file.items():
        parts[key][WHOLE_FILE] = weights[WHOLE_FILE] * value


def file_of(each: Ranked) -> tuple[int, str]:
    """Of which repository, and its path."""
    return each.origin, each.candidate.path


class _OfText:
    """What a text tells of files."""

    def __init__(self, question: Query, told: Parts) -> None:
        traced = {frame.path.replace("\\", "/").rpartition("/")[2] for frame in question.frames}
        self._files = told.files | traced
        self._title = set(_TITLE_WORD.findall(question.title.lower()))
        self.of_group = {
            group.name: 1 - ASKED * group.asked(question.asking)
            for group in path_groups()
            if group.name in GROUPS
        }

    def of_file(self, path: str) -> Told:
        name = path.rpartition("/")[2]
        tells = {group: self.of_group[group] for group in sorted(groups_of(path)) if group in self.of_group}
        if name in self._files:
            tells["file_named"] = 1.0
        if name.split(".")[0].lower() in self._title:
            tells["file_in_title"] = 1.0
        return tells


def _of_kind(kind: str) -> str:
    if kind in _FUNCTIONS:
        return ""
    return "of_document" if kind in TEXTS else "of_type" if kind in TYPE_KINDS else "outside_functions"


def whole_files(
    keys: Sequence[Key], files: Sequence[tuple[int, str]], parts: Mapping[Key, Mapping[str, float]]
) -> dict[Key, float]:
    """What all that was found of its file tells of each: as a share of the file that is found best."""
    scores: dict[tuple[int, str], list[float]] = {}
    for key, file in zip(keys, files, strict=True):
        scores.setdefault(file, []).append(sum(parts[key].values()))
    spoken = {file: _spoken(of_file) for file, of_file in scores.items()}
    best = max(spoken.values(), default=0.0)
    return {key: spoken[file] / best for key, file in zip(keys, files, strict=True)} if best else {}


def _spoken(scores: Iterable[float]) -> float:
    loudest = sorted(scores, reverse=True)[:SPEAKING]
    return sum(max(score, 0.0) * 0.5**at for at, score in enumerate(loudest))
