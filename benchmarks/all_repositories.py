#!/usr/bin/env python3
"""Retrieval over many repositories at once: whose file comes first when a repository's questions are asked of all.

    benchmarks/all_repositories.py HOME [HOME ...] [--beside FOLDER ...] [--most N] [--store URL] [--json FILE]

homes.py says what a home is. Every repository of the homes, and every folder in a FOLDER, is indexed; then N questions
of each repository of the homes are asked as `wherein search --all-repos` asks them. Beside that: what each repository
answers to its own questions alone, and what comes out when all are searched alone and the best of each comes first.
"""

import random
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import console
import wherein
from homes import SLOTS, Question, check_home, ndcg, questions
from indexes import bring_up_to_date
from timing import percentile, seconds
from wherein.config import Settings
from wherein.embedding.open import open_embedder
from wherein.everywhere import CANDIDATES, search_everywhere
from wherein.hit import Hit
from wherein.opening import open_stored
from wherein.search.gathered import Gathered
from wherein.search.present import Origin
from wherein.search.search import answered, retrieval, understood
from wherein.store.open import in_redis
from wherein.store.protocol import Filters

TIMED = 10
"""Searches."""

WAYS = ("its own repository alone", "all, the best of each first", "all together")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a home, and the identity of the repository that has the answer."""

    home: str
    repository: str
    question: Question


@dataclass(slots=True)
class Measured:
    """What one way to search gave: a row a question."""

    homes: list[str] = field(default_factory=list)
    first: list[bool] = field(default_factory=list)
    found: list[bool] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)

    def add(self, asked: Asked, hits: Sequence[Hit]) -> None:
        """Score the ranked hits: those of other repositories only take a slot."""
        answers = asked.question.answers
        own = [hit if hit.repository == asked.repository else replace(hit, path="") for hit in hits[:SLOTS]]
        met = [bool(hit.path) and any(answer.met_by(hit) for answer in answers) for hit in own]
        self.homes.append(asked.home)
        self.first.append(bool(met) and met[0])
        self.found.append(any(met))
        self.ndcg.append(ndcg(own, answers))

    def of(self, home: str) -> dict[str, float]:
        """The means over a home's questions."""
        here = [place for place, name in enumerate(self.homes) if name == home]
        rows = {"first": self.first, "hit10": self.found, "ndcg10": self.ndcg}
        return {name: fmean(float(values[place]) for place in here) for name, values in rows.items()}


def index_all(folders: Iterable[Path], settings: Settings) -> dict[Path, str]:
    """Folder → identity of its repository, indexed."""
    identities = {}
    for folder in folders:
        with wherein.open_index(folder, settings=settings) as index:
            bring_up_to_date(index)
            identities[folder] = index.repository
    return identities


def chosen(homes: Iterable[Path], identities: Mapping[Path, str], most: int) -> list[Asked]:
    """Some questions of each repository of the homes, the same ones each time."""
    dealt = random.Random(0)
    found = []
    for home in homes:
        for name, of_one in questions(home).items():
            identity = identities[(home / "repos" / name).resolve()]
            some = dealt.sample(of_one, min(most, len(of_one)))
            found += [Asked(home.name, identity, question) for question in some]
    return found


def measure(asked: Sequence[Asked], settings: Settings) -> dict[str, Measured]:
    """Way → what it gave. Each index is asked all questions before the next one is opened."""
    adjust = settings.search.ranking
    embedder = open_embedder(settings.model)
    queries = [understood(each.question.query, SLOTS, "hybrid", Filters(), adjust, str) for each in asked]
    requests = [replace(retrieval(query, "", embedder), limit=max(CANDIDATES, SLOTS)) for query in queries]
    apart: list[list[tuple[int, float, Hit]]] = [[] for _ in asked]
    alone: list[list[Hit]] = [[] for _ in asked]
    gathered: list[list[Gathered]] = [[] for _ in asked]
    origins = []
    for index in open_stored(settings):
        origins.append(Origin(index._open, index.view, index.repository))
        for number, each in enumerate(asked):
            hits = index.search(each.question.query, limit=SLOTS)
            apart[number] += [(place, -hit.score, hit) for place, hit in enumerate(hits)]
            gathered[number] += index.gather([(queries[number], requests[number])])
            if index.repository == each.repository:
                alone[number] = hits
        index.let_go()
    own, all_apart, all_together = ways = [Measured() for _ in WAYS]
    for number, each in enumerate(asked):
        own.add(each, alone[number])
        all_apart.add(each, [hit for *_, hit in sorted(apart[number], key=lambda found: found[:2])[:SLOTS]])
        together = answered(queries[number], origins, gathered[number], "hybrid", adjust, [], limit=SLOTS)
        all_together.add(each, together)
    return dict(zip(WAYS, ways, strict=True))


def seconds_of_searches(asked: Sequence[Asked], settings: Settings) -> list[float]:
    """How long some searches of all take, opening included."""
    return [
        seconds(
            lambda query=each.question.query: search_everywhere(  # type: ignore[misc]
                open_stored(settings), query, settings=settings
            )
        )
        for each in asked[:: max(len(asked) // TIMED, 1)]
    ]


def report(ways: Mapping[str, Measured], took: Sequence[float], settings: Settings) -> dict[str, Any]:
    """Print a table, return the same as data."""
    repositories = sum(1 for _ in open_stored(settings))
    asked = next(iter(ways.values())).homes
    data: dict[str, Any] = {
        "store": "Redis" if in_redis(settings.store) else "embedded",
        "repositories": repositories,
        "search_p50_ms": 1000 * percentile(took, 0.5),
        "homes": {},
    }
    for home in dict.fromkeys(asked):
        print(f"\n{home}: {asked.count(home)} questions, {repositories} repositories")
        data["homes"][home] = {"questions": asked.count(home), "ways": {}}
        for way, found in ways.items():
            means = data["homes"][home]["ways"][way] = found.of(home)
            print(f"  {way:<30}" + "".join(f"  {name} {value:.3f}" for name, value in means.items()))
    print(f"\na search of all, indexes opened anew: p50 {data['search_p50_ms']:.0f} ms")
    return data


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--beside", nargs="*", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--most", type=int, default=6, metavar="N", help="questions of each repository")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--store", metavar="URL", help="keep the indexes in this store instead")
    parser.add_argument("--json", type=Path, help="write the report here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = replace(Settings(), data_dir=arguments.data_dir or Path(temporary), store=arguments.store)
        folders = [home / "repos" / name for home in arguments.homes for name in questions(home)]
        folders += [folder for beside in arguments.beside for folder in sorted(beside.iterdir())]
        for home in arguments.homes:
            check_home(home)
        identities = index_all(dict.fromkeys(folder.resolve() for folder in folders), settings)
        asked = chosen(arguments.homes, identities, arguments.most)
        ways = measure(asked, settings)
        data = report(ways, seconds_of_searches(asked, settings), settings)
    console.write_json(arguments.json, [data])


if __name__ == "__main__":
    main()
