#!/usr/bin/env python3
"""What a language model brings to a search: a question asked with its thoughts (`--think`), and over an index in which
it described what has no doc comment (`index --describe`).

    benchmarks/language_model.py HOME [HOME ...] --base-url URL --data-dir DIR [--repo NAME] [--describe] [--json FILE]
    benchmarks/language_model.py HOME [HOME ...] --sketches FILE --data-dir DIR [--repo NAME] [--json FILE]

The model's server is started by whoever runs this. Indexes, sentences and thoughts are kept in DIR, so that a second
run asks for nothing again. FILE has sketches that were written before, by question (validation/sketches.json); the
questions without one are passed over. They are tried a second time without any name that the repository has, as of
somebody who has never heard of it.
"""

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import console
import wherein
from homes import SLOTS, Scores, questions
from indexes import bring_up_to_date
from timing import percentile, timed
from wherein.config.load import load_settings
from wherein.config.settings import Settings
from wherein.search.thought import Thought, sketched
from wherein_server.explain.describe import find_endpoint, writer
from wherein_server.explain.think import thought_about

LEAST_NAME = 5
"""Letters of a word that is taken for a name of a repository."""


@dataclass(slots=True)
class Asked:
    """The same questions in several ways."""

    scores: dict[str, Scores] = field(default_factory=dict)
    thinking: list[float] = field(default_factory=list)
    """seconds a question"""
    sentences: int = 0
    describing: float = 0.0
    """seconds"""

    def ask(self, way: str, index: wherein.Index, question: Any, thought: Thought | None) -> None:  # noqa: ANN401
        """One question in one way."""
        hits = index.search(question.query, limit=SLOTS, thought=thought)
        self.scores.setdefault(way, Scores()).add(question, hits)


def measure(home: Path, settings: Settings, only: Sequence[str], *, describe: bool) -> Asked:
    """Ask all questions of a home plainly and with thoughts, and both again when all is described."""
    done = Asked()
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            bring_up_to_date(index)
            index.forget_descriptions()
            thoughts = []
            for question in asked:
                found, took = timed(
                    partial(thought_about, index, question.query, settings, lambda said: None)
                )
                done.thinking.append(took)
                thoughts.append(found.thought if found is not None else None)
                done.ask("plain", index, question, None)
                done.ask("thought", index, question, thoughts[-1])
            if describe:
                report, took = timed(partial(index.describe, writer(find_endpoint(settings))))
                done.sentences += report.written
                done.describing += took
                for question, thought in zip(asked, thoughts, strict=True):
                    done.ask("described", index, question, None)
                    done.ask("both", index, question, thought)
        print(
            name,
            {way: round(scores.by("repository")[name], 3) for way, scores in done.scores.items()},
            flush=True,
        )
    return done


def sketches(home: Path, settings: Settings, only: Sequence[str], by_question: Mapping[str, str]) -> Asked:
    """Ask the questions of a home for which there are sketches, plainly and with them."""
    done = Asked()
    for name, asked in questions(home, only).items():
        with wherein.open_index(home / "repos" / name, settings=settings) as index:
            bring_up_to_date(index)
            known = {re.split(r"[.:#/]+", each)[-1].casefold() for each in index._reader().name_book().names}
            for question in asked:
                if question.query in by_question:
                    text = by_question[question.query]
                    done.ask("plain", index, question, None)
                    done.ask("sketched", index, question, sketched(text))
                    done.ask("unheard of", index, question, sketched(_without(known, text)))
    return done


def _without(known: Container[str], text: str) -> str:
    return re.sub(rf"\w{{{LEAST_NAME},}}", lambda word: "" if word[0].casefold() in known else word[0], text)


def told(home: str, done: Asked) -> dict[str, Any]:
    """Print what came of it, and give it as data."""
    rows = {}
    for way, scores in done.scores.items():
        categories = scores.by("category")
        rows[way] = {"ndcg10": scores.overall(), "hit1": scores.overall(hit=1), "by_category": categories}
        parts = "  ".join(f"{name} {value:.3f}" for name, value in categories.items())
        print(
            f"{home:<24} {way:<10} NDCG@10 {scores.overall():.4f}  hit@1 {scores.overall(hit=1):.3f}   {parts}"
        )
    if done.thinking:
        print(f"thinking: median {percentile(done.thinking, 0.5):.2f} s a question")
    if done.sentences:
        print(f"{done.sentences} sentences, {done.describing / done.sentences:.2f} s each")
    return {"home": home, "ways": rows, "sentences": done.sentences, "describing_s": done.describing}


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path, metavar="HOME")
    parser.add_argument("--base-url", help="the model's server, for example http://127.0.0.1:8080/v1")
    parser.add_argument("--sketches", type=Path, help="sketches by question, in JSON, instead of a model")
    parser.add_argument("--data-dir", type=Path, required=True, help="keep indexes and answers here")
    parser.add_argument("--repo", action="append", default=[], help="only this repository; may be repeated")
    parser.add_argument(
        "--describe", action="store_true", help="also describe all definitions, which takes long"
    )
    parser.add_argument("--json", type=Path, help="write the rows here")
    arguments = parser.parse_args()
    if bool(arguments.base_url) == bool(arguments.sketches):
        parser.error("name a model's server or a file of sketches")
    given = {"llm.base_url": arguments.base_url} if arguments.base_url else {}
    settings = replace(load_settings(None, given), data_dir=arguments.data_dir)
    rows = []
    for home in arguments.homes:
        if arguments.sketches:
            by_question = json.loads(arguments.sketches.read_text("utf-8"))
            done = sketches(home, settings, arguments.repo, by_question)
        else:
            done = measure(home, settings, arguments.repo, describe=arguments.describe)
        rows.append(told(home.name, done))
    console.write_json(arguments.json, rows)


if __name__ == "__main__":
    main()
