import json

from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", text, registry.get("json"))


def outline(text):
    return [(chunk.start_line, chunk.end_line, chunk.qualified_name) for chunk in cut(text)]


def test_small_keys_are_gathered():
    (only,) = cut('{\n  "name": "x",\n  "version": "1",\n  "scripts": {"a": "b"}\n}\n')
    assert (only.kind, only.symbol, only.names) == ("key", "name", ("version", "scripts"))


def test_a_long_value_is_cut_at_its_own_keys():
    value = {f"k{n}": n for n in range(30)}
    text = json.dumps({"name": "x", "definitions": {"User": value, "Role": value}, "end": value}, indent=2)
    assert [name for *_, name in outline(text)] == ["name", "definitions.User", "definitions.Role", "end"]


def test_a_long_array_is_cut_by_lines():
    found = cut(json.dumps(list(range(1000)), indent=1))
    assert len(found) > 10
    assert {chunk.symbol for chunk in found} == {""}


def test_brackets_and_quotes_in_strings_and_comments_mean_nothing():
    text = '{\n  // it\'s "so" {\n  "a": "}\\"]", /* { */\n  "b\\"c": [1]\n}\n'
    (only,) = cut(text)
    assert (only.symbol, only.names) == ("a", ('b\\"c',))


def test_depth_is_no_danger():
    deep = "[\n" * 100_000 + "]\n" * 100_000
    assert cut(deep)[-1].end_line == 200_000


def test_truncated_and_foreign_text_is_kept():
    assert outline('{\n"a": [1,\n2') == [(1, 3, "a")]
    assert outline("no json\nat all") == [(1, 2, "")]
