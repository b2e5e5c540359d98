"""What a thought is of counts by how far it stands out, and not by its place alone."""

import pytest

from wherein.search.long import WHOLE
from wherein.search.showing import Ranked
from wherein.search.standing_out import OWN, Weight, standing_out
from wherein.search.thought import CODE, KNOWN, MADE_UP, NAMES
from wherein.store.protocol import Candidate


def ranked(*scores, first=0):
    return [
        Ranked(
            Candidate(number, f"{number:03}.py", "blob", 1, 2, "function", "f", "f", (), "python", b""), score
        )
        for number, score in enumerate(scores, first)
    ]


def ids(found):
    return [each.candidate.id for each in found]


def falling(best, step, *, first=0, count=40):
    return ranked(*(best - step * at for at in range(count)), first=first)


def test_code_that_is_by_far_the_likest_to_a_sketch_comes_first():
    sketched = [*ranked(3.0, first=500), *falling(1.5, 0.01, first=600)]
    for weights in (KNOWN, MADE_UP):
        found = standing_out([(WHOLE, falling(1.5, 0.02), OWN), (CODE, sketched, weights[CODE])])
        assert found[0].candidate.id == 500
    assert found[0].parts == {CODE: pytest.approx(MADE_UP[CODE].share * (3.0 - sketched[9].score))}


def test_a_sketch_that_is_a_little_like_many_changes_nothing_before_what_the_question_finds():
    question = [*ranked(2.0, 1.9), *falling(1.0, 0.02, first=10)]
    vague = falling(1.5, 0.005, first=600)
    for name in (NAMES, CODE):
        found = standing_out([(WHOLE, question, OWN), (name, vague, KNOWN[name])])
        assert ids(found)[:2] == ids(question)[:2]


def test_names_alone_do_not_come_before_what_the_question_is_sure_of():
    named = falling(2.0, 0.05, first=600)
    found = standing_out([(WHOLE, falling(2.0, 0.05), OWN), (NAMES, named, KNOWN[NAMES])])
    assert found[0].candidate.id == 0


def test_of_few_the_last_is_nothing_and_one_alone_counts_by_its_whole_score():
    for scores, counted in (((1.0, 0.4, 0.2), [0.4, 0.1, 0.0]), ((1.0,), [0.5])):
        found = standing_out([(WHOLE, [], OWN), (CODE, ranked(*scores), Weight(10, 0.5))])
        assert [each.score for each in found] == pytest.approx(counted)


def test_what_nothing_tells_apart_stays_in_the_order_of_the_question():
    question = falling(2.0, 0.05)
    found = standing_out([(CODE, [], KNOWN[CODE]), (WHOLE, question, OWN)])
    assert ids(found) == ids(question)
    assert all(each.score == sum(each.parts.values()) for each in found)


def test_what_is_found_by_nothing_is_nothing():
    assert standing_out([(WHOLE, [], OWN), (CODE, [], KNOWN[CODE])]) == []
