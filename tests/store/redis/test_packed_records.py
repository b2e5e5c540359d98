"""Whatever a profile is, it comes back as it was."""

from hypothesis import given
from hypothesis import strategies as st

from profiles import packed_profile
from wherein.store.redis.records import packed, unpacked

WORDS = st.lists(st.text("abcdef", min_size=1, max_size=3), max_size=40)


@given(st.binary(max_size=400))
def test_any_bytes_come_back(profile):
    assert unpacked(packed(profile)) == profile


@given(WORDS, WORDS, WORDS, st.lists(st.integers(0, 2**32 - 1), max_size=5))
def test_a_profile_comes_back_from_less(symbol, doc, body, numbers):
    profile = packed_profile(symbol=symbol, signature=symbol, doc=doc, body=body, numbers=numbers)
    assert unpacked(packed(profile)) == profile


def test_of_a_chunk_of_many_words_a_third_is_saved():
    body = [f"word{n}" for n in range(80)]
    profile = packed_profile(symbol=["word1"], body=body + body[:10])
    assert len(packed(profile)) < 0.67 * len(profile)
