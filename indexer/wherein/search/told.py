"""What a long text tells of a candidate beside the readings that find it.

Who reports a problem wants the function that has it, rarely a document, a test or a class; and names files, classes and
functions in passing. A file of which several chunks are found is the likelier one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from wherein.path_groups import DOCUMENTATION, EXAMPLE, TEST, groups_of, path_groups
from wherein.scopes import is_inline_test
from wherein.search.query import SEPARATOR, Query
from wherein.search.rank.kinds import FUNCTIONS, TEXTS, TYPE_KINDS
from wherein.search.rank.places import ASKED
from wherein.search.report_parts import Parts
from wherein.search.showing import Ranked

# Fitted with the readings' weights, by likelihood, to messages of commits and texts of issues of 22 repositories.
FILE = 0.48
"""How well its whole file is found, as a share of the best."""
OWNER = 0.08
"""The class or module around it is named."""
SAID = 0.13
"""Its name is a word of the prose; the less, the more candidates are called so."""
PATH = 0.07
"""Its file is named."""
STEM = 0.04
"""The name of its file is a word of the title."""
TEXT, TYPE, LOOSE = -0.31, -0.42, -0.17
"""It is of a document; a type; code outside functions."""
GROUPS = {TEST: -0.31, EXAMPLE: -0.15, DOCUMENTATION: -0.15}
"""Where it stands, if the title does not ask for that."""
PLACE, IN_FILE = 0.6, 0.17
"""Of a trace: the frame, and what is found in its file, each less the further out."""
OUTER, OUTER_FILE = 0.6, 0.5
"""How fast that goes down."""

SPEAKING = 5
"""Chunks of a file that speak for it, each half as loud as the one before."""

SHORTEST_SAID = 4
"""Characters of a name that is a word of the text by more than chance."""

_WORD = re.compile(r"\w+")
_TITLE_WORD = re.compile(r"[\w-]+")
_FUNCTIONS = FUNCTIONS | {"macro"}

Key = tuple[int, int | str]
"""A repository among those asked, and a candidate of it."""


def of_place(at: int) -> float:
    """What a frame of a trace tells, the innermost being at 0."""
    return PLACE / (1 + OUTER * at)


def add_what_is_told(
    parts: Mapping[Key, dict[str, float]],
    found: Mapping[Key, Ranked],
    question: Query,
    told: Parts,
    places: Sequence[Ranked],
) -> None:
    """Add what the text tells of each that readings found to the parts of its score. `places`: those that the text
    names, the innermost first."""
    owners = {part for name in told.names for part in SEPARATOR.split(name)}
    said = {word for word in _WORD.findall(told.prose) if len(word) >= SHORTEST_SAID}
    title = set(_TITLE_WORD.findall(question.title.lower()))
    files = told.files | {frame.path.replace("\\", "/").rpartition("/")[2] for frame in question.frames}
    of_group = {
        group.name: GROUPS[group.name] * (1 - ASKED * group.asked(question.asking))
        for group in path_groups()
        if group.name in GROUPS
    }
    called = Counter(each.candidate.symbol for each in found.values())
    traced: dict[tuple[int, str], float] = {}
    for at, each in enumerate(places):
        traced.setdefault((each.origin, each.candidate.path), IN_FILE / (1 + OUTER_FILE * at))
    of_files: dict[tuple[int, str], dict[str, float]] = {}
    for key, each in found.items():
        candidate, own = each.candidate, parts[key]
        file = each.origin, candidate.path
        if file not in of_files:
            of_files[file] = _of_file(candidate.path, files, title, of_group, traced.get(file, 0.0))
        own |= of_files[file]
        if kind := _of_kind(candidate.kind):
            own["kind_of_chunk"] = kind
        if not owners.isdisjoint(SEPARATOR.split(candidate.qualified_name)[-2:-1]):
            own["owner_named"] = OWNER
        if candidate.symbol in said:
            own["symbol_said"] = SAID / sqrt(called[candidate.symbol])
        if TEST not in own and is_inline_test(candidate.path, candidate.qualified_name):
            own[TEST] = of_group[TEST]
    _add_files(parts, found)


def _of_file(
    path: str, files: frozenset[str], title: set[str], of_group: Mapping[str, float], traced: float
) -> dict[str, float]:
    name = path.rpartition("/")[2]
    parts = {group: of_group[group] for group in sorted(groups_of(path)) if group in of_group}
    if name in files:
        parts["file_named"] = PATH
    if name.split(".")[0].lower() in title:
        parts["file_in_title"] = STEM
    if traced:
        parts["file_traced"] = traced
    return parts


def _of_kind(kind: str) -> float:
    if kind in _FUNCTIONS:
        return 0.0
    return TEXT if kind in TEXTS else TYPE if kind in TYPE_KINDS else LOOSE


def _add_files(parts: Mapping[Key, dict[str, float]], found: Mapping[Key, Ranked]) -> None:
    """What all that was found of its file tells of each."""
    scores: dict[tuple[int, str], list[float]] = {}
    for key, each in found.items():
        scores.setdefault((each.origin, each.candidate.path), []).append(sum(parts[key].values()))
    spoken = {file: _spoken(of_file) for file, of_file in scores.items()}
    if best := max(spoken.values(), default=0.0):
        for key, each in found.items():
            parts[key]["whole_file"] = FILE * spoken[each.origin, each.candidate.path] / best


def _spoken(scores: Iterable[float]) -> float:
    loudest = sorted(scores, reverse=True)[:SPEAKING]
    return sum(max(score, 0.0) * 0.5**at for at, score in enumerate(loudest))
