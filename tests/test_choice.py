"""Which repositories are asked, where there are many."""

from wherein.choice import worth_asking
from wherein.store.protocol import Retrieved


def test_those_that_hold_the_rare_words_are_asked_and_those_that_are_named():
    told = [
        Retrieved([], {"block": 900, "compress": 0}, 1000),
        Retrieved([], {"block": 30, "compress": 60}, 1000),
        Retrieved([], {"block": 100, "compress": 1}, 1000),
        Retrieved([], {}, 1000),
    ]
    terms = ("compress", "block")
    assert worth_asking(told, terms, 1) == [1]
    assert worth_asking(told, terms, 1, named=[3]) == [1, 3]
    assert worth_asking(told, terms, 4) == worth_asking(told, (), 1) == [0, 1, 2, 3]
