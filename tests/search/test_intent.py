import re

import pytest

from wherein.search.intent import Intent, cues, shares


@pytest.mark.parametrize(
    "text",
    [
        "where are redirects followed",
        "don't leak absolute paths in error messages",
        "parser: skip what is no header",
        "[cache] avoid a second look at the disk",
        "the code that closes idle connections",
    ],
)
def test_what_is_a_sentence_asks_for_an_action_more_likely(text):
    assert shares(text)[Intent.ACTION] > 0.5


@pytest.mark.parametrize(
    "text", ["connection pooling", "how retries are counted", "token validation middleware"]
)
def test_what_is_none_asks_for_a_topic_more_likely(text):
    assert shares(text)[Intent.TOPIC] > 0.5


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "how", "- ", ": ", "a: ", "[x] ", "\ud800 send", "(" * 9_000, "a " * 9_000, "a:" * 9_000],
)
def test_shares_sum_to_one_whatever_is_asked(text):
    assert sum(shares(text).values()) == pytest.approx(1)
    assert all(0 <= value <= 1 for value in cues(text).values())


def test_every_cue_has_a_weight():
    from wherein.search import intent

    assert intent._data()["weights"].keys() == cues("any").keys()


def test_a_scope_is_no_part_of_the_sentence():
    assert cues("core: fix a leak") == cues("fix a leak") | {"scope": 1.0}
    assert not re.search("core", str(cues("core")))
