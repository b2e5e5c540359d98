"""Citations are resolved, or taken out, while the text streams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein_server.explain.citations import CitationFilter


def run(text, size=1_000, known=(1, 2, 3)):
    citations = CitationFilter(known)
    out = (
        "".join(citations.feed(text[at : at + size]) for at in range(0, len(text), size)) + citations.finish()
    )
    return out, list(citations.cited), list(citations.dropped)


@pytest.mark.parametrize(
    ("text", "shown", "cited", "dropped"),
    [
        ("It adds [1].", "It adds [1].", [1], []),
        ("It adds [9].", "It adds.", [], [9]),
        ("Both [2][1] and [2].", "Both [2][1] and [2].", [2, 1], []),
        ("All [1, 2; 7].", "All [1][2].", [1, 2], [7]),
        ("A range [1-3] and [2\u20135].", "A range [1][2][3] and [2][3].", [1, 2, 3], [4, 5]),
        ("None [0].", "None.", [], [0]),
        ("Code `a[9]` stays.", "Code `a[9]` stays.", [], []),
        ("```py\nx[9]\n```\nafter [9] [1]", "```py\nx[9]\n```\nafter [1]", [1], [9]),
        ("values[9] in prose", "values[9] in prose", [], []),
        ("word[1] attached", "word[1] attached", [1], []),
        ("a link [1](http://evil.example)", "a link [1]", [1], []),
        ("a link [text](http://x.example)", "a link [text](http://x.example)", [], []),
        ("open `tick [1]\n\nnext paragraph [2]", "open `tick [1]\n\nnext paragraph [2]", [2], []),
        ("unfinished [1", "unfinished [1", [], []),
        ("[x] [ ] [1a] [-1]", "[x] [ ] [1a] [-1]", [], []),
        ("", "", [], []),
        ("ends with space  ", "ends with space  ", [], []),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_sources_stay_and_what_is_none_goes(text, shown, cited, dropped, size):
    assert run(text, size) == (shown, cited, dropped)


def test_nothing_is_held_back_longer_than_a_citation_may_be():
    citations = CitationFilter([1])
    out = citations.feed("[" + "1," * 2_000)
    assert len(out) > 3_900


@given(st.text(alphabet="[]()123,- `\nab", max_size=60), st.integers(1, 5))
def test_how_the_text_is_cut_into_pieces_changes_nothing(text, size):
    assert run(text, size) == run(text)
