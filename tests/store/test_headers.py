"""What is said of an index that another version, or another model, has made."""

from dataclasses import replace

import pytest

from wherein.errors import IndexIncompatible, IndexOfAnotherModel, IndexOutdated
from wherein.store.header import check_header, check_own, differences
from wherein.store.protocol import Header

WANTED = Header(schema=1, chunker="8", tokenizer="2", model="one", dimension=256)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (replace(WANTED, chunker="7"), "by another version of wherein: chunker 7 instead of 8."),
        (replace(WANTED, chunker="8)"), "by another version of wherein: chunker 8) instead of 8."),
        (replace(WANTED, model="two"), "for another model: model two instead of one."),
        (
            replace(WANTED, chunker="7", model="two"),
            "by another version of wherein: chunker 7 instead of 8, model two instead of one.",
        ),
    ],
)
def test_what_an_index_does_not_fit_is_told_first_in_words(found, says):
    check_header(WANTED, WANTED, "shop")
    with pytest.raises(IndexIncompatible) as raised:
        check_header(found, WANTED, "shop")
    assert raised.value.message == f"The index of shop was made {says}"


@pytest.mark.parametrize(
    ("found", "wanted", "error"),
    [
        ({"chunker": "7"}, {}, IndexOutdated),
        ({"schema": 0}, {}, IndexOutdated),
        ({"chunker": "7", "model": "two"}, {}, IndexOutdated),
        ({"chunker": "8 (masking 6)"}, {"chunker": "8 (masking 7)"}, IndexOutdated),
        ({"chunker": "8 (parsers a)"}, {"chunker": "8 (parsers b)"}, IndexOutdated),
        ({"model": "two"}, {}, IndexOfAnotherModel),
        ({"chunker": "9"}, {}, IndexIncompatible),
        ({"chunker": "8 (masking 7)"}, {"chunker": "8 (masking 6)"}, IndexIncompatible),
        ({"tokenizer": "3", "model": "two"}, {}, IndexIncompatible),
    ],
)
def test_of_an_index_of_ones_own_it_is_told_whether_it_is_older_newer_or_another_models(found, wanted, error):
    with pytest.raises(IndexIncompatible) as raised:
        check_own(replace(WANTED, **found), replace(WANTED, **wanted), "shop")
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ("7 (parsers a, masking 1)", "chunker 7 instead of 8"),
        ("8 (parsers b, masking 2)", "parsers b instead of a, masking 2 instead of 1"),
        ("8", "chunker 8 instead of 8 (parsers a, masking 1)"),
        ("8 (parsers a, , )", "chunker 8 (parsers a, , ) instead of 8 (parsers a, masking 1)"),
    ],
)
def test_of_what_has_parts_those_that_differ_are_told(found, says):
    wanted = replace(WANTED, chunker="8 (parsers a, masking 1)")
    assert differences(replace(wanted, chunker=found), wanted) == says
