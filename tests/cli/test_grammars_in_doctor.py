"""A grammar that is broken is told by name, and does not take `wherein doctor` with it."""

import pytest

from wherein_server.cli.check import Bad
from wherein_server.cli.machine_checks import grammars


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("raise ImportError('symbol not found')", "1 grammar cannot be loaded (zig: symbol not found)"),
        ("import os; os._exit(7)", "ends with 7"),
        ("from tree_sitter_lua import language", "1 grammar cannot be loaded (zig: Invalid node type"),
    ],
)
def test_a_broken_grammar_is_told_and_ends_nothing_else(tmp_path, monkeypatch, module, says):
    (tmp_path / "tree_sitter_zig.py").write_text(module)
    (tmp_path / "tree_sitter_zig-9.9.dist-info").mkdir()  # a version that nobody has tried
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(Bad) as caught:
        grammars()
    assert says in caught.value.says
