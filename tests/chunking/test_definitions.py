from wherein.chunking.chunk import Chunk
from wherein.chunking.chunker import chunk
from wherein.chunking.split import LONGEST_CHARACTERS, LONGEST_LINES


def cut(path: str, text: str) -> list[tuple[int, int, str, str]]:
    return [(c.start_line, c.end_line, c.kind, c.qualified_name) for c in chunk(path, text)]


def named(path: str, text: str, symbol: str) -> Chunk:
    return next(c for c in chunk(path, text) if c.symbol == symbol)


def statements(count: int, indent: str = "    ") -> str:
    return "".join(f"{indent}call_number({i})\n" for i in range(count))


def test_blank_lines_and_closers_stay_with_what_is_above() -> None:
    text = "class A {\n\n  a() {\n    return 1;\n  }\n\n}\n\n\nfunction b() {}\n"
    assert cut("a.js", text) == [
        (1, 2, "class", "A"),
        (3, 9, "method", "A.a"),
        (10, 10, "function", "b"),
    ]


def test_decorators_and_comments_directly_above_belong_to_a_definition() -> None:
    text = "import x\nrun_everything_at_once(x)\n\n# About f.\n@decorated(\n    1,\n)\n# Still f.\ndef f():\n    pass\n"
    f = named("a.py", text, "f")
    assert (f.start_line, f.end_line, f.doc) == (4, 10, "About f.\nStill f.")


def test_a_comment_apart_from_a_definition_is_not_its_own() -> None:
    text = "# A remark about nothing in particular.\n\ndef f():\n    pass\n"
    assert cut("a.py", text) == [(1, 2, "module", ""), (3, 4, "function", "f")]


def test_a_comment_behind_code_does_not_belong_to_the_next_definition() -> None:
    text = "configure_all_of_it(1)  # soon\ndef f():\n    pass\n"
    assert cut("a.py", text) == [(1, 1, "module", ""), (2, 3, "function", "f")]


def test_a_docstring_is_the_doc_of_what_it_stands_in() -> None:
    text = """'''The file.'''
import os

class A:
    '''The class.'''

    def f(self):
        '''The method.

        More.'''
"""
    assert [c.doc for c in chunk("a.py", text)] == ["The file.", "The class.", "The method.\n\nMore."]


def test_a_signature_is_the_head_on_one_line() -> None:
    text = "def f(\n    a: dict = {},\n    b=(1, 2),\n) -> int:\n    return 1\n"
    assert named("a.py", text, "f").signature == "def f( a: dict = {}, b=(1, 2), ) -> int:"
    assert (
        named("a.go", "func f(a struct{ x int }) error {\n}\n", "f").signature
        == "func f(a struct{ x int }) error"
    )
    long = f"def f({', '.join(f'argument_{i}' for i in range(99))}): pass\n"
    assert len(named("a.py", long, "f").signature) == 200


def test_small_constants_are_one_chunk_with_all_their_names() -> None:
    text = "A = 1\nB = 2\n\n# About C.\nC = [\n    3,\n]\n\n\ndef f():\n    D = 4\n"
    first, second = chunk("a.py", text)
    assert (first.start_line, first.end_line, first.kind, first.symbol, first.names) == (
        1,
        9,
        "constant",
        "A",
        ("B", "C"),
    )
    assert (second.symbol, second.names) == ("f", ())


def test_a_long_constant_is_a_chunk_of_its_own() -> None:
    text = "A = 1\nTABLE = {\n" + '    "key": "value",\n' * 5 + "}\nB = 2\n"
    assert [(c.symbol, c.kind) for c in chunk("a.py", text)][:2] == [("A", "constant"), ("TABLE", "constant")]


def test_imports_and_constants_are_told_apart() -> None:
    imports = "".join(f"import module_{i}\n" for i in range(6))
    constants = "".join(f"CONSTANT_{i} = {i}\n" for i in range(6))
    assert [(c.kind, c.start_line, c.end_line) for c in chunk("a.py", imports + "\n" + constants)] == [
        ("module", 1, 7),
        ("constant", 8, 13),
    ]


def test_a_short_function_keeps_what_is_nested_in_it() -> None:
    text = "def outer():\n    def inner():\n        return 1\n    return inner\n"
    only = chunk("a.py", text)
    assert [(c.qualified_name, c.names) for c in only] == [("outer", ("inner",))]


def test_a_long_function_gives_its_long_nested_functions_away() -> None:
    inner = "    def inner():\n" + statements(20, "        ")
    text = "def outer():\n" + statements(40) + inner + statements(40)
    assert cut("a.py", text) == [
        (1, 41, "function", "outer"),
        (42, 62, "function", "outer.inner"),
        (63, 102, "function", "outer"),
    ]


def test_a_definition_of_two_screens_is_one_chunk() -> None:
    text = "def f():\n" + statements(LONGEST_LINES - 1)
    assert len(chunk("a.py", text)) == 1


def test_a_longer_definition_is_cut_between_statements_under_the_same_symbol() -> None:
    block = "    if ready:\n" + statements(9, "        ")
    text = "def f():\n    'Doc.'\n" + block * 20
    pieces = chunk("a.py", text)
    assert len(pieces) == 4
    lines = text.splitlines()
    for piece in pieces:
        assert (piece.kind, piece.qualified_name, piece.signature) == ("function", "f", "def f():")
        assert piece.end_line - piece.start_line < LONGEST_LINES
    assert [lines[piece.start_line - 1] for piece in pieces] == ["def f():"] + 3 * ["    if ready:"]
    assert [piece.doc for piece in pieces] == ["Doc.", "", "", ""]


