#!/usr/bin/env python3
"""Long messages of commits as questions for long_questions.py: answered by what the commit changed, asked of the code
some way before it.

    benchmarks/long_messages.py CLONES ISSUES TEXTS [--most 30]

CLONES is a folder of clones called OWNER+NAME, ISSUES and TEXTS are written (`benchmarks/issues`). A repository with
too few long messages is left out, and said. Which repositories may be fitted to is for who calls to decide.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import console
from wherein.errors import WhereinError
from wherein.evaluation.history import past_of


def issues_of(clone: Path, most: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Up to `most` of a clone, each as a line of ISSUES and its text. WhereinError for too few, or no repository."""
    repository = clone.name.replace("+", "/", 1)
    past = past_of(clone, most, whole=True)
    for number, question in enumerate(past.questions, 1):
        changes = [[answer.path, answer.start_line, answer.end_line] for answer in question.answers]
        yield (
            {"repository": repository, "issue": str(number), "commit": past.commit, "changes": changes},
            question.query,
        )


def main() -> None:
    """Run from the command line."""
    parser = console.parser(__doc__)
    parser.add_argument("clones", type=Path)
    parser.add_argument("issues", type=Path)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--most", type=int, default=30)
    arguments = parser.parse_args()
    lines: list[str] = []
    texts: dict[str, str] = {}
    for clone in sorted(arguments.clones.iterdir()):
        try:
            found = list(issues_of(clone, arguments.most))
        except WhereinError as error:
            print(f"{clone.name}: {error}", file=sys.stderr)
            continue
        print(f"{clone.name}: {len(found)}", file=sys.stderr)
        for issue, text in found:
            lines.append(json.dumps(issue) + "\n")
            texts[f"{issue['repository']}#{issue['issue']}"] = text
    arguments.issues.write_text("".join(lines), "utf-8")
    arguments.texts.write_text(json.dumps(texts), "utf-8")


if __name__ == "__main__":
    main()
