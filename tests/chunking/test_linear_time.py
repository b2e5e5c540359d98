"""Twice the text takes no chunker of ours more than twice the time, whatever the text."""

import gc
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import linear_time
from linear_time import Made, repeated
from wherein.chunking import chunker, definitions
from wherein.chunking.content import skip_by_content
from wherein.chunking.decode import decode
from wherein.chunking.formats import patterns
from wherein.chunking.naming import clean_doc, clean_name, signature
from wherein.chunking.parse import matches, parse
from wherein.languages import registry
from wherein.search.calls.sites import import_lines
from wherein.tokens import tokenize

FIXTURES = Path(__file__).parents[2] / "fixtures" / "languages"

LONG = "WHEREIN_TEST_LONG" in os.environ
SIZE = 30_000 if LONG else 10_000
"""Characters. What is quadratic takes a second for 30,000, a tenth for 10,000."""
QUICK = 0.2 if LONG else 0.06
"""Seconds of processor time for SIZE, below which nothing is doubled: what is linear takes a third."""

OPENERS = [
    *("{ ", "{\n", "(((", "[\n", "<<EOF\n", "RUN <<A <<B\n", "'", '"\n', '"""\n', "`", "```\n", "~~~\n", "/*\n", "/* "),
    *("<!--\n", "<div>\n", "<div ", "<", "<script>\n", "<style>\n", "<![CDATA[\n", "<%", "{{", "{%", "${", "<a b='"),
    *("a = [\n", 'a = """\n', "a: |\n", "- ", "define a\n", "FROM a\n", "RUN a \\\n", "$a$\n", "BEGIN\n", "CASE "),
    *("SELECT (", "CREATE TABLE a (\n", "=begin\n", "(*\n", "{-\n", "#|\n", "--[[\n", '{"a":', "[1,", "{" * 400 + "\n"),
    *('{"cells": [{"cell_type": "code", "source": [', "\\begin{a}\n", "\\section{", "....\n", "|===\n", "@media {\n"),
]  # fmt: skip
OTHERS = [
    *("}\n", "]", "*/\n", "-->\n", "</div>\n", "#\n", "# a\n", "## a\n", "a\n===\n", "===\n", "---\n", "a:\n", " a:\n"),
    *("a: b\n", "- a\n", "a = 1\n", "[a]\n", "a.", "a, ", "a ", "  ", "\t", "\\\n", "a\\\n", ";", "::\n", "\n"),
    *("|a|b|\n", "+--+\n", "*", "**a", "_", "00:00:00.000 --> 00:00:01.000\n", "endef\n", "END;\n", "é", "\u0301"),
    *("a::b::", "static ", "public static ", "a\t=", "url(", "@a ", "aA", "a1", "A", "0", "end\n", "x <- function("),
]  # fmt: skip

COMMENTS = {"# a\n": ("bash", "elixir", "python", "ruby"), "-- a\n": ("haskell", "lua")}

FORMATS: dict[str, str] = {}
for _name in registry.names():
    if (_chunker := registry.get(_name).chunker) not in ("definitions", "patterns"):
        FORMATS.setdefault(_chunker, _name)
WITH_PATTERNS = [name for name in registry.names() if registry.get(name).patterns]
WITH_GRAMMAR = [
    name
    for name in registry.names()
    if registry.get(name).chunker == "definitions" and (FIXTURES / name).is_dir()
]


@pytest.fixture(scope="module", autouse=True)
def _only_what_is_made_here_is_collected() -> None:
    """Looking through what earlier tests left takes as long as what is measured."""
    gc.collect()
    gc.freeze()


def assert_linear(
    work: Callable[[Made], object], made: Callable[[int], Made], *, size: int = SIZE, quick: float = QUICK
) -> None:
    linear_time.assert_linear(work, made, size=size, quick=quick)


