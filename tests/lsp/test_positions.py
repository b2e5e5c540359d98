"""Lines and columns, in whatever units; and where a line went in a buffer with unsaved changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein.errors import ConfigError
from wherein_server.lsp.positions import LineMap, line_of, line_range, split_lines, units

LINE = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=20)
LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  x"]), min_size=1, max_size=30)


@given(LINE)
def test_columns_are_counted_in_the_units_of_the_encoding(line):
    assert units(line, "utf-32") == len(line)
    assert units(line, "utf-8") == len(line.encode())
    assert units(line, "utf-16") == len(line.encode("utf-16-le")) // 2


def test_a_character_beyond_the_basic_plane_is_two_utf_16_units():
    assert [units("x😋é", encoding) for encoding in ("utf-8", "utf-16", "utf-32")] == [7, 4, 3]


@given(st.lists(LINE, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_end_where_the_protocol_says_and_nowhere_else(lines, end):
    assert split_lines(end.join(lines)) == lines


@given(LINES)
def test_in_an_unchanged_text_every_line_stays(lines):
    moved = LineMap(lines, lines)
    for line in range(1, len(lines) + 1):
        assert moved.forward(line) == moved.back(line) == line


@given(LINES, LINES, st.integers(-5, 100))
def test_whatever_changed_a_line_is_mapped_to_one_that_exists(before, after, line):
    moved = LineMap(before, after)
    assert 1 <= moved.forward(line) <= len(after)
    assert 1 <= moved.back(line) <= len(before)


@given(LINES, LINES, LINES)
def test_lines_below_an_insertion_move_by_its_length(head, inserted, tail):
    before = [f"h{i}" for i in range(len(head))] + [f"t{i}" for i in range(len(tail))]
    after = before[: len(head)] + [f"new {i}" for i in range(len(inserted))] + before[len(head) :]
    moved = LineMap(before, after)
    for line in range(1, len(before) + 1):
        shift = len(inserted) if line > len(head) else 0
        assert moved.forward(line) == line + shift
        assert moved.back(line + shift) == line
    for line in range(len(head) + 1, len(head) + len(inserted) + 1):
        assert moved.back(line) == len(head)


def test_a_line_that_moved_among_changes_is_followed():
    before = ["one", "two", "def f():", "    pass", "three"]
    after = ["zero", "def f():", "    pass", "four", "five"]
    assert LineMap(before, after).forward(3) == 2
    assert LineMap(before, after).back(2) == 3


def test_large_changes_are_mapped_quickly():
    before = [f"line {i % 7}" for i in range(30_000)]
    after = [f"other {i % 5}" for i in range(30_000)]
    assert 1 <= LineMap(before, after).back(15_000) <= 30_000


@pytest.mark.parametrize(
    "position",
    [
        None,
        3,
        "0:0",
        [],
        {},
        {"line": -1},
        {"line": 1.5},
        {"line": True},
        {"line": 2**31},
        {"line": 0, "character": -1},
    ],
)
def test_what_is_no_position_is_refused(position):
    with pytest.raises(ConfigError):
        line_of(position)


def test_a_position_s_line_is_counted_from_1_by_us():
    assert line_of({"line": 0, "character": 5}) == 1
    assert line_range(1, 2, "é", "utf-8") == {
        "start": {"line": 0, "character": 0},
        "end": {"line": 1, "character": 2},
    }
