"""Prints what pyproject.toml requires, each pinned to the lowest version that it allows."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?>=(?P<version>[\w.]+)")


def main() -> None:
    """One requirement a line; a dependency without a lower bound is an error."""
    extras = PROJECT["optional-dependencies"]
    for requirement in PROJECT["dependencies"] + extras["redis"] + extras["deep"]:
        found = BOUND.match(requirement)
        if found is None:
            raise SystemExit(f"{requirement!r} in pyproject.toml has no lower bound")
        print(f"{found['name']}=={found['version']}")


if __name__ == "__main__":
    main()