def test_long_lines_make_a_definition_long() -> None:
    text = "def f():\n" + ("    call(" + "1, " * 300 + ")\n") * 40
    pieces = chunk("a.py", text)
    assert len(pieces) > 3
    lines = text.splitlines()
    assert all(sum(map(len, lines[p.start_line - 1 : p.end_line])) <= LONGEST_CHARACTERS for p in pieces)


def test_a_string_of_thousands_of_lines_is_cut_as_well() -> None:
    text = 'X = """\n' + "some words in a line\n" * 2_000 + '"""\n'
    assert max(c.end_line - c.start_line for c in chunk("a.py", text)) < LONGEST_LINES


def test_a_long_comment_leaves_its_end_with_the_definition() -> None:
    text = "/// A word about it.\n" * 150 + "pub struct Path(String);\n"
    pieces = chunk("a.rs", text)
    assert {piece.symbol for piece in pieces} == {"Path"}
    assert pieces[-1].end_line - pieces[-1].start_line >= 10


def test_two_definitions_on_a_line_share_a_chunk() -> None:
    only = chunk("a.js", "function a() {} function b() {}\n")
    assert [(c.start_line, c.end_line, {c.symbol, *c.names}) for c in only] == [(1, 1, {"a", "b"})]


def test_a_line_on_which_one_ends_and_the_next_begins_goes_to_the_next() -> None:
    text = "var a = {\n  b: function () {\n    return 1\n  }, c: function () {\n    return 2\n  }\n}\n"
    assert cut("a.js", text) == [(1, 1, "constant", "a"), (2, 3, "method", "a.b"), (4, 7, "method", "a.c")]


def test_a_definition_that_begins_on_its_containers_line_keeps_the_containers_name() -> None:
    text = "class A { a() {\n    return 1\n  }\n\n  b() {\n    return 2\n  }\n}\n"
    chunks = chunk("a.js", text)
    assert [(c.start_line, c.end_line, c.qualified_name) for c in chunks] == [(1, 4, "A.a"), (5, 8, "A.b")]
    assert chunks[0].names == ("A",)


def test_code_at_the_top_and_at_the_end_is_kept() -> None:
    text = "\n\nfirst_of_all_statements()\n\n\ndef f():\n    pass\n\n\nlast_of_all_statements()\n\n\n"
    assert cut("a.py", text) == [(1, 5, "module", ""), (6, 9, "function", "f"), (10, 12, "module", "")]


def test_an_empty_text_has_no_chunks_and_a_blank_one_is_kept() -> None:
    assert chunk("a.py", "") == []
    assert cut("a.py", "\n\n") == [(1, 2, "module", "")]
    assert cut("a.go", " ") == [(1, 1, "module", "")]


def test_a_class_whose_first_lines_stand_with_its_constants_answers_from_there():
    text = "module Utils\n  LIMIT = 3\n  TRIES = 5\n\n  def escape(s)\n    s\n  end\nend\n"
    first = chunk("u.rb", text)[0]
    assert (first.symbol, first.names) == ("LIMIT", ("Utils", "TRIES"))


def test_types_inside_a_function_answer_to_their_names_and_variables_do_not():
    text = "fn main() {\n    struct Inner { a: u8 }\n    const N: u8 = 1;\n    fn helper() {}\n}\n"
    (only,) = chunk("m.rs", text)
    assert (only.symbol, only.names) == ("main", ("Inner", "helper"))


def test_functions_and_classes_that_are_expressions_have_their_names():
    text = "export default make(function named(a) { return a });\nconst list = [class Shape {}];\n"
    assert {name for each in chunk("m.js", text) for name in (each.symbol, *each.names)} >= {"named", "Shape"}


def test_names_that_are_signs_or_computed_are_whole() -> None:
    found = {
        piece.symbol
        for piece in chunk("a.ex", "defmodule A do\n  def ~~~x, do: x\n  def a <~> b, do: a\nend\n")
    }
    assert {"~~~", "<~>"} <= found
    (piece,) = chunk("a.ts", "class Z { [Symbol.iterator]() { return 1; } }\n")
    assert "[Symbol.iterator]" in piece.names


def test_what_stands_within_a_line_that_is_not_understood_is_found() -> None:
    text = "fun interface Handler { fun handle(x: Int) }\nexpect class Platform() { fun name(): String }\n"
    found = {name for piece in chunk("a.kt", text) for name in (piece.symbol, *piece.names)}
    assert {"Handler", "handle", "Platform", "name"} <= found


def test_a_line_of_data_hides_no_function_beside_it() -> None:
    text = f'function before() {{}}\nvar data = "{"x" * 60_000}";\nfunction after() {{}}\n'
    pieces = chunk("a.js", text)
    assert [(piece.start_line, piece.end_line, piece.symbol) for piece in pieces] == [
        (1, 1, "before"),
        (2, 2, "data"),
        (3, 3, "after"),
    ]
    assert [piece.symbol for piece in chunk("b.js", "f(1);" * 20_000)] == [""]
