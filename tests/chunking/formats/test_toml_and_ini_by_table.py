from textwrap import dedent

from wherein.chunking import chunker
from wherein.languages import registry

KEYS = "key = 1\n" * 18


def cut(text, language="toml"):
    return chunker.chunk("", dedent(text), registry.get(language))


def test_a_table_is_named_by_its_header_and_keeps_the_comment_above():
    text = f"title = 1\n\n# How to build.\n[build.'a.b']\n{KEYS}\n[[item]]\n{KEYS}"
    found = cut(text)
    assert [(c.start_line, c.kind, c.symbol, c.qualified_name, c.doc) for c in found] == [
        (1, "key", "", "", ""),
        (3, "table", "a.b", "build.'a.b'", "How to build."),
        (24, "table", "item", "item", ""),
    ]


def test_small_tables_under_one_name_are_gathered():
    found = cut("[tool.a]\nx = 1\n[tool.b]\ny = 1\n[other]\nz = 1\n")
    assert [(chunk.symbol, chunk.names) for chunk in found] == [("a", ("b",)), ("other", ())]


def test_what_looks_like_a_header_in_strings_and_arrays_is_none():
    text = """\
        [a]
        rows = [
          [1],
          [2]
        ]
        text = \"\"\"
        [b]
        \"\"\" # '''
        raw = '''
        [c]
        '''
        one = "[" # [
        [d] # ]
        x = 1
        """
    assert [chunk.symbol for chunk in cut(text)] == ["a", "d"]


def test_ini_sections_are_tables():
    text = f"; settings\n[tool:pytest]\n{KEYS}[*.py]\n{KEYS}"
    assert [(c.start_line, c.qualified_name) for c in cut(text, "ini")] == [(1, "tool:pytest"), (21, "*.py")]
