"""Questions and results in files."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG
from typing import Any

from wherein.errors import ConfigError
from wherein.evaluation.question import Answer, Question
from wherein.without_waiting import open_at_once

MOST_BYTES = 20_000_000
MOST_QUESTIONS = 10_000
MOST_ANSWERS = 1_000
LONGEST_QUERY = 20_000
"""Characters."""

FORM = '{"query": "where are redirects followed", "answers": ["src/a.py", ["src/b.py", 3, 9], {"symbol": "follow"}]}'
"""A line of a file of questions."""


def read_text(file: Path) -> str:
    """A regular file of bounded size as UTF-8; ConfigError."""
    try:
        with open(file, "rb", opener=open_at_once) as opened:
            status = os.fstat(opened.fileno())
            if not S_ISREG(status.st_mode):
                raise ConfigError(f"{file} is not a regular file.")
            if status.st_size > MOST_BYTES:
                raise ConfigError(
                    f"{file} has {status.st_size:,} bytes; more than {MOST_BYTES:,} are not read."
                )
            return opened.read(MOST_BYTES).decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8.") from error


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a file, one a line as in FORM. ConfigError names the line that cannot be used."""
    found: list[Question] = []
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(question_of(_loaded(line)))
        except ValueError as error:
            raise ConfigError(f"{file}:{number}: {error}.", remedy=f"write lines as {FORM}") from error
        if len(found) > MOST_QUESTIONS:
            raise ConfigError(f"{file} has more than {MOST_QUESTIONS:,} questions.")
    if not found:
        raise ConfigError(f"{file} has no questions.", remedy=f"write lines as {FORM}")
    return tuple(found)


def question_of(said: object) -> Question:
    """A question as `told` tells it; ValueError says what is wrong."""
    if not isinstance(said, Mapping):
        raise ValueError("this is not a JSON object")
    query, answers = said.get("query"), said.get("answers")
    if not isinstance(query, str) or not query.strip():
        raise ValueError('"query" is missing, or not text')
    if len(query) > LONGEST_QUERY:
        raise ValueError(f'"query" has more than {LONGEST_QUERY:,} characters')
    if not isinstance(answers, list) or not 1 <= len(answers) <= MOST_ANSWERS:
        raise ValueError('"answers" is missing, empty or not a list')
    any_of = said.get("any_of", False)
    if not isinstance(any_of, bool):
        raise ValueError('"any_of" is neither true nor false')
    return Question(query, tuple(map(_answer, answers)), any_of)


def told(question: Question) -> dict[str, Any]:
    """A question as a file holds it."""
    answers: list[object] = []
    for answer in question.answers:
        if answer.symbol:
            answers.append({"symbol": answer.symbol} | ({"path": answer.path} if answer.path else {}))
        else:
            lines = [answer.start_line, answer.end_line] if answer.end_line else []
            answers.append([answer.path, *lines] if lines else answer.path)
    return {"query": question.query, "answers": answers} | ({"any_of": True} if question.any_of else {})


def _answer(said: object) -> Answer:
    match said:
        case str() if said:
            return Answer(said)
        case [str() as path, int() as first, int() as last] if path and 1 <= first <= last:
            return Answer(path, first, last)
        case {"symbol": str() as symbol} if symbol:
            path = said.get("path", "") if isinstance(said, Mapping) else ""
            if isinstance(path, str):
                return Answer(path, symbol=symbol)
        case {"path": str() as path} if path and isinstance(said, Mapping):
            first, last = said.get("start_line", 0), said.get("end_line", 0)
            if (
                isinstance(first, int)
                and isinstance(last, int)
                and (first == last == 0 or 1 <= first <= last)
            ):
                return Answer(path, first, last)
    raise ValueError("an answer must be a path, [path, first line, last line] or a symbol")


def _loaded(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("this is not JSON") from error
