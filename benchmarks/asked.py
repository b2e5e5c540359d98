#!/usr/bin/env python3
"""What `wherein ask` puts before a model: whether the sources that answer a question are in its prompt.

    benchmarks/asked.py HOME [HOME ...] [--window TOKENS] [--base-url URL | --sketches FILE] [--data-dir DIR]
                        [--json FILE] [-v]

A home (lay_out.py makes one of benchmarks/newcomers) has annotations/NAME.json: questions, each with the definitions
that have to be there. A definition is there when half of it is shown, or ENOUGH lines. What is told: the share of
sources that are there (recall in the window), of questions with all of theirs, and of those with one of theirs among
the first FIRST. With a URL a model's server says first what the code may look like (`ask --think`), or FILE has that,
by question (newcomers/sketches.json).
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import console
import wherein
from homes import check_home
from indexes import bring_up_to_date
from intervals import interval
from wherein.config import Settings
from wherein.config.load import load_settings
from wherein.search.thought import Thought, sketched
from wherein_server.explain.context import Snippet
from wherein_server.explain.endpoint.endpoint import UNTOLD_WINDOW, Endpoint
from wherein_server.explain.gather import gather
from wherein_server.explain.targets import Question
from wherein_server.explain.think import thought_about

ENOUGH = 20
"""Lines of a definition that is too long to be shown whole."""

FIRST = 3
"""Sources that a reader looks at."""


@dataclass(frozen=True, slots=True)
class Source:
    """A definition that a question cannot be answered without."""

    path: str
    symbol: str
    start_line: int
    end_line: int

    def shown_in(self, snippets: Iterable[Snippet]) -> bool:
        """Whether enough of it is."""
        lines = sum(
            max(0, min(each.end_line, self.end_line) - max(each.start_line, self.start_line) + 1)
            for each in snippets
            if each.path == self.path
        )
        return lines >= min(ENOUGH, (self.end_line - self.start_line + 2) // 2)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its sources, and what the prompt shows."""

    repository: str
    question: str
    there: tuple[bool, ...]
    """of each source, whether it is shown"""
    early: bool
    """one of them among the first"""
    shown: tuple[str, ...]
    """names of the snippets, in their order"""


Thinker = Callable[[wherein.Index, str], Thought | None]


def asked(home: Path, settings: Settings, window: int, think: Thinker) -> Iterator[Asked]:
    """Every question of a home, put to its repository."""
    budget = Endpoint("", "", window, settings).prompt_tokens
    for spec in json.loads((home / "repos.json").read_text("utf-8")):
        name = spec["name"]
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            bring_up_to_date(index)
            for item in json.loads((home / "annotations" / f"{name}.json").read_text("utf-8")):
                sources = [Source(**source) for source in item["sources"]]
                question = Question(item["question"], think(index, item["question"]))
                context = gather(index, question, budget_tokens=budget)
                yield Asked(
                    name,
                    item["question"],
                    tuple(source.shown_in(context.snippets) for source in sources),
                    any(source.shown_in(context.snippets[:FIRST]) for source in sources),
                    tuple(each.symbol or each.path for each in context.snippets),
                )


def thinker(settings: Settings, sketches: Path | None) -> Thinker:
    """Who says first what the code may look like."""
    if sketches is not None:
        by_question = json.loads(sketches.read_text("utf-8"))
        return lambda index, question: sketched(by_question[question]) if question in by_question else None
    if settings.llm.base_url is None:
        return lambda index, question: None

    def think(index: wherein.Index, question: str) -> Thought | None:
        thinking = thought_about(index, question, settings, lambda said: None)
        return thinking.thought if thinking is not None else None

    return think


def figures(rows: Sequence[Asked]) -> dict[str, tuple[float, float, float]]:
    """Each a mean of repositories' means, with the bounds of nine in ten samples of these."""
    of_repositories: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        of_repositories["sources"][row.repository].append(fmean(row.there))
        of_repositories["all sources"][row.repository].append(float(all(row.there)))
        of_repositories[f"one in the first {FIRST}"][row.repository].append(float(row.early))
    found = {}
    for name, of in of_repositories.items():
        means = [fmean(values) for values in of.values()]
        found[name] = (fmean(means), *interval(means))
    return found


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--window", type=int, default=UNTOLD_WINDOW, help="of the model, in tokens")
    parser.add_argument("--base-url", help="a model's server, for example http://127.0.0.1:8080/v1")
    parser.add_argument("--sketches", type=Path, help="sketches by question, in JSON, instead of a model")
    parser.add_argument("--data-dir", type=Path, help="keep the indexes here (default: a temporary folder)")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("-v", "--verbose", action="store_true", help="print what lacks sources")
    arguments = parser.parse_args()
    written = {}
    with tempfile.TemporaryDirectory() as temporary:
        given = {"llm.base_url": arguments.base_url} if arguments.base_url else {}
        settings = replace(load_settings(None, given), data_dir=arguments.data_dir or Path(temporary))
        think = thinker(settings, arguments.sketches)
        for home in arguments.homes:
            check_home(home)
            rows = list(asked(home, settings, arguments.window, think))
            written[home.name] = figures(rows)
            print(f"{home.name}: {len(rows)} questions, a window of {arguments.window}")
            for name, (mean, low, high) in written[home.name].items():
                print(f"  {name:<20} {mean:.3f} ({low:.3f} to {high:.3f})")
            for row in rows:
                if arguments.verbose and not all(row.there):
                    print(f"  {row.repository}: {row.question} {row.there}\n    {', '.join(row.shown)}")
    console.write_json(arguments.json, written)


if __name__ == "__main__":
    main()
