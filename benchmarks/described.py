#!/usr/bin/env python3
"""Make questions out of doc comments: what a function's first sentence says, asked of code that does not say it.

    benchmarks/described.py REPOS --clones DIR --out HOME [--each N] [--only NAME ...]

REPOS is a repos.json (name, language, checkout_from, revision). Each repository is checked out whole, tests
and documents too; the doc comments of all its functions are blanked, so that line numbers stay and no
function has an advantage; and N of the comments' first sentences, dealt by chance with a seed, become
questions for functions of four lines or more. Half of them, where there are as many, share no word with the
function's name (category `semantic`), the others do (`described`). A sentence that still stands in the
repository elsewhere is left out.
"""

import json
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import console
from lay_out import check_out
from wherein import tokens
from wherein.chunking.chunk import Chunk
from wherein.chunking.chunker import chunk
from wherein.languages.registry import detect
from wherein.path_groups import groups_of
from wherein.search.query import parse
from wherein.search.rank.kinds import FUNCTIONS

EACH = 30
SEED = 13
WORDS = range(5, 31)
LEAST_LINES = 4
"""Of code, besides the comment: shorter ones are hardly an answer."""
LARGEST = 400_000
"""Bytes of a file."""

_MARKS = re.compile(
    r"""^[\s/*#!;%'"-]+|[\s*/"'-]+$|^\s*@(?:module)?doc\b(?:\s*~[sS])?[\s"']*|\{-\s*\|?|-\}"""
)
_FIRST_PARAGRAPH = re.compile(
    r"\n\s*\n|\n\s*[@:\\]|\n\s*-{3,}|\n\s*(?:Args|Parameters|Returns?|Raises|Example)s?:?\s*\n"
)
_SENTENCE = re.compile(r"(?<=[a-z)`\]][.!?])\s+(?=[A-Z])")
_MARKUP = re.compile(
    r"</?\w[^>]*>|\{@\w+\s+([^}]*)\}|:\w+(?::\w+)*:`~?([^`]*)`|\[`?([^\]`]*)`?\](?:\([^)]*\)|\[[^\]]*\])?"
)
_RECEIVER = re.compile(r"^\([A-Z]\w*\)\s+")
_NO_QUESTION = re.compile(
    r"^(?:@|todo|fixme|deprecated|see\b|inherit|copyright|note\b|warning|example|for test|made public|\W*$)"
    r"|inheritdoc|https?:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Described:
    """A function and what was said of it."""

    query: str
    category: str
    path: str
    start: int
    end: int


def make(spec: dict[str, Any], clones: Path, home: Path, each: int) -> list[Described]:
    """Lay a repository out without its functions' doc comments, and deal its questions."""
    place = home / "repos" / spec["name"]
    check_out(spec, place, clones)
    found: list[Described] = []
    for path in _files(place):
        found += _blanked(place, path)
    said = "\n".join((place / path).read_text("utf-8", "replace") for path in _files(place, code=False))
    said = " ".join(said.split())
    deal = random.Random(f"{SEED} {spec['name']}")
    deal.shuffle(found)
    kept: dict[str, list[Described]] = {"semantic": [], "described": []}
    known: set[str] = set()
    for one in found:
        if len(kept[one.category]) < each and one.query not in known and one.query not in said:
            known.add(one.query)
            kept[one.category].append(one)
    half = max(each // 2, each - len(kept["described"]))
    semantic = kept["semantic"][:half]
    _commit(place)
    return semantic + kept["described"][: each - len(semantic)]


def _files(place: Path, *, code: bool = True) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(place), "ls-files", "-z"], capture_output=True, check=True
    ).stdout
    paths = sorted(path for path in listed.decode("utf-8", "replace").split("\0") if path)
    return [
        path
        for path in paths
        if (file := place / path).is_file()
        and not file.is_symlink()
        and file.stat().st_size <= LARGEST
        and (not code or detect(path).chunker == "definitions")
    ]


