#!/usr/bin/env python3
"""Precision and recall of `Index.callees` and `Index.callers` on functions whose calls were read by hand (calls.toml).

    benchmarks/calls.py HOME… [--json FILE] [--verbose]

HOME is a benchmark's folder with `repos/<name>`; of calls.toml, what it holds is measured. Callers that are tests are
left out on both sides.
"""

import json
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import console
import wherein
from wherein.config.settings import Settings
from wherein.search.rank.places import is_noise

FUNCTIONS = Path(__file__).with_name("calls.toml")
LIMIT = 100


@dataclass(slots=True)
class Tally:
    """Definitions returned, expected and both."""

    returned: int = 0
    expected: int = 0
    right: int = 0

    found: int = 0
    """of the expected ones"""

    def add(self, returned: set[str], expected: set[str], *, complete: bool) -> None:
        """Count one function; `complete` where all that is right was written down."""
        self.returned += len(returned)
        self.right += len(returned & expected)
        if complete:
            self.expected += len(expected)
            self.found += len(returned & expected)

    @property
    def precision(self) -> float:
        """Of what was returned, how much is right."""
        return self.right / self.returned if self.returned else 1.0

    @property
    def recall(self) -> float:
        """Of what is right, how much was returned."""
        return self.found / self.expected if self.expected else 1.0


def measure(homes: Sequence[Path], functions: Sequence[dict[str, Any]], *, verbose: bool) -> dict[str, Tally]:
    """Tallies of callees and callers over all functions whose repository is in a home."""
    tallies = {"callees": Tally(), "callers": Tally()}
    with tempfile.TemporaryDirectory() as data:
        settings = replace(Settings(), data_dir=Path(data))
        for name in dict.fromkeys(function["repository"] for function in functions):
            root = next((home / "repos" / name for home in homes if (home / "repos" / name).is_dir()), None)
            if root is None:
                print(f"{name}: in no home, left out", file=sys.stderr)
                continue
            with wherein.open_index(root, settings=settings) as index:
                index.update()
                for function in functions:
                    if function["repository"] == name:
                        _add(index, function, tallies, verbose=verbose)
    return tallies


def _add(index: wherein.Index, function: dict[str, Any], tallies: dict[str, Tally], *, verbose: bool) -> None:
    hits = [hit for hit in index.symbols(function["name"]) if hit.path == function["path"]]
    hit = next(hit for hit in hits if hit.qualified_name == function["name"])
    for side, find in (("callees", index.callees), ("callers", index.callers)):
        calls = find(hit.path, hit.start_line, limit=LIMIT)
        returned = {call.hit.qualified_name for call in calls if not is_noise(call.hit.path)}
        expected = set(function[side])
        tallies[side].add(returned, expected, complete="judged_only" not in function)
        if verbose and returned != expected:
            print(f"{function['name']} {side}: wrong {returned - expected}, missing {expected - returned}")


def main() -> None:
    """Print a table; JSON where asked for."""
    parser = console.parser(__doc__)
    parser.add_argument("homes", nargs="+", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    functions = tomllib.loads(FUNCTIONS.read_text(encoding="utf-8"))["function"]
    tallies = measure(arguments.homes, functions, verbose=arguments.verbose)
    for side, tally in tallies.items():
        print(
            f"{side}: precision {tally.precision:.3f}, recall {tally.recall:.3f} "
            f"({tally.right} right of {tally.returned} returned; {tally.found} found of {tally.expected} expected)"
        )
    if arguments.json:
        figures = {side: {"precision": t.precision, "recall": t.recall} for side, t in tallies.items()}
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
