"""Whatever the text, its chunks cover each line once, in order."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wherein.chunking.chunk import Chunk
from wherein.chunking.chunker import chunk
from wherein.chunking.lines import split_lines
from wherein.languages import registry

LONG = "WHEREIN_TEST_LONG" in os.environ
SHARE = 1 if LONG else 3
"""Texts are as long as this part of those in the long form."""

FIXTURES = Path(__file__).parents[2] / "fixtures" / "languages"
WITH_GRAMMAR = [name for name in registry.names() if registry.get(name).grammar]
SNIPPETS = {
    folder.name: [
        file.read_text(encoding="utf-8") for file in sorted(folder.iterdir()) if file.suffix != ".outline"
    ]
    for folder in sorted(FIXTURES.iterdir())
}
EVERY_SNIPPET = [snippet for snippets in SNIPPETS.values() for snippet in snippets]
FRAGMENTS = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "'",
    '"',
    "`",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "#",
    "//",
    "/*",
    "*/",
    "--",
    "<",
    ">",
    ";",
]
FRAGMENTS += [
    "=",
    "\\",
    "def ",
    "class ",
    "end\n",
    "if ",
    "\x00",
    "\x0c",
    "\u2028",
    "é",
    "😀",
    "\ud800",
    "\ufeff",
    "\r",
]


def assert_covered(text: str, chunks: list[Chunk]) -> None:
    expected = 1
    for piece in chunks:
        assert piece.start_line == expected
        assert piece.end_line >= piece.start_line
        assert len(piece.signature) <= 200
        assert "\n" not in piece.signature + piece.symbol + piece.qualified_name
        expected = piece.end_line + 1
    assert expected == len(split_lines(text)) + 1


@st.composite
def damaged(draw: st.DrawFn, snippets: list[str]) -> str:
    """Real code, cut off, with pieces moved, dropped, doubled and put in between."""
    text = draw(st.sampled_from(snippets))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        stop = draw(st.integers(start, min(len(text), start + 200)))
        match draw(st.sampled_from(["drop", "double", "truncate", "insert", "mix"])):
            case "drop":
                text = text[:start] + text[stop:]
            case "double":
                text = text[:stop] + text[start:]
            case "truncate":
                text = text[:stop]
            case "insert":
                text = text[:start] + draw(st.sampled_from(FRAGMENTS)) + text[start:]
            case "mix":
                text = text[:start] + draw(st.sampled_from(EVERY_SNIPPET)) + text[start:]
    return text


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_of_damaged_code(name: str) -> None:
    language = registry.get(name)

    @settings(max_examples=40 if LONG else 20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(SNIPPETS.get(name) or EVERY_SNIPPET))
    def check(text: str) -> None:
        assert_covered(text, chunk("file", text, language))

    check()


@pytest.mark.parametrize("name", WITH_GRAMMAR)
def test_of_random_text(name: str) -> None:
    language = registry.get(name)

    @settings(max_examples=30 if LONG else 15, deadline=None)
    @given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5))).map("".join))
    def check(text: str) -> None:
        assert_covered(text, chunk("file", text, language))

    check()


@pytest.mark.parametrize("name", WITH_GRAMMAR)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * (100_000 // SHARE), id="brackets"),
        pytest.param("{\n" * (20_000 // SHARE), id="braces"),
        pytest.param("class A {\n" * (3_000 // SHARE), id="classes"),
        pytest.param("a<\n" * (3_000 // SHARE), id="angles"),
        pytest.param('"' * (10_001 // SHARE), id="quotes"),
        pytest.param("a = 1;" * (170_000 // SHARE), id="one very long line"),
        pytest.param("a = b + c;\n" * (10_000 // SHARE), id="statements"),
        pytest.param("\n" * (50_000 // SHARE), id="blank lines"),
    ],
)
def test_of_what_nobody_writes(name: str, text: str) -> None:
    assert_covered(text, chunk("file", text, registry.get(name)))


@pytest.mark.parametrize("name", ["csharp", "java"])
def test_of_generics_without_end(name: str) -> None:
    text = "a<\n" * (100_000 // SHARE)
    assert_covered(text, chunk("file", text, registry.get(name)))


@pytest.mark.parametrize("name", WITH_GRAMMAR)
@pytest.mark.parametrize("inserted", ["{" * 50, "(" * 50, "[" * 50, "<" * 50, '"' * 51, "=> " * 50])
def test_of_code_with_many_brackets_in_the_middle(name: str, inserted: str) -> None:
    language = registry.get(name)
    for snippet in SNIPPETS.get(name, ()):
        for position in (30, len(snippet) // 2):
            text = snippet[:position] + inserted + snippet[position:]
            assert_covered(text, chunk("file", text, language))
