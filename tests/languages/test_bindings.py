import json
import subprocess
import sys

from wherein.languages import registry
from wherein.languages.bindings import binding

PARSES = """
import json, sys
before = set(sys.modules)
from wherein.languages.bindings import binding
from tree_sitter import Language, Parser
tree = Parser(Language(binding("tree_sitter_zig").language())).parse(b"fn f() void {}")
print(json.dumps([tree.root_node.type, sorted(set(sys.modules) - before)]))
"""


def test_a_grammar_is_loaded_without_what_its_package_imports():
    ran = subprocess.run([sys.executable, "-I", "-c", PARSES], capture_output=True, text=True, check=True)
    root, loaded = json.loads(ran.stdout)
    assert root == "source_file"
    assert "tree_sitter_zig" not in loaded


def test_every_grammar_is_had_so_and_a_package_without_a_binding_is_itself_one():
    for language in map(registry.get, registry.names()):
        if language.grammar:
            assert binding(language.grammar).__name__ == f"{language.grammar}._binding"
            assert language.loaded_grammar.node_kind_count > 1
    assert binding("json").__name__ == "json"
