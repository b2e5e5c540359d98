"""What takes the square of a text's length is told from what takes as long as the text is."""

import pytest

from linear_time import assert_linear, repeated


def test_what_is_quadratic_is_told():
    with pytest.raises(AssertionError):
        assert_linear(lambda text: [0 for _ in text for _ in text], repeated("a"), size=700, quick=0.001)


def test_what_is_linear_is_not():
    assert_linear(lambda text: [0 for _ in text for _ in range(700)], repeated("a"), size=700, quick=0.001)