def halves(first: str, second: str) -> Callable[[int], str]:
    return lambda size: repeated(first)(size // 2) + repeated(second)(size // 2)


@pytest.mark.parametrize("name", [name for chunker, name in FORMATS.items()])
def test_of_a_format(name):
    language = registry.get(name)
    chosen = random.Random(name)

    def work(text: str) -> object:
        return chunker.chunk("", text, language)

    for opener in OPENERS:
        assert_linear(work, repeated(opener))
        assert_linear(work, repeated(opener, chosen.choice(OTHERS)))
        assert_linear(work, halves(opener, chosen.choice(OTHERS + OPENERS)))
    for other in OTHERS:
        assert_linear(work, repeated(other))


@pytest.mark.parametrize("name", WITH_PATTERNS)
def test_of_patterns(name):
    """They see no more of a line than its beginning: lines that are as long as that are the worst there is."""
    language = registry.get(name)
    for piece in OPENERS + OTHERS:
        flat = piece.replace("\n", " ")
        line = (flat * patterns.MATCHED_CHARACTERS)[: patterns.MATCHED_CHARACTERS - 1]
        assert_linear(lambda text: patterns.chunk(text, language), repeated(line + "!\n"), quick=0.75 * QUICK)


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_of_definitions(name):
    """What is around the parser; what a parser makes of broken code is not ours, and bounded."""
    language = registry.get(name)
    sample = max(
        (file.read_text("utf-8") for file in (FIXTURES / name).iterdir() if file.suffix != ".outline"),
        key=len,
    )
    comment = next((mark for mark, names in COMMENTS.items() if name in names), "// a\n")
    for text_of in (
        repeated(sample),
        lambda size: repeated(comment)(size) + sample,
        lambda size: repeated(comment)(size) + repeated(sample)(size),
    ):
        assert_linear(lambda text: definitions.chunk(text, language), text_of)


NESTED = {
    "elixir": ["a?b:\n", "x |> ", "[a: ", "f a, ", "def f(a) do\n", "@a b\n", "a when ", "%{a: ", "fn -> "],
    "ruby": [
        "re ",
        'describe "a" do\n',
        "it {",
        "f(:a, ",
        "a ? b : ",
        "module A;",
        "-> { ",
        "x = ",
        "a.b(c ",
    ],
}


@pytest.mark.parametrize("name", NESTED)
def test_of_what_a_query_finds_in_code_that_is_nested_ever_deeper(name):
    language = registry.get(name)
    for piece in NESTED[name]:
        text_of = repeated(piece)
        assert_linear(
            lambda tree: matches(tree, language.query),
            lambda size, text_of=text_of: parse(text_of(size).encode(), language),
            size=5 * SIZE,
        )


def test_what_stands_beside_a_crowd_of_tokens_without_sense_is_found():
    text = "def before do\n  1\nend\n" + "fn -> " * 3_000 + "\ndef after_it do\n  2\nend\n"
    language = registry.get("elixir")
    found = matches(parse(text.encode(), language), language.query)
    assert b"before" in {node.text for _, captures in found for node in captures.get("name", [])}


@pytest.mark.parametrize("name", [name for name in registry.names() if registry.get(name).imports])
def test_of_imports(name):
    language = registry.get(name)
    heads = [
        "import ",
        "from a import (",
        "export ",
        "use a",
        "pub(",
        "pub(a ",
        "require",
        "using ",
        "'",
        "\n ",
        " ",
    ]
    for head in heads:
        assert_linear(lambda text: import_lines(text, language), repeated(head))
        assert_linear(lambda text: import_lines(text, language), repeated(head, "\n"))


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda text: decode(text.encode()), id="decode"),
        pytest.param(lambda text: decode(text.encode() + b"\xff\xe9"), id="decode what is no UTF-8"),
        pytest.param(lambda text: skip_by_content("a.md", text, registry.get("markdown")), id="content"),
        pytest.param(tokenize, id="tokenize"),
        pytest.param(clean_name, id="name"),
        pytest.param(clean_doc, id="doc"),
        pytest.param(lambda text: signature(text.encode(), 0, 5, len(text)), id="signature"),
    ],
)
def test_of_a_step(work):
    for piece in [*OPENERS, *OTHERS, "a<", "<a", "-*- coding: ", "aB", "a\u0301", "가", "ﷺ", "operator<"]:
        assert_linear(work, repeated(piece))
        assert_linear(work, repeated(piece, "\n"))
