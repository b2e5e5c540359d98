"""A writer lets others through when the server is slow to answer."""

import time

from wherein.store.redis.writing.pacing import LONGEST_REST, Pace


def rest(pace, seconds):
    """How long the writer rests after an answer that took so long."""
    with pace:
        time.sleep(seconds)
        answered = time.perf_counter()
    return time.perf_counter() - answered


def test_nobody_rests_while_answers_come_fast():
    pace = Pace()
    assert min(rest(pace, 0.02) for _ in range(5)) < 0.01


def test_a_slow_answer_is_followed_by_a_rest_that_has_an_end():
    pace = Pace()
    rest(pace, 0.002)
    assert LONGEST_REST <= rest(pace, 0.2) < 1.0
