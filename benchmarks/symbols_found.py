#!/usr/bin/env python3
"""Which of a repository's definitions `wherein symbol` finds, with universal-ctags as the witness.

    benchmarks/symbols_found.py HOME|REPOSITORY … [--language NAME …] [--cut] [--missing FILE] [--json FILE]

For each file that is indexed, ctags lists functions, methods and classes (symbols_found.toml says which of its kinds).
One is found when a hit of that very name covers its line. ctags is told the language, and has rules for Swift, Scala
and Zig in witness/. With --cut the files are only cut, not indexed and asked for: quick, for work on the chunkers.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import console
import wherein
from homes import repositories_of
from indexes import bring_up_to_date
from wherein.chunking.chunker import HEAD_CHARACTERS, chunk
from wherein.config import Settings
from wherein.languages.registry import detect

FOLDER = Path(__file__).parent
TWINS = 10_000
"""Hits that are asked for: more than any name has definitions."""
FAMILIES = {"tsx": "typescript"}
"""Languages that are counted with another."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What ctags lists."""

    path: str
    line: int
    name: str
    kind: str
    text: str
    """the line and the one below"""

    @property
    def spellings(self) -> set[str]:
        """The name, also as a private one of JavaScript, and without what qualifies it."""
        return {self.name, f"#{self.name}", re.split(r"[.:]+(?=\w+$)", self.name)[-1]}


@dataclass(slots=True)
class Tally:
    """What was found of a language."""

    listed: int = 0
    missing: list[str] = field(default_factory=list)
    """repository/path:line: kind name"""
    mistakes: Counter[str] = field(default_factory=Counter)
    """reason → how often ctags was not believed"""

    @property
    def share(self) -> float:
        """Found of listed."""
        return 1 - len(self.missing) / self.listed if self.listed else 1.0


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("places", type=Path, nargs="+", metavar="HOME|REPOSITORY")
    parser.add_argument("--language", action="append", default=[])
    parser.add_argument("--cut", action="store_true", help="cut the files only; index nothing")
    parser.add_argument("--missing", type=Path, help="write what was not found here, a definition a line")
    parser.add_argument("--json", type=Path, help="write the figures here")
    arguments = parser.parse_args()
    rules = tomllib.loads((FOLDER / "symbols_found.toml").read_text("utf-8"))
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as work:
        for place in arguments.places:
            for repository in repositories(place.resolve()):
                settings = replace(Settings(), data_dir=Path(work) / repository.name)
                count(repository, rules, tallies, settings, arguments.language, cut_only=arguments.cut)
    figures = {
        language: {
            "listed": tally.listed,
            "found": tally.listed - len(tally.missing),
            "mistakes": dict(tally.mistakes),
        }
        for language, tally in sorted(tallies.items())
    }
    for language, tally in sorted(tallies.items()):
        print(
            f"{language:<12} {tally.listed - len(tally.missing):>7,} of {tally.listed:>7,}  {tally.share:.4f}"
        )
    if arguments.missing:
        lines = [
            f"{language} {missing}"
            for language, tally in sorted(tallies.items())
            for missing in tally.missing
        ]
        arguments.missing.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    console.write_json(arguments.json, figures)


def repositories(place: Path) -> list[Path]:
    """Those of a home, or the place itself."""
    return repositories_of(place) if (place / "repos.json").exists() else [place]


def count(
    repository: Path,
    rules: Mapping[str, Any],
    tallies: dict[str, Tally],
    settings: Settings,
    only: Sequence[str],
    *,
    cut_only: bool,
) -> None:
    """Add a repository's definitions to the tallies."""
    files = {
        language: texts
        for language, texts in by_language(repository).items()
        if language in rules and (not only or language in only)
    }
    listed = {
        language: list(definitions(repository, language, texts, rules)) for language, texts in files.items()
    }
    found: Mapping[str, Iterable[tuple[str, int, int]]]
    if cut_only:
        found = cut({path: text for texts in files.values() for path, text in texts.items()})
    else:
        with wherein.open_index(repository, settings=settings) as index:
            bring_up_to_date(index)
            names = set().union(*(definition.spellings for each in listed.values() for definition in each))
            found = {name: list(asked(index, name)) for name in names}
            indexed = {path for texts in files.values() for path in texts if index.chunks(path)}
        listed = {
            language: [definition for definition in each if definition.path in indexed]
            for language, each in listed.items()
        }
    for language, each in listed.items():
        tally = tallies[language]
        for definition in each:
            reason = mistaken(language, definition, rules["mistakes"], files[language][definition.path])
            if reason:
                tally.mistakes[reason] += 1
                continue
            tally.listed += 1
            if not any(
                path == definition.path and start <= definition.line <= end
                for name in definition.spellings
                for path, start, end in found.get(name, ())
            ):
                tally.missing.append(
                    f"{repository.name}/{definition.path}:{definition.line}: {definition.kind} {definition.name}"
                )


