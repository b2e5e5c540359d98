"""Which share of pasted lines a text holds."""

from hypothesis import given
from hypothesis import strategies as st

from wherein.search.pasted import LEAST_SHARE, shares

LINES = st.lists(st.text("abc", min_size=6, max_size=12), min_size=1, max_size=12, unique=True)


@given(LINES, st.lists(LINES, max_size=4))
def test_the_share_is_of_all_lines_that_a_text_holds_and_nothing_below_the_least(lines, others):
    texts = ["\n".join((*other, *lines[: len(other)])) for other in others]
    total = sum(map(len, lines))
    held = [sum(len(line) for line in lines if line in text.replace("\n", "")) / total for text in texts]
    assert shares(lines, texts) == [share if share >= LEAST_SHARE else 0.0 for share in held]
