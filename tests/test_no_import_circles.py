"""No module needs, at any depth, one that needs it: neither as it is loaded nor by an import within a function."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
    for root in (ROOT / "indexer", ROOT / "server")
    for file in root.rglob("*.py")
}


def imported(file: Path) -> Iterator[str]:
    """Ours alone, and nothing that only types need."""
    left = [ast.parse(file.read_text(encoding="utf-8"))]
    while left:
        node = left.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module


@cache
def needs() -> dict[str, set[str]]:
    return {name: {each for each in imported(file) if each in MODULES} for name, file in MODULES.items()}


def test_no_module_needs_one_that_needs_it() -> None:
    assert "wherein.git.worktree" in needs()["wherein.git.open"]  # within a function
    TopologicalSorter(needs()).prepare()  # CycleError names the circle


def test_the_engine_needs_nothing_of_what_answers_people() -> None:
    for name, others in needs().items():
        if not name.startswith("wherein_server"):
            assert not [each for each in others if each.startswith("wherein_server")], name
