import pytest

from wherein.evaluation.figures import difference, figures, score
from wherein.evaluation.question import Answer, Question
from wherein.hit import Hit


def hit(path, first=1, last=5, name=""):
    return Hit("r", path, first, last, name.rpartition(".")[2], name, "function", "python", 1.0, "")


def test_an_answer_is_a_file_lines_of_one_or_a_definition():
    assert Answer("a.py").met_by(hit("a.py"))
    assert not Answer("a.py").met_by(hit("b/a.py"))
    assert Answer("a.py", 5, 9).met_by(hit("a.py"))
    assert not Answer("a.py", 6, 9).met_by(hit("a.py"))
    assert not Answer("a.py", 5, 9).met_by(hit("a.py", 1, 400))
    assert Answer(symbol="send").met_by(hit("x.py", name="Session.send"))
    assert Answer("x.py", symbol="Session.send").met_by(hit("x.py", name="Session.send"))
    assert not Answer("y.py", symbol="send").met_by(hit("x.py", name="Session.send"))


def test_places_are_of_first_hits_and_of_one_answer_where_any_will_do():
    hits = [hit("z.py"), hit("b.py"), hit("a.py"), hit("a.py")]
    answers = (Answer("a.py"), Answer("b.py"), Answer("gone.py"))
    assert Question("q", answers).places(hits) == [2, 3]
    assert Question("q", answers, any_of=True).places(hits) == [2]


def test_figures_of_known_answers():
    assert score([1], 1).ndcg == 1
    assert score([2], 1).ndcg == pytest.approx(0.63093, abs=1e-5)
    assert score([11], 1) == score([], 1)
    told = figures([score([1], 1), score([4], 1), score([], 1)])
    assert (told.hit1, told.hit5, told.hit10) == pytest.approx((1 / 3, 2 / 3, 2 / 3))
    assert told.mrr == pytest.approx((1 + 1 / 4) / 3)


def test_worse_is_what_noise_does_not_explain():
    before = [1.0, 0.5, 0.0, 0.63] * 20
    assert difference(before, before).mean == 0
    assert not difference(before, before).worse
    assert difference([value / 2 for value in before], before).worse
    assert difference(before, [value / 2 for value in before]).better
    one_off = [0.0, *before[1:]]
    assert not difference(one_off, before).worse
