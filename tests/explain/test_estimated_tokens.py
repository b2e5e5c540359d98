"""How many tokens a text is taken to be."""

from linear_time import assert_linear, repeated
from wherein_server.explain.estimate import estimate_tokens


def test_long_runs_with_a_digit_are_dense_and_long_names_are_not():
    assert estimate_tokens("a" * 39 + "1") == round(40 / 1.3) + 1
    assert estimate_tokens("a" * 40) == round(40 / 2.5) + 1
    assert estimate_tokens("a" * 20 + "1") == round(21 / 2.5) + 1


def test_long_runs_of_letters_are_estimated_in_linear_time():
    assert_linear(estimate_tokens, repeated("a"), size=10_000, quick=0.06)
