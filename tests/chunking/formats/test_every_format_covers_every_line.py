"""What holds for any format and any text: each line is in one chunk, in order, and nothing is slow."""

import os
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wherein.chunking import chunker
from wherein.chunking.lines import split_lines
from wherein.languages import registry

FORMATS = [name for name in registry.names() if registry.get(name).chunker not in ("definitions", "patterns")]
PATTERNS = [name for name in registry.names() if registry.get(name).chunker == "patterns"]
FORMATS = sorted(
    {registry.get(name).chunker: name for name in [*PATTERNS, "dart", *FORMATS, "scss"]}.values()
)

PIECES = {
    "markdown": "# a|## b|```|~~~|---|===|<!--|-->|- x|> y|    z|<pre>|</pre>",
    "rst": "Title|=====|-----|.. class:: A(b)|   .. method:: c|.. _x:|::|   y",
    "html": "<h1>a</h1>|<h2>|<script>|</script>|<style>|</style>|<nav id=a>|<!--|-->|x {|}",
    "css": ".a {|}|/*|*/|color: red;|\"|'|@media x {|url(|$a: 1;|// x",
    "sql": "CREATE TABLE a (b int);|CREATE FUNCTION f()|BEGIN|END;|$$|'|--|/*|GO|DELIMITER //|//|case",
    "tables": '[a]|[[a.b]]|x = [|]|"""|\'\'\'|# c|y = 1|[a."b"]',
    "yaml": "a:|  b: 1|- c|---|kind: X|metadata:|  name: y|jobs:|# d|    e: >|\tf",
    "json": '{|}|[|]|"a": 1,|"b": {|"|,|:|//|/*|*/|\\',
    "dockerfile": "FROM a AS b|RUN <<EOF|EOF|RUN x \\|# c",
    "makefile": "a: b|\tc|X := 1|define d|endef|.PHONY: e|# f|Y = \\|::|=|:",
    "transcripts": "WEBVTT|00:00:01.000 --> 00:00:02.000|1|00:59:00,000 --> 01:00:00,000|-->|A: b",
    "notebook": '{"cells": [|{"source": ["a\\n",|"b"],|"outputs": [|]|},|]}|"source": "x"|"a": 1,',
    "patterns": "class A {|  void f() {|}|// c|* a|** b",
    "lines": "a|    b|}",
}
"""For each chunker, lines made to confuse it."""

LONG = "WHEREIN_TEST_LONG" in os.environ
MOST_SECONDS = 2.0
"""Of processor time, for a megabyte."""


@cache
def lines_of(name):
    line = st.one_of(st.sampled_from(PIECES[registry.get(name).chunker].split("|")), st.text(max_size=12))
    return st.lists(line, max_size=130)


def assert_covered(text, name):
    chunks = chunker.chunk("", text, registry.get(name))
    covered = [line for chunk in chunks for line in range(chunk.start_line, chunk.end_line + 1)]
    assert covered == list(range(1, len(split_lines(text)) + 1))
    return chunks


def seconds_to_cover(text, name):
    started = time.process_time()
    assert_covered(text, name)
    return time.process_time() - started


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=50 if LONG else 20, deadline=None)
@given(data=st.data())
def test_each_line_is_in_exactly_one_chunk(name, data):
    lines = data.draw(lines_of(name))
    newline = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    assert_covered(newline.join(lines), name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        " " * 1_000_000 + "x",
        '"a' * 300_000,
        "\\\"'" * 200_000,
        "/*" * 300_000,
        "<!--<h1" * 100_000,
        "$$'$a$" * 100_000,
        "[{(" * 200_000,
        "#\n" * 50_000,
        "a: [\n" * 40_000,
        "{\n" * 50_000,
        "```x\n" * 50_000,
        "<script>\n" * 30_000,
        "create function a() begin\n" * 20_000,
        "a\n=\n" * 40_000,
        "\n" * 100_000,
        "- " * 200_000,
        "\x00\x01\ufffd\n" * 20_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_is_slow(name, text):
    """What takes the square of its length, and too long, takes a sixteenth of that for a quarter: then all is tried."""
    eighth = len(text) // 8
    if seconds_to_cover(text[:eighth] + text[-eighth:], name) > MOST_SECONDS / 16 or LONG:
        assert seconds_to_cover(text, name) < MOST_SECONDS
