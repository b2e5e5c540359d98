"""Most of the words by which passwords are told are ruled out before a text is searched for them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wherein.secrets.candidates import Words
from wherein.secrets.rules import rules

LISTED = sorted({word for command in rules().commands for word in command.words})


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(
    st.lists(st.sampled_from(LISTED) | st.text("abc ", max_size=9).map(str.encode), max_size=5),
    st.binary(max_size=40),
    st.integers(0, 70_000),
)
def test_no_word_that_a_text_holds_is_ruled_out(held, between, ahead):
    text = b" " * ahead + between.join(held)
    assert {word for word in LISTED if word in text} <= Words(LISTED).maybe_in(text)


def test_nearly_all_that_it_does_not_hold_are():
    text = b"def connect(host, port):\n    return socket.create_connection((host, port), timeout=3)\n" * 50
    maybe = Words(LISTED).maybe_in(text)
    assert len(maybe - {word for word in LISTED if word in text}) < len(LISTED) / 10


def test_a_text_of_two_bytes_holds_none_of_three():
    assert Words([b"abc", b"ab"]).maybe_in(b"ab") == {b"ab"}
    assert Words([b"abc"]).maybe_in(b"") == set()
