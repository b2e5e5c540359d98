#!/usr/bin/env python3
"""Messages as they are pasted: is the code that raises them found, and first?

    benchmarks/error_messages.py REPOSITORY [REPOSITORY ...] [--each N]

Of the messages that a repository's code raises (its tests aside) N are drawn; what the code fills in is replaced by a
word or a number. Each is asked with the step of messages and without it.
"""

import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import console
import wherein
from indexes import bring_up_to_date
from wherein.config import SearchSettings, Settings
from wherein.path_groups import groups_of
from wherein.search.messages import MESSAGE

SLOTS = 10
SEED = 5

RAISED = {
    ".go": r'(?:errors\.New|fmt\.Errorf)\("((?:[^"\\]|\\.){20,140})"',
    ".rs": r'(?:bail!|anyhow!|eyre!|panic!|Error::\w+)\("((?:[^"\\]|\\.){20,140})"',
    ".java": r'Exception\(\s*"((?:[^"\\]|\\.){20,140})"',
    ".cs": r'Exception\(\s*\$?"((?:[^"\\]|\\.){20,140})"',
    ".ts": r"Error\(\s*[`\"']((?:[^\"'`\\]|\\.){20,140})[`\"']",
    ".py": r"(?:Error|Exception)\(\s*f?[\"']((?:[^\"'\\]|\\.){20,140})[\"']",
}
"""By the extension of a file, what raises a message."""

_FILLED_IN = re.compile(r"%[-+#0-9.]*(?P<verb>[a-zA-Z])|\$?\{[^}]*\}")

Message = tuple[str, int, str]
"""The file and the line that it is raised in, and its words."""


def messages(index: wherein.Index) -> Iterator[Message]:
    """Those of what is indexed, by file and line."""
    assert index.root is not None
    for path in sorted(index.files()):
        pattern = RAISED.get(Path(path).suffix)
        if pattern is None or groups_of(path):
            continue
        text = (index.root / path).read_text("utf-8", "replace")
        for match in re.finditer(pattern, text):
            yield path, text.count("\n", 0, match.start()) + 1, _as_printed(match[1])


def _as_printed(pattern: str) -> str:
    filled = _FILLED_IN.sub(lambda match: "3" if match["verb"] == "d" else "foo", pattern)
    return filled.replace('\\"', '"').replace("\\n", " ")


def asked(index: wherein.Index, drawn: list[Message]) -> tuple[float, float]:
    """The shares of the messages whose code is first, and among the first SLOTS."""
    first = found = 0
    for path, line, message in drawn:
        hits = index.search(message, limit=SLOTS)
        met = [hit.path == path and hit.start_line <= line <= hit.end_line for hit in hits]
        first += met[:1] == [True]
        found += any(met)
    return first / len(drawn), found / len(drawn)


def main() -> None:
    """Print what each repository gives."""
    parser = console.parser(__doc__)
    parser.add_argument("repositories", type=Path, nargs="+", metavar="REPOSITORY")
    parser.add_argument("--each", type=int, default=60, metavar="N")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        without = replace(settings, search=SearchSettings(ranking={MESSAGE: 0.0}))
        for repository in given.repositories:
            with wherein.open_index(repository, settings=settings) as index:
                bring_up_to_date(index)
                drawn = list(messages(index))
                random.Random(SEED).shuffle(drawn)
                drawn = drawn[: given.each]
                with wherein.open_index(repository, settings=without) as plain:
                    for name, of in (("without", plain), ("with", index)):
                        if drawn:
                            first, found = asked(of, drawn)
                            print(
                                f"{repository.name}\t{len(drawn)}\t{name}\t{first:.3f}\t{found:.3f}",
                                flush=True,
                            )


if __name__ == "__main__":
    main()
