"""A whole evaluation: what was asked of which commit, the figures, and how they compare with earlier ones."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wherein.errors import ConfigError
from wherein.evaluation.evaluate import Result
from wherein.evaluation.figures import Difference, difference
from wherein.evaluation.question import Question
from wherein.evaluation.written import question_of, read_text, told
from wherein.quick_dataclass import dataclass

FORMAT = 1
TIER = "static"
"""The tier of embeddings that is asked."""


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one run."""

    repository: str
    commit: str | None
    """that was asked; None: the files on disk"""
    model: str
    questions: tuple[Question, ...]
    results: tuple[Result, ...]

    def as_data(self) -> dict[str, Any]:
        """What a baseline holds."""
        return {
            "format": FORMAT,
            "repository": self.repository,
            "commit": self.commit,
            "model": self.model,
            "questions": [told(question) for question in self.questions],
            "results": [
                {
                    "mode": result.mode,
                    "tier": TIER,
                    **{name: round(value, 6) for name, value in asdict(result.figures).items()},
                    "p50_ms": round(1000 * result.p50, 3),
                    "p95_ms": round(1000 * result.p95, 3),
                    "scores": [[each.first, each.ndcg] for each in result.scores],
                }
                for result in self.results
            ],
        }

    def against(self, before: "Baseline") -> dict[str, Difference]:
        """Mode → how it differs from before, over the questions that both asked, without modes that only one has.

        Raises ConfigError if they have no question in common.
        """
        found = {}
        for result in self.results:
            then = before.scores.get(result.mode)
            if then is None:
                continue
            pairs = [
                (now.ndcg, then[question])
                for question, now in zip(self.questions, result.scores, strict=True)
                if question in then
            ]
            if not pairs:
                raise ConfigError("None of these questions is in the baseline.")
            found[result.mode] = difference(*zip(*pairs, strict=True))
        return found


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier run, from a file."""

    commit: str | None
    questions: tuple[Question, ...]
    scores: Mapping[str, Mapping[Question, float]]
    """mode → question → NDCG@10"""


def read_baseline(file: Path) -> Baseline:
    """What `as_data` gave, alone or below "evaluation". Raises ConfigError."""
    try:
        data = json.loads(read_text(file))
        data = data.get("evaluation", data)
        if data["format"] != FORMAT:
            raise ConfigError(f"{file} is a baseline of another version of wherein.", remedy=_REMEDY)
        questions = tuple(map(question_of, data["questions"]))
        scores = {
            str(result["mode"]): dict(zip(questions, map(_ndcg, result["scores"]), strict=True))
            for result in data["results"]
        }
        commit = data["commit"]
        if not questions or not scores or not (commit is None or isinstance(commit, str)):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{file} is not a baseline from wherein evaluate.", remedy=_REMEDY) from error
    return Baseline(commit, questions, scores)


_REMEDY = "wherein evaluate --save FILE"


def _ndcg(said: object) -> float:
    match said:
        case [int(), int() | float() as ndcg] if 0 <= ndcg <= 1:
            return float(ndcg)
    raise ValueError
