import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wherein import tokens


@pytest.mark.parametrize(
    ("identifier", "parts"),
    [
        ("parseHTTPResponse2", ["parse", "http", "response", "2"]),
        ("parse_http_response_2", ["parse", "http", "response", "2"]),
        ("HTTPServer", ["http", "server"]),
        ("getURLs", ["get", "urls"]),
        ("__init__", ["init"]),
        ("MAX_RETRIES", ["max", "retries"]),
        ("sha256sum", ["sha", "256", "sum"]),
        ("i18n", ["i", "18", "n"]),
        ("größeBerechnen", ["grösse", "berechnen"]),
        ("función_de_Año", ["función", "de", "año"]),
        ("认证错误", ["认证", "证错", "错误"]),
        ("सामग्री", ["सामग्री"]),
        ("ไฟล์", ["ไฟ", "ฟล์"]),
        ("ไทย2Name", ["ไท", "ทย", "2", "name"]),
        ("மொழி", ["மொழி"]),
        ("می\u200cخواهم", ["میخواهم"]),  # noqa: RUF001
        ("мо\u0301локо", ["молоко"]),  # noqa: RUF001
    ],
)
def test_identifiers_are_split_where_their_style_says_so(identifier, parts):
    assert tokens.words(identifier) == parts


def test_every_style_of_one_name_has_the_same_whole_term():
    wholes = {tokens.terms(name)[-1] for name in ("fooBarBaz", "foo_bar_baz", "FooBarBaz", "FOO_BAR_BAZ")}
    assert wholes == {"foobarbaz"}


def test_a_query_finds_inflected_forms():
    assert set(tokens.terms("followed redirects")) == set(tokens.terms("follow redirect"))


def test_words_keep_their_order_and_are_not_stemmed():
    assert tokens.words("Where are redirects followed?") == ["where", "are", "redirects", "followed"]


def test_names_are_folded_without_their_style():
    assert tokens.fold("Foo_bar") == tokens.fold("fooBar") == tokens.fold("FOO_BAR") == "foobar"


@given(st.lists(st.text(max_size=20) | st.from_regex(r"[A-Za-z_0-9]{1,70}", fullmatch=True), max_size=6))
def test_names_say_the_same_one_by_one_and_together(names):
    assert tokens.fold_all(names) == list(map(tokens.fold, names))
    assert list(map(tokens.count_words, names)) == [len(tokens.words(name)) for name in names]


def test_keys_and_encoded_data_carry_no_terms():
    assert tokens.terms("a" * 500) == []
    assert tokens.terms("aB3" * 20) == []


@given(st.text(max_size=300))
def test_terms_are_letters_and_digits_in_lower_case_whatever_the_text(text):
    found = tokens.tokenize(text)
    for term in found.terms + found.words:
        assert term
        assert all(c.isalnum() or unicodedata.category(c)[0] == "M" for c in term)
        assert term == term.casefold()


@given(st.text(max_size=100), st.text(max_size=100))
def test_a_blank_separates_texts(left, right):
    assert tokens.terms(f"{left} {right}") == tokens.terms(left) + tokens.terms(right)


def test_a_megabyte_without_a_blank_takes_no_time():
    began = time.perf_counter()
    tokens.tokenize("x" * 1_000_000 + "A1" * 500_000)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("text", ["größe", "ändern_wir", "Việt Nam", "état", "한국어", "ガラス", "й"])
def test_a_text_says_the_same_however_its_accents_are_written(text):
    assert tokens.tokenize(unicodedata.normalize("NFD", text)) == tokens.tokenize(text)


@pytest.mark.parametrize(("written", "typed"), [("مُحَمَّد", "محمد"), ("שָׁלוֹם", "שלום"), ("İstanbul", "istanbul")])
def test_vowels_that_most_texts_leave_out_do_not_matter(written, typed):
    assert tokens.terms(written) == tokens.terms(typed)


def test_a_sentence_without_blanks_is_found_by_any_two_of_its_letters_however_long_it_is():
    assert "函数" in tokens.terms("读取配置文件并返回结果给调用者的函数")
    assert "函数" in tokens.terms("读取配置文件并返回结果给调用者的" * 6 + "函数")
    assert set(tokens.terms("ข้อมูล")) - {"ข้อมูล"} <= set(tokens.terms("การอ่านไฟล์ข้อมูลของผู้ใช้ทั้งหมด"))
