#!/usr/bin/env python3
"""Texts of issues as questions: are the functions that the fix changed among the first hits?

    benchmarks/long_questions.py ISSUES TEXTS CLONES [--kept FILE]

ISSUES has one a line (benchmarks/issues): `repository`, `issue`, `commit` (before the fix), `files` that the fix
changed, and `gold`, the path and name of each function that it changed; or, in place of these two, `changes`: path,
first and last line as of that commit. TEXTS is a JSON object of texts by "OWNER/NAME#ISSUE"; strangers wrote them, so
none is kept here. CLONES has a clone of each repository, called OWNER+NAME. `--kept` keeps what each candidate's score
consists of, for fit_long_questions.py.
"""

import json
import pickle
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import console
import wherein
from indexes import bring_up_to_date
from intervals import interval
from wherein.search.fusion import fused
from wherein.search.gathered import gather
from wherein.search.query import parse
from wherein.search.rank.kinds import FUNCTIONS
from wherein.search.ranked import rank
from wherein.search.search import all_readings, retrieval

CHANGED = FUNCTIONS | {"macro"}

MOST_KEPT = 400
"""Candidates of a question that a fit sees."""

FIGURES = ("all@5", "all@10", "file@1", "first", "hit@10")

Place = tuple[str, str]
"""A path and a qualified name."""


@dataclass(slots=True)
class Asked:
    """A question with its answers, and what was found."""

    repository: str
    gold: list[Place]
    files: list[str]
    hits: list[Place]
    found: list[tuple[Place, dict[str, float]]] = field(default_factory=list)
    """candidates, with the parts of their scores; of those that stand before all else the parts are empty"""


def figures(asked: Asked, hits: Sequence[Place]) -> list[float]:
    """As `FIGURES`; of a fix that changed no function only whether the first file is one that it changed."""
    file = float(bool(hits) and hits[0][0] in asked.files)
    if not asked.gold:
        return [np.nan, np.nan, file, np.nan, np.nan]
    places = [hits.index(each) + 1 if each in hits else 0 for each in asked.gold]
    first = min((at for at in places if at), default=0)
    every = [float(all(0 < at <= most for at in places)) for most in (5, 10)]
    return [*every, file, 1 / first if first else 0.0, float(0 < first <= 10)]


def means(rows: Sequence[tuple[str, list[float]]]) -> str:
    """Of repositories, with what holds them in nine of ten samples of repositories."""
    table = _of_repositories(rows)
    alone = np.nanmean(np.array([row for _, row in rows]), axis=0)
    return f"{len(table)} repositories, {len(rows)} issues: {_said(table, '.3f')}; of issues " + " ".join(
        f"{value:.3f}" for value in alone
    )


def differences(before: Sequence[tuple[str, list[float]]], after: Sequence[tuple[str, list[float]]]) -> str:
    """By how much the means of repositories have changed, with what holds that in the same samples."""
    return _said(_of_repositories(after) - _of_repositories(before), "+.3f")


def _of_repositories(rows: Sequence[tuple[str, list[float]]]) -> NDArray[np.float64]:
    """Shape (repositories, figures); nan where none of its texts has a figure."""
    of: dict[str, list[list[float]]] = defaultdict(list)
    for repository, row in rows:
        of[repository].append(row)
    return np.array([np.nanmean(np.array(each), axis=0) for each in of.values()])


def _said(table: NDArray[np.float64], form: str) -> str:
    said = []
    for name, column in zip(FIGURES, table.T, strict=True):
        low, high = interval(column[~np.isnan(column)].tolist())
        said.append(f"{name} {np.nanmean(column):{form}} ({low:{form}} to {high:{form}})")
    return ", ".join(said)


def asked_of(index: wherein.Index, issue: dict[str, Any], *, keep: bool) -> Asked:
    """Ask an issue's text."""
    store, view = index._reader(), index.view
    gold = [tuple(each) for each in issue.get("gold", [])]
    if "gold" not in issue:
        for path, first, last in issue["changes"]:
            for line in sorted({first, (first + last) // 2, last}):
                got = store.chunk_at(view, path, line)
                if got is not None and got[0].kind in CHANGED:
                    gold.append((path, got[0].qualified_name))
    files = issue.get("files") or sorted({each[0] for each in issue["changes"]})
    hits = [(hit.path, hit.qualified_name) for hit in index.search(issue["text"], limit=10)]
    asked = Asked(issue["repository"], list(dict.fromkeys(gold)), files, hits)
    if keep:
        query = parse(issue["text"])
        rankings = [
            (
                name,
                rank(each, [("", gather(store, each, retrieval(each, view, index._embedder)))], "hybrid", {}),
            )
            for name, each in all_readings(query, None).items()
        ]
        for each in fused(rankings, next(iter(all_readings(query, None).values())))[:MOST_KEPT]:
            place = each.candidate.path, each.candidate.qualified_name
            asked.found.append((place, {} if "place" in each.parts and each.score > 1 else each.parts))
    return asked


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("issues", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--kept", type=Path)
    arguments = parser.parse_args()
    texts = json.loads(arguments.texts.read_text("utf-8"))
    every: list[Asked] = []
    for line in arguments.issues.read_text("utf-8").splitlines():
        issue = json.loads(line)
        issue["text"] = texts[f"{issue['repository']}#{issue['issue']}"]
        clone = arguments.clones / issue["repository"].replace("/", "+")
        with wherein.open_index(clone, view=issue["commit"]) as index:
            if not index.can_be_read():
                bring_up_to_date(index)
            every.append(asked_of(index, issue, keep=arguments.kept is not None))
    print(means([(each.repository, figures(each, each.hits)) for each in every]))
    if arguments.kept is not None:
        arguments.kept.write_bytes(pickle.dumps(every))


if __name__ == "__main__":
    main()
