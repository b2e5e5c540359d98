"""Whatever a profile or a tree is, it comes back as it was."""

from hashlib import sha1

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles import packed_profile
from wherein.store.redis.chunks.profile_packing import packed, unpacked
from wherein.store.redis.trees.contents import Contents, Shown, unpack_tree
from wherein.tokens import stem

WORDS = st.lists(st.text("abcdef", min_size=1, max_size=3), max_size=40)


@given(st.binary(max_size=400))
def test_any_bytes_come_back(profile):
    assert unpacked(packed(profile)) == profile


@given(WORDS, WORDS, WORDS, st.lists(st.integers(0, 2**32 - 1), max_size=5))
def test_a_profile_comes_back_from_less(symbol, doc, body, numbers):
    profile = packed_profile(symbol=symbol, signature=symbol, doc=doc, body=body, numbers=numbers)
    assert unpacked(packed(profile)) == profile


def test_of_a_chunk_of_common_words_more_than_half_is_saved():
    body = [
        "self",
        "return",
        "if",
        "def",
        "name",
        "none",
        "for",
        "in",
        "not",
        "is",
        "type",
        "class",
        "value",
        "path",
    ]
    profile = packed_profile(symbol=["name"], body=[stem(word) for word in body])
    assert len(packed(profile)) < 0.5 * len(profile)


def test_a_chunk_of_uncommon_words_takes_less_than_a_record_a_word():
    profile = packed_profile(symbol=["word1"], body=[f"word{n}" for n in range(80)])
    assert len(packed(profile)) < 0.85 * len(profile)


WITHOUT_NUL = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=12)
HASHES = st.text("0123456789abcdef", min_size=40, max_size=64)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(
    st.dictionaries(
        WITHOUT_NUL.filter(bool), st.builds(Shown, WITHOUT_NUL | HASHES, st.integers(0, 9_999), WITHOUT_NUL)
    )
)
def test_whatever_a_view_shows_comes_back(files):
    contents = Contents(files)
    assert unpack_tree(contents.packed()[1]).files == files


def test_a_hash_takes_twenty_bytes_of_a_tree():
    shown = {f"src/module{n}.py": Shown(sha1(b"%d" % n).hexdigest(), n % 9) for n in range(500)}
    assert len(Contents(shown).packed()[1]) < 500 * 25
