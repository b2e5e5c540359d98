#!/usr/bin/env python3
"""Queries that mean nothing find nothing; no real one ends empty.

    benchmarks/nonsense.py HOME [HOME ...] [--questions FILE.jsonl] [--repo NAME] [--json FILE]

Every repository of each home is asked 200 nonsense queries (words that no language has, keys hit at random, questions
made of such words) and its own questions; FILE holds more of these, an object with `repo` and `query` a line.
"""

import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import console
import wherein
from homes import check_home, questions
from indexes import bring_up_to_date
from wherein.config import Settings

COUNT = 200
SEED = 20
_HEADS = (
    "bl",
    "fr",
    "gr",
    "kl",
    "pf",
    "qu",
    "schn",
    "shr",
    "sk",
    "squ",
    "tr",
    "vl",
    "wh",
    "zw",
    "x",
    "j",
    "z",
    "ngr",
)
_MIDDLES = ("a", "e", "i", "o", "u", "ee", "oo", "ou", "y", "eau")
_TAILS = ("bble", "nk", "rgle", "xt", "mph", "zz", "sk", "ndle", "vv", "ggo", "plunk", "rnf", "dwick")
_QUESTIONS = (
    "where is the {} done",
    "how does the {} {} work",
    "{} of a {}",
    "which {} does {}",
    "{} {} {}",
    "{}",
)


def nonsense(count: int = COUNT) -> list[str]:
    """So many queries, always the same."""
    chance = random.Random(SEED)

    def word() -> str:
        if chance.random() < 0.2:
            return "".join(chance.choices("qwxzjkvpbfgh", k=chance.randint(6, 12)))
        syllables = chance.randint(1, 3)
        parts = (
            chance.choice(_HEADS) + chance.choice(_MIDDLES) + chance.choice(_TAILS) for _ in range(syllables)
        )
        return "".join(parts)

    made = []
    for number in range(count):
        form = _QUESTIONS[number % len(_QUESTIONS)]
        made.append(form.format(*(word() for _ in range(form.count("{}")))))
    return made


def measure(
    home: Path, settings: Settings, only: Sequence[str], more: dict[str, list[str]]
) -> tuple[Counter[str], list[tuple[str, str]]]:
    """How many of which kind were asked and answered, and the real questions that were not."""
    counts: Counter[str] = Counter()
    empty: list[tuple[str, str]] = []
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            bring_up_to_date(index)
            for query in nonsense():
                counts["nonsense asked"] += 1
                counts["nonsense answered"] += bool(index.search(query))
            for query in (*(question.query for question in asked), *more.get(name, ())):
                counts["real asked"] += 1
                if index.search(query):
                    counts["real answered"] += 1
                else:
                    empty.append((name, query))
    return counts, empty


def main() -> None:
    """Ask everything."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--questions", type=Path, metavar="FILE.jsonl", help="more real ones")
    parser.add_argument("--repo", action="append", default=[], metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    more: dict[str, list[str]] = defaultdict(list)
    if arguments.questions:
        for line in arguments.questions.read_text(encoding="utf-8").splitlines():
            each = json.loads(line)
            more[each["repo"]].append(each["query"])
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for home in arguments.homes:
            check_home(home)
            counts, empty = measure(home, Settings(data_dir=Path(folder)), arguments.repo, more)
            print(f"{home.name}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items()))
            for name, query in empty:
                print(f"  nothing for {query!r} in {name}")
            found[home.name] = dict(counts) | {"empty": empty}
    console.write_json(arguments.json, found)


if __name__ == "__main__":
    main()
