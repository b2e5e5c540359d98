"""Which names are like what somebody typed."""

import pytest

from wherein.store.name_book import NameBook

NAMES = [
    *(
        "HttpResponseParser",
        "parse_status_line",
        "after",
        "retry",
        "closeAll",
        "isClosed",
        "close",
        "XMLHttpRequest",
    ),
    *(
        "fn_s1",
        "fn_s2",
        "HTTP_READ_PATH",
        "größeÄndern",
        "operator==",
        "<=>",
        "utf8_decode",
        "How calls are retried",
    ),
]


def like(query):
    return list(NameBook(NAMES).like(query))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(("ResponseParser", "HttpResponseParser"), ("HttpPars", "HttpResponseParser")),
        *(("statusline", "parse_status_line"), ("parse_stat", "parse_status_line")),
        *(("status_line", "parse_status_line"), ("parseStatusLine", "parse_status_line")),
        *(("psl", "parse_status_line"), ("HRP", "HTTP_READ_PATH"), ("xhr", "XMLHttpRequest")),
        *(("tatus", "parse_status_line"), ("GRÖßE", "größeÄndern")),
        *(
            ("==", "operator=="),
            ("<=", "<=>"),
            ("utf8dec", "utf8_decode"),
            ("calls are", "How calls are retried"),
        ),
        *(("parse_staus_line", "parse_status_line"), ("HttpRespnseParser", "HttpResponseParser")),
        *(("clsoe", "close"), ("rettry", "retry"), ("HttpRespnsePars", "HttpResponseParser")),
    ],
)
def test_a_name_is_found_by_what_is_like_it(query, name):
    assert name in like(query)


def test_the_closest_come_first():
    assert like("close") == ["close", "closeAll", "isClosed"]
    assert like("hrp")[:2] == ["HTTP_READ_PATH", "HttpResponseParser"]


@pytest.mark.parametrize("query", ["", "zzz", "fn_s3", "fn_t", "utf9_decode", "lineStatus", "_", "\n"])
def test_what_is_not_like_a_name_finds_none(query):
    assert like(query) == []


def test_a_slip_counts_only_where_nothing_else_fits():
    book = NameBook(["retry", "retrx_all"])
    assert list(book.like("retrx")) == ["retrx_all"]


def test_an_empty_book_finds_nothing():
    assert list(NameBook(()).like("anything")) == []


def test_names_that_repeat_letters_take_no_longer():
    names = [f"{'a_' * 60}{i}" for i in range(2_000)]
    assert list(NameBook(names).like("a" * 50 + "bb")) == []
