"""What agents read until they have seen the right lines, on a home of known answers."""


def test_both_agents_are_followed_until_the_answer_was_shown(home, benchmark):
    _, figures = benchmark("agents.py", home, "--questions", "3")
    assert figures["questions"] == 1  # the others are answered by files
    assert figures["wherein"]["found"] == figures["grep"]["found"] == 1
    assert figures["wherein"]["median_steps"] == 1
    assert 0 < figures["wherein"]["median_tokens"] < 1500
    assert figures["grep"]["median_tokens"] > 0
    assert figures["speed"]["tiny"]["megabytes"] > 10
