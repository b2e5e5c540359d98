import pytest

from wherein.chunking import chunker
from wherein.languages import registry


def cut(text):
    return chunker.chunk("", text, registry.get("transcript"))


def clock(seconds, mark="."):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}500"


def vtt(cues, seconds):
    return "WEBVTT\n\n" + "\n".join(
        f"{clock(n * seconds)} --> {clock((n + 1) * seconds)} align:start\n<v Ann Lee>word {n}</v>\n"
        for n in range(cues)
    )


def test_cues_are_grouped_by_the_minute_and_named_by_their_times():
    found = cut(vtt(12, 10))
    assert [chunk.symbol for chunk in found] == ["00:00:00\u201300:01:00", "00:01:00\u201300:02:00"]
    assert {chunk.kind for chunk in found} == {"cue"}
    assert found[0].doc == "Ann Lee"
    assert (found[0].start_line, found[1].start_line) == (1, 21)


def test_a_group_holds_at_most_fifteen_lines_of_speech():
    assert len(cut(vtt(45, 1))) == 3


def test_subrip_numbers_belong_to_their_cue():
    text = "".join(
        f"{n}\r\n{clock(n * 40, ',')} --> {clock(n * 40 + 39, ',')}\r\nBob: hi\r\nthere\r\n\r\n"
        for n in range(1, 4)
    )
    found = cut(text)
    assert [(c.start_line, c.end_line, c.symbol) for c in found] == [
        (1, 5, "00:00:40\u201300:01:19"),
        (6, 10, "00:01:20\u201300:01:59"),
        (11, 15, "00:02:00\u201300:02:39"),
    ]
    assert found[0].doc == "Bob"


def test_short_times_identifiers_and_notes_are_read():
    first = "WEBVTT - Talk\n\nNOTE x --> y\n\nintro\n00:01.000 --> 00:02.000\nHi\n\n"
    text = first + "last\n01:05.000 --> 01:59:02.000\nBye\n"
    assert [(c.start_line, c.symbol) for c in cut(text)] == [
        (1, "00:00:01\u201300:00:02"),
        (9, "00:01:05\u201301:59:02"),
    ]


@pytest.mark.parametrize("text", ["WEBVTT\n\njust words\n", "--> --> -->\n00:xx --> 00:yy\n", "\x00\n"])
def test_a_malformed_transcript_is_cut_by_lines(text):
    assert [(chunk.kind, chunk.symbol) for chunk in cut(text)] == [("text", "")]


def test_times_that_run_backwards_are_survived():
    text = "00:00:50.000 --> 00:00:40.000\na\n\n00:00:10.000 --> 00:00:20.000\nb\n"
    assert [chunk.symbol for chunk in cut(text)] == ["00:00:50\u201300:00:50"]
