"""Code in colours: what a snippet begins in the middle of, and how much of a line is shown."""

import pytest

from linear_time import assert_linear, repeated
from wherein.hit import Hit
from wherein_server.serve.api.shown import result
from wherein_server.serve.highlight import LONGEST_LINE, highlighted
from wherein_server.unfinished import unfinished


@pytest.mark.parametrize(
    ("before", "language", "opened"),
    [
        ('def f():\n    """Waits for', "python", '"""'),
        ('def f():\n    """Waits."""\n', "python", ""),
        ('x = \'"""\'  # it\'s """ here\n', "python", ""),
        ("x = '''one \"\"\" two", "python", "'''"),
        ("/* for\n * if", "go", "/*"),
        ('/* for */ x = "/*"; // /* not\n', "rust", ""),
        ("const s = `for ${x}\n", "typescript", "`"),
        ("-- /* for", "sql", ""),
    ],
)
def test_what_is_open_before_a_part_of_a_text_is_known(before, language, opened):
    assert unfinished(before, language) == opened


@pytest.mark.parametrize("text", ['\\"', "\\'", '"', "'", "/*", "`", "\"'", "x"])
@pytest.mark.parametrize("language", ["python", "c"])
def test_what_is_open_is_known_in_linear_time(text, language):
    assert_linear(lambda given: unfinished(f'"{given}', language), repeated(text), size=40_000, quick=0.1)


def hit(text, language="python"):
    return Hit(
        repository="r", path="a.py", start_line=10, end_line=10 + text.count("\n"), symbol="f", qualified_name="f",
        kind="function", language=language, score=1.0, text=text, line=10, column=1,
    )  # fmt: skip


def test_words_of_a_documentation_are_no_keywords_though_its_beginning_is_left_out():
    words = "\n".join(f"    word {number}" for number in range(20))
    text = f'def f():\n    """Begins.\n{words}\n    until the gate opens for a while if asked\n    """\n    return 1\n'
    shown = result(hit(text), ["gate", "opens"], None)
    (line,) = (line for line in shown.lines if "gate" in "".join(piece for _, piece in line.pieces))
    assert line.after_gap or line.number > 20
    assert {kind for kind, piece in line.pieces if piece.strip()} == {"s"}


def test_a_long_comment_keeps_its_colour_to_its_end():
    words = [f" * until {number} for a while" for number in range(400)]  # more than a lexer gets at once
    rows = highlighted(["/*", *words, " */", "return 1"], "go")
    assert {kind for row in rows[:-1] for kind, _ in row} == {"c"}
    assert rows[-1][0] == ("k", "return")


def test_what_is_left_out_of_a_long_line_is_told():
    shown = result(hit("x = 1" + " + 1" * 1000), [], None)
    (line,) = shown.lines
    assert len("".join(piece for _, piece in line.pieces)) == LONGEST_LINE
    assert line.cut == 4005 - LONGEST_LINE


def test_a_comment_in_the_last_line_is_one_to_its_end():
    line = "/// [`Regex`](https://example.org/regex/*/regex.html)"
    for rows in (highlighted([line], "rust"), highlighted(["fn f() {", line], "rust")):
        assert len({kind for kind, _ in rows[-1]}) == 1
        assert "".join(text for _, text in rows[-1]) == line
    assert [["".join(text for _, text in row)] for row in highlighted(["// a", "", "x"], "c")] == [
        ["// a"],
        [""],
        ["x"],
    ]