def _blanked(place: Path, path: str) -> Iterator[Described]:
    """Blank the doc comments of a file's functions; those of code that is asked about, as questions."""
    try:
        text = (place / path).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    before = [each for each in chunk(path, text) if each.doc and each.kind in FUNCTIONS]
    if not before:
        return
    lines = text.split("\n")
    for each in before:
        for at in _comment(each, lines):
            lines[at] = ""
    (place / path).write_bytes("\n".join(lines).encode("utf-8"))
    if groups_of(path):
        return
    left = {(each.qualified_name, each.line): each for each in chunk(path, "\n".join(lines))}
    for each in before:
        now = left.get((each.qualified_name, each.line))
        if now is not None and not now.doc and (question := _question(each)):
            start, end = now.definition or (now.start_line, now.end_line)
            start = max(start, min(each.line, end))
            if sum(bool(line.strip()) for line in lines[start - 1 : end]) >= LEAST_LINES:
                yield Described(question, _category(question, each.symbol), path, start, end)


def _comment(each: Chunk, lines: list[str]) -> list[int]:
    """Where the lines of its doc comment are, with those that only begin or end it."""
    said = {_bare(line) for line in each.doc.split("\n")} - {""}
    start, end = each.definition or (each.start_line, each.end_line)
    held = [at for at in range(start - 1, min(end, len(lines))) if _bare(lines[at]) in said]
    if not held:
        return []
    first = _run_back(held[0], start - 1, lines)
    last = first
    for at in range(held[0], min(end, len(lines))):
        if _bare(lines[at]) in said or not _bare(lines[at]):
            if lines[at].strip():
                last = at
        else:
            break
    return list(range(first, last + 1))


def _run_back(at: int, least: int, lines: list[str]) -> int:
    while (
        at > least
        and lines[at - 1].strip()
        and not _bare(lines[at - 1])
        and not lines[at - 1].strip().startswith(("}", ")", "]"))
    ):
        at -= 1
    return at


def _bare(line: str) -> str:
    before = None
    while before != line:
        before, line = line, _MARKS.sub("", line)
    return " ".join(line.split()).rstrip("{}()[];,")


def _question(each: Chunk) -> str:
    """The first sentence, without markup and without the name in front that Go asks for; empty where it is none."""
    said = _MARKUP.sub(lambda match: next((part for part in match.groups() if part), ""), each.doc.strip())
    said = " ".join(_FIRST_PARAGRAPH.split(said)[0].split())
    said = _SENTENCE.split(said)[0].replace("`", "").replace('"', "").strip(" .:-*/!")
    said = _RECEIVER.sub("", said)
    first, _, rest = said.partition(" ")
    if first == each.symbol:
        said = rest
    named = {tokens.fold(word.strip("().,:;'")) for word in said.split()}
    if len(said.split()) not in WORDS or _NO_QUESTION.search(said) or not said.isascii():
        return ""
    return "" if tokens.fold(each.symbol) in named and len(tokens.words(each.symbol)) > 1 else said


def _category(question: str, symbol: str) -> str:
    return "described" if set(parse(question).terms) & set(tokens.terms(symbol)) else "semantic"


def _commit(place: Path) -> None:
    git = ["git", "-C", str(place), "-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid"]
    subprocess.run(
        [*git, "commit", "-q", "-a", "--allow-empty", "-m", "without doc comments of functions"], check=True
    )


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("repos", type=Path, metavar="REPOS")
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    arguments = parser.parse_args()
    (arguments.out / "annotations").mkdir(parents=True, exist_ok=True)
    specs = []
    for spec in json.loads(arguments.repos.read_text("utf-8")):
        if arguments.only and spec["name"] not in arguments.only:
            continue
        asked = make(spec, arguments.clones, arguments.out, arguments.each)
        if not asked:
            continue
        items = [
            {
                "query": one.query,
                "category": one.category,
                "relevant": [{"path": one.path, "symbol": "", "start_line": one.start, "end_line": one.end}],
            }
            for one in asked
        ]
        (arguments.out / "annotations" / f"{spec['name']}.json").write_text(
            json.dumps(items, indent=1) + "\n", "utf-8"
        )
        specs.append(spec)
        print(spec["name"], len(asked), sum(one.category == "semantic" for one in asked), flush=True)
    (arguments.out / "repos.json").write_text(json.dumps(specs, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
