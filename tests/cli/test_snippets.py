"""Which lines of a hit are shown."""

from dataclasses import replace
from types import SimpleNamespace

from wherein import tokens
from wherein.hit import Hit
from wherein_server.cli.context import context
from wherein_server.cli.hits import _highlighted, first_line
from wherein_server.cli.snippets import Line, snippet

LONG = "\n".join(
    ["def handle(request):", *(f"    step_{i} = {i}" for i in range(40)), "    return answer", ""]
)
LONG = LONG.replace("    step_30 = 30", "    follow_redirect(response.location)")


def hit(text: str, start: int = 1, symbol: str = "") -> Hit:
    lines = text.removesuffix("\n").count("\n")
    return Hit("r", "a.py", start, start + lines, symbol, symbol, "function", "python", 1.0, text)


def terms(query: str) -> list[str]:
    return tokens.terms(query)


def test_a_short_chunk_is_shown_whole_without_blank_ends():
    shown = snippet("\n\ndef f():\n\n    return 1\n\n", 10)
    assert [(line.number, line.text) for line in shown] == [(12, "def f():"), (13, ""), (14, "    return 1")]


def test_a_long_chunk_shows_its_head_and_the_lines_that_answer():
    shown = snippet(LONG, 100, terms("where are redirects followed"), most=6)
    assert len(shown) == 6
    assert shown[0].text == "def handle(request):"
    assert shown[1].after_gap
    assert any("follow_redirect" in line.text and line.number == 131 for line in shown)


def test_without_terms_a_long_chunk_shows_its_beginning():
    shown = snippet(LONG, 1, most=4)
    assert [line.number for line in shown] == [1, 2, 3, 4]
    assert not any(line.after_gap for line in shown)


def test_an_answer_near_the_head_leaves_no_gap():
    shown = snippet(LONG, 1, terms("handle step 1"), most=6)
    assert [line.number for line in shown] == [1, 2, 3, 4, 5, 6]


def test_a_blank_chunk_shows_nothing():
    assert snippet("\n  \n", 1) == []


def test_line_ends_of_windows_are_not_shown():
    assert [line.text for line in snippet("a = 1\r\nb = 2\r\n", 1)] == ["a = 1", "b = 2"]


def test_context_reaches_beyond_the_hit_where_the_file_is_as_it_was(tmp_path):
    (tmp_path / "a.py").write_text("import os\n\n\ndef f():\n    return 1\n\n\nx = f()\n")
    found = context(hit("def f():\n    return 1\n", 4), terms("def f"), 2, tmp_path)
    assert [line.number for line in found] == [2, 3, 4, 5, 6]


def test_context_stays_in_the_hit_when_the_file_has_changed_or_gone(tmp_path):
    (tmp_path / "a.py").write_text("something else entirely\n" * 9)
    for root in (tmp_path, tmp_path / "missing", None):
        found = context(hit("def f():\n    return 1\n", 4), terms("def f"), 2, root)
        assert [line.number for line in found] == [4, 5]


def test_context_does_not_read_through_a_symbolic_link(tmp_path):
    (tmp_path / "real.py").write_text("secret\ndef f(): ...\nsecret\n")
    (tmp_path / "a.py").symlink_to(tmp_path / "real.py")
    found = context(hit("def f(): ...", 2), terms("f"), 1, tmp_path)
    assert [line.text for line in found] == ["def f(): ..."]


def test_the_line_of_the_name_is_shown_not_what_stands_above_it():
    text = "".join(f"// About it, {i}.\n" for i in range(20)) + LONG
    lines = snippet(text, 1, (), named=21)
    assert [line.number for line in lines] == list(range(21, 29))
    lines = snippet(text, 1, terms("follow redirect"), named=21)
    assert lines[0].text == "def handle(request):"
    assert any("follow_redirect" in line.text for line in lines)
    text = "// A zebra.\n// Stripes.\n" + text
    lines = snippet(text, 1, terms("zebra stripes"), named=23)
    assert (lines[0].number, lines[-1].number, lines[-1].after_gap) == (1, 23, True)


def test_the_column_is_that_of_the_symbol_in_bytes():
    shown = replace(hit("@größe\nclass Größe: pass", 5, "Größe"), line=6, column=7)
    assert first_line(shown) == (6, 7, "class Größe: pass")
    assert first_line(replace(hit("é = ü(name)", 1, "name"), line=1, column=7)) == (1, 9, "é = ü(name)")
    assert first_line(hit("", 3)) == (3, 1, "")


def test_a_line_that_no_screen_shows_is_not_coloured_whole(monkeypatch):
    import pygments.lexers.php

    coloured = []
    lexed = pygments.lexers.php.PhpLexer.get_tokens_unprocessed
    monkeypatch.setattr(
        pygments.lexers.php.PhpLexer,
        "get_tokens_unprocessed",
        lambda self, text, *more: coloured.append(len(text)) or lexed(self, text, *more),
    )
    lines = [Line(number, '$needle = "' + "needle {$a " * 20_000) for number in range(1, 30)]
    rows = _highlighted(lines, SimpleNamespace(language="php", start_line=1, text=""), 200)
    assert [len(row) for row in rows] == [201] * 29
    assert coloured
    assert max(coloured) <= 8_200


def colours(row):
    seen = {str(span.style) for span in row.spans if row.plain[span.start : span.end].strip()}
    return seen - {"on default"}


def test_what_begins_in_lines_that_are_not_shown_colours_those_that_are():
    text = 'def f():\n    """\n    Of all.\n    Of more.\n    """\n    return 1\n'
    numbers = (1, 4, 5, 6)
    shown = [Line(at, text.split("\n")[at - 1], after_gap=at == 4) for at in numbers]
    rows = _highlighted(shown, hit(text), 100)
    assert [row.plain for row in rows] == [line.text for line in shown]
    assert colours(rows[1]) == colours(rows[2])  # of the text, to its end
    assert colours(rows[3]).isdisjoint(colours(rows[1]))
    c = replace(hit("int f() {\n    /* one\n       two\n       three */\n    return 1;\n}\n"), language="c")
    two, code = (
        _highlighted([Line(at, c.text.split("\n")[at - 1], after_gap=True)], c, 100)[0] for at in (3, 5)
    )
    assert two.plain == "       two"
    assert colours(two).isdisjoint(colours(code))
