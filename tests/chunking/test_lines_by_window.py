from hypothesis import given
from hypothesis import strategies as st

from wherein.chunking.lines import (
    LAST_WINDOW_LINES,
    WINDOW_CHARACTERS,
    WINDOW_LINES,
    chunk,
    split_lines,
    windows,
)
from wherein.languages import registry

TEXT = registry.get("text")


def test_lines_end_at_newlines_only():
    assert split_lines("a\r\nb\x0bc\x85d\u2028e\rf\n") == ["a\r", "b\x0bc\x85d\u2028e\rf"]
    assert split_lines("a\n\n") == ["a", ""]
    assert split_lines("\n") == [""]
    assert split_lines("") == []


@given(st.text(alphabet="a \n\r"))
def test_joined_lines_are_the_text_again(text):
    joined = "\n".join(split_lines(text))
    assert text in (joined, joined + "\n")


def test_a_short_text_is_one_chunk_and_an_empty_one_none():
    (only,) = chunk("one\ntwo\n", TEXT)
    assert (only.start_line, only.end_line, only.kind, only.symbol) == (1, 2, "text", "")
    assert chunk("", TEXT) == []


def test_a_window_begins_after_the_blank_line_rather_than_inside_a_paragraph():
    paragraph = ["word"] * 9 + [""]
    starts = [start for start, _ in windows(paragraph * 12, 0, 120)]
    assert len(starts) > 2
    assert all(start % 10 == 0 for start in starts)


def test_a_window_begins_at_the_margin_rather_than_in_an_indented_body():
    body = ["head"] + ["    body"] * 6
    starts = [start for start, _ in windows(body * 20, 0, 140)]
    assert len(starts) > 2
    assert all(start % 7 == 0 for start in starts)


def test_no_window_begins_with_a_closing_bracket():
    lines = (["call("] + ["    x,"] * 4 + [")"]) * 20
    assert all(lines[start] != ")" for start, _ in windows(lines, 0, len(lines)))


def test_the_rest_of_a_file_is_no_stub():
    sizes = [stop - start for start, stop in windows(["x"] * (WINDOW_LINES + 5), 0, WINDOW_LINES + 5)]
    assert sizes == [WINDOW_LINES + 5]


def test_long_lines_fill_a_window_sooner():
    lines = ["x" * (WINDOW_CHARACTERS // 4)] * 20
    assert max(stop - start for start, stop in windows(lines, 0, 20)) <= 4


def test_one_line_of_a_megabyte_is_one_chunk():
    found = chunk("short\n" + "x" * 1_000_000 + "\nshort\n", TEXT)
    assert [(part.start_line, part.end_line) for part in found] == [(1, 1), (2, 2), (3, 3)]


def test_a_window_grows_until_it_may_be_cut():
    spans = list(windows(["x"] * 300, 0, 300, cuttable=lambda i: i in (130, 150)))
    assert spans == [(0, 130), (130, 150), (150, 300)]


@given(st.lists(st.text(alphabet="ab }\t", max_size=400), max_size=200), st.data())
def test_windows_are_without_gaps_and_of_moderate_size(lines, data):
    start = data.draw(st.integers(0, len(lines)))
    spans = list(windows(lines, start, len(lines)))
    assert [line for span in spans for line in range(*span)] == list(range(start, len(lines)))
    assert all(0 < stop - begin <= LAST_WINDOW_LINES for begin, stop in spans)