def by_language(repository: Path) -> dict[str, dict[str, str]]:
    """Language → path → text of the files that git lists."""
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-files", "-z"], capture_output=True, check=True, text=True
    ).stdout
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for path in filter(None, listed.split("\0")):
        file = repository / path
        if file.is_symlink() or not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        language = detect(path, text[:HEAD_CHARACTERS]).name
        found[FAMILIES.get(language, language)][path] = text
    return found


def definitions(
    repository: Path, language: str, texts: Mapping[str, str], rules: Mapping[str, Any]
) -> Iterator[Definition]:
    """What ctags lists in these files of one language."""
    witness, kinds = rules[language]["witness"], rules[language]["kinds"]
    command = ["ctags", "--options=NONE"]
    if (own := FOLDER / "witness" / f"{witness.lower()}.ctags").exists():
        command.append(f"--options={own}")
    command += ["--output-format=json", "--fields=+nK-P", "--sort=no", "-f", "-", "-L", "-"]
    command.append(f"--language-force={witness}")
    paths = "".join(f"{path}\n" for path in texts)
    done = subprocess.run(command, input=paths, capture_output=True, text=True, cwd=repository)
    if done.returncode:
        sys.exit(done.stderr)
    lines = {path: text.split("\n") for path, text in texts.items()}
    for tag in map(json.loads, filter(None, done.stdout.split("\n"))):
        if tag.get("kind") in kinds:
            text = "\n".join(lines[tag["path"]][tag["line"] - 1 : tag["line"] + 1])
            name = renamed(language, tag["name"], text, rules["renames"])
            yield Definition(tag["path"], tag["line"], name, tag["kind"], text)


def renamed(language: str, name: str, line: str, renames: Sequence[Mapping[str, Any]]) -> str:
    """The name that the definition is to be found by: an operator's without a blank, a macro's argument."""
    for rule in renames:
        if (
            language in rule["languages"]
            and re.search(rule["name"], name)
            and (found := re.search(rule["line"], line))
        ):
            return spelt(found[1])
    return spelt(name)


def spelt(name: str) -> str:
    """A name without blanks that mean nothing, as `wherein symbol` takes them: `operator ==`, `operator"" _a`."""
    return re.sub(r'(?<=^operator)\s+(?=\W)|(?<=^operator"")\s+|(?<=,)\s+', "", name.strip())


def asked(index: wherein.Index, name: str) -> Iterator[tuple[str, int, int]]:
    """Where `wherein symbol` finds a name."""
    for hit in index.symbols(name, limit=TWINS, exact=True):
        yield hit.path, hit.start_line, hit.end_line
        if hit.definition is not None:  # of a long one a part is shown
            yield hit.path, *hit.definition


def cut(texts: Mapping[str, str]) -> dict[str, list[tuple[str, int, int]]]:
    """Name → where the chunks are that define it."""
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for path, text in texts.items():
        for piece in chunk(path, text):
            for name in {piece.symbol, *piece.names}:
                found[spelt(name)].append((path, piece.start_line, piece.end_line))
    return found


def mistaken(
    language: str, definition: Definition, mistakes: Sequence[Mapping[str, Any]], text: str
) -> str | None:
    """Why ctags is not believed, if so; `text` is the whole file's."""
    looked_at = {
        "name": definition.name,
        "kind": definition.kind,
        "line": definition.text,
        "path": definition.path,
    }
    for rule in mistakes:
        if (
            language in rule["languages"]
            and all(
                re.search(rule[key].replace("NAME", re.escape(definition.name)), where)
                for key, where in looked_at.items()
                if key in rule
            )
            and ("inside" not in rule or opened_above(text, definition.line, *rule["inside"]))
        ):
            return str(rule["reason"])
    return None


def opened_above(text: str, line: int, opens: str, closes: str) -> bool:
    """Whether what `opens` begins is not ended by `closes` above a line (1-based). In `closes` `MARK` is the first
    group of what opens; what is never closed is not believed to be open."""
    start = len("\n".join(text.split("\n", line - 1)[: line - 1]))
    opening = re.compile(opens, re.MULTILINE)
    at = 0
    while (opened := opening.search(text, at)) and opened.start() < start:
        mark = re.escape(opened[1] or "") if opening.groups else ""
        closed = re.compile(closes.replace("MARK", mark), re.MULTILINE).search(text, opened.end())
        if closed is not None and closed.start() >= start:
            return True
        at = closed.end() if closed is not None else opened.end()
    return False


if __name__ == "__main__":
    main()
