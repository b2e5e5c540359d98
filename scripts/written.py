"""Functions with the questions that were written by reading them (benchmarks/written), cut out of clones."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from clones import clone_of
from wherein import tokens
from wherein.chunking import chunker
from wherein.chunking.decode import decode
from wherein.chunking.lines import split_lines
from wherein.indexing.parts import PATH_WORDS

QUESTIONS = Path(__file__).parents[1] / "benchmarks/written"
COMMENT_SIGNS = " \t/*#!-\"'"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """A function, and what is asked for it: by a newcomer, by a developer, in a few words."""

    repository: str
    path: str
    name: str
    """with what encloses it in its file"""
    code: list[str]
    """its lines"""
    questions: tuple[str, str, str]

    @property
    def place(self) -> str:
        """The last words of its path, as an index embeds them."""
        return " ".join(tokens.words(self.path)[-PATH_WORDS:])


def read(clones: Path, *, aside: bool = False) -> Iterator[Written]:
    """All functions of the repositories that may be learnt from, or of those kept aside, in the order of their files.

    `clones` holds git directories (benchmarks/clones.py). Exits if one or its revision is not there.
    """
    for entry in json.loads((QUESTIONS / "repos.json").read_text("utf-8")):
        if entry["aside"] is aside:
            clone = clone_of(entry["url"], clones)
            texts = _Texts(clone, entry["revision"])
            for line in (QUESTIONS / f"questions/{entry['name']}.jsonl").read_text("utf-8").splitlines():
                asked = json.loads(line)
                lines = texts.lines(asked["path"])[asked["start_line"] - 1 : asked["end_line"]]
                if len(lines) != asked["end_line"] - asked["start_line"] + 1:
                    raise SystemExit(f"{asked['path']} of {entry['name']} is shorter than its questions say.")
                yield Written(entry["name"], asked["path"], asked["name"], lines, tuple(asked["questions"]))


def without_comment(function: Written) -> list[str]:
    """The lines of a function but those of its doc comment; all of them if it has none."""
    for chunk in chunker.chunk(function.path, "\n".join(function.code)):
        if chunk.doc:
            said = {line.strip(COMMENT_SIGNS) for line in chunk.doc.split("\n")}
            return [
                line for line in function.code if line.strip(COMMENT_SIGNS) not in said or not line.strip()
            ]
    return function.code


def draw(
    of_repository: Mapping[str, Sequence[T]],
    repositories: int,
    of_each: int,
    chance: random.Random,
    power: float,
) -> list[T]:
    """A batch: some functions of each of a few repositories, so that each is told from its neighbours and from
    strangers. Repositories are drawn by how many functions they have, to this power."""
    chosen: set[str] = set()
    weights = [len(functions) ** power for functions in of_repository.values()]
    while len(chosen) < min(repositories, len(of_repository)):
        chosen.add(chance.choices(list(of_repository), weights)[0])
    return [
        function
        for repository in sorted(chosen)
        for function in chance.sample(of_repository[repository], min(of_each, len(of_repository[repository])))
    ]


class _Texts:
    """Files of one commit."""

    def __init__(self, clone: Path, revision: str) -> None:
        self._clone, self._revision = clone, revision
        self._read: dict[str, list[str]] = {}

    def lines(self, path: str) -> list[str]:
        if path not in self._read:
            shown = subprocess.run(
                ["git", "-C", self._clone, "cat-file", "blob", f"{self._revision}:{path}"],
                capture_output=True,
            )
            text = decode(shown.stdout)
            if shown.returncode or not isinstance(text, str):
                raise SystemExit(f"{path} of {self._revision} cannot be read in {self._clone}.")
            self._read[path] = split_lines(text)
        return self._read[path]
