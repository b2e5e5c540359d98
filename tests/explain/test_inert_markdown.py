"""What a model says is text. A parser of CommonMark and GitHub's tables is the referee."""

import random

import pytest
from markdown_it import MarkdownIt

from linear_time import assert_linear, repeated
from wherein_server.explain.inert import InertMarkdown, code_span, inert, inert_name

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
LIVING = {"link_open", "image", "html_block", "html_inline"}

PIECES = [
    "[1]", "[x](http://evil)", "![i](http://evil/i.png)", "](http://evil)", "[", "]", "(", ")",
    "[1]: http://evil", "<img src=x>", "<b", ">", "`", "``", "```", "~~~", "\n", "\n\n", "    ", "- ",
    "1. ", "> ", "| ", "|-|\n", "\\", "\\\\", "word", "a[0]", " ", "<http://evil>", "<!-- ", "-->", "# ",
    "\t", "www.evil.com", "[a][b]", "[b]: <e>", "x `y` z", "(http://evil)", "![", "\r\n",
]  # fmt: skip


def living(text: str) -> list[str]:
    """What in it a preview would load, follow or run."""
    tokens = [token for block in PARSER.parse(text) for token in (block, *(block.children or ()))]
    return [token.type for token in tokens if token.type in LIVING]


def streamed(text: str, chance: random.Random) -> str:
    stream, out, at = InertMarkdown(), "", 0
    while at < len(text):
        size = chance.randint(1, 9)
        out += stream.feed(text[at : at + size])
        at += size
    return out + stream.finish()


def test_nothing_that_a_model_can_write_lives_however_it_is_cut_into_pieces():
    chance = random.Random(3)
    for _ in range(4_000):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 14)))
        for made in (inert(text), streamed(text, chance)):
            assert not living(made), (text, made)
            assert not living(made + "\nbeside\n[1] `x`"), (text, made)


@pytest.mark.parametrize(
    "text",
    [
        r"a \`![i](http://evil/i.png)` b",  # what is escaped opens no code, wherever the stream is cut
        r"a \``![i](http://evil/i.png)` b",
        r"a \`` x ``` <img src=x> ` b",
        r"a \\`x ![i](http://evil/i.png)",
    ],
)
def test_a_backslash_before_a_backtick_is_read_as_who_shows_it_reads_it(text):
    stream = InertMarkdown()
    by_letters = "".join(map(stream.feed, text)) + stream.finish()
    for made in (inert(text), by_letters):
        assert not living(made), made


@pytest.mark.parametrize(
    "text",
    [
        "It calls `send(a[0])` [1], see [2].\n",
        "1. First `x`\n2. **Second**: a_b and c*d\n",
        "```python\nprint('[x](y)', a < b)  # http://x\n```\nAfter [1].\n",
        "`` a ` b `` is code\n",
        "x < y and y > z: 3 / 4 // 5\n",
    ],
)
def test_what_models_usually_write_stays_as_it_is(text):
    assert inert(text) == text


def test_text_comes_word_by_word_and_not_line_by_line():
    stream = InertMarkdown()
    assert stream.feed("The function ") == "The function "
    assert stream.feed("follows `red") == "follows "
    assert stream.feed("irects` and ") == "`redirects` and "


def test_addresses_are_no_links_to_who_looks_for_them():
    made = inert("See http://evil.example, www.evil.example, a@evil.example and //evil.example/x.")
    for live in ("http://", "www.evil", "a@evil", " //evil"):
        assert live not in made
    plain = "".join(token.content for block in PARSER.parse(made) for token in block.children or ())
    assert plain == "See http://evil.example, www.evil.example, a@evil.example and //evil.example/x."


def test_code_that_is_not_closed_ends_with_the_answer():
    assert inert("```js\nx()") == "```js\nx()\n```\n"
    assert inert("   ~~~\nx\n   ~~~\n[a](b)") == "~~~\nx\n~~~\n[a]\\(b)"
    assert inert("```mermaid\nclick A\n```\n").startswith("```\n")


def test_no_character_steers_the_screen():
    made = inert("a\x1b[31mb\u202ec\x9bd\x07 `\x1b]8;;http://evil\x07x`\r\nnext")
    assert not {*"\x1b\u202e\x9b\x07\r"} & set(made)


@pytest.mark.parametrize(
    "name", ["x ](http:/e/a) ![i](http:/e) [2] y.py", "a`b``c", "`", "<b>|x|", "n\nm\x1b[1m", "a*b_c"]
)
def test_a_name_is_shown_as_it_is_and_does_nothing(name):
    for made in (f"- [{inert_name(name)}:3](file:///x) {code_span(name)}", f"# {inert_name(name)}"):
        assert living(made) in ([], ["link_open"])
        assert made.count("\n") == 0
    text = [
        token.content
        for block in PARSER.parse(code_span(name))
        for token in block.children or ()
        if token.content
    ]
    assert text == [name.replace("\n", "␊").replace("\x1b", "␛")]


@pytest.mark.parametrize("piece", ["` a", "`a``b```c", "[a](b)", "<", "a@b", "`|a", "\\`a", "``", "x"])
def test_twice_the_answer_takes_no_more_than_twice_the_time(piece):
    def by_pieces(text: str) -> None:
        stream = InertMarkdown()
        for at in range(0, len(text), 7):
            stream.feed(text[at : at + 7])
        stream.finish()

    for work in (inert, by_pieces):
        assert_linear(work, repeated(piece), size=40_000, quick=0.1)
