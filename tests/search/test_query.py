import pytest

from wherein.errors import ConfigError
from wherein.search.intent import Intent
from wherein.search.query import MOST_TERMS, parse
from wherein.store.protocol import Filters


@pytest.mark.parametrize("text", ["Context", "Foo::bar", "requests.get()", "pass_context", "Phoenix.Router"])
def test_one_identifier_is_a_symbol_query(text):
    assert parse(text).intent is Intent.SYMBOL


@pytest.mark.parametrize(
    "text",
    [
        "where are redirects followed after a 303",
        "find the function that logs a failure",
        "warn the user when nothing is piped in",
        "how does Session turn a name into a file",
        "Find it.",
        "request a token for the session",
        "function that joins a list",
        "write out all rows",
    ],
)
def test_a_verb_or_question_first_asks_where_something_is_done(text):
    assert parse(text).intent is Intent.ACTION


@pytest.mark.parametrize(
    "text",
    [
        "command group dispatch",
        "how routing works",
        "how does routing work",
        "JSON parsing with BOM detection",
        "request context lifecycle",
        "OpenAPI schema generation",
    ],
)
def test_a_noun_phrase_names_a_topic(text):
    assert parse(text).intent is Intent.TOPIC


def test_neighbouring_words_may_be_one_name():
    assert parse("where is lazy loading").compounds == ("lazyloading", "lazyload")
    assert parse("the cache of the parser").compounds == ()


def test_identifiers_in_prose_are_names():
    assert parse("how pass_context passes the context").names == ("pass_context",)
    assert parse("what does `run` return").names == ("run",)
    assert parse("where is Foo::bar called").names == ("Foo::bar",)
    assert parse("where are redirects followed").names == ()


def test_words_that_say_nothing_are_no_terms():
    assert parse("Find where the redirects are followed").terms == ("redirect", "follow")


def test_a_query_of_nothing_but_such_words_keeps_them():
    assert parse("where is it").terms == ("where", "is", "it")


def test_a_qualified_name_is_looked_up_whole_and_by_its_last_part():
    query = parse("Session.resolve_redirects()")
    assert query.names == ("Session.resolve_redirects",)
    assert query.last_names == ("resolve_redirects",)


def test_filters_in_the_query_join_those_given():
    query = parse("open path:src/** -path:tests/ lang:PY kind:function", Filters(paths=("lib/",)))
    assert query.text == "open"
    assert query.filters == Filters(
        ("python",), ("function", "method", "constructor"), ("lib/", "src/**"), ("tests/",)
    )


def test_what_only_looks_like_a_filter_is_text():
    assert parse("std::path::Path").filters == Filters()
    assert parse("http://host:80 color:red").filters == Filters()


def test_a_quoted_phrase_is_required():
    query = parse('raise "too many redirects" here')
    assert query.phrases == ("too many redirects",)
    assert "redirect" in query.terms


@pytest.mark.parametrize("text", ['f("a b")', 'x = "a b"', 'error: "a b" here', 'say("a", "b")'])
def test_what_code_and_messages_quote_is_no_phrase(text):
    assert parse(text).phrases == ()


def test_filters_alone_list_what_they_keep():
    query = parse("lang:ruby kind:Method")
    assert query.lists
    assert query.filters == Filters(("ruby",), ("method", "constructor"))
    assert parse("", Filters(paths=("src/",))).lists


def test_a_kind_in_a_query_must_be_one():
    with pytest.raises(ConfigError, match="'methid' is not a kind"):
        parse("open kind:methid")


@pytest.mark.parametrize("text", ["<=>", "[]", "operator==", "Money#<=>", "Money::operator==", "[]="])
def test_an_operator_is_a_name(text):
    query = parse(text)
    assert (query.names[0], query.intent) == (text, Intent.SYMBOL)


def test_of_a_long_query_beginning_and_end_are_read():
    query = parse("first " + "filler " * 9_000 + "last")
    assert {"first", "last"} <= set(query.terms)


def test_words_can_ask_for_kinds():
    assert "method" in parse("function that opens files").kinds
    assert parse("interface of a store").kinds == {"interface", "trait", "type"}


@pytest.mark.parametrize("text", ["", "   ", "\0", "?!… --", '""'])
def test_nothing_to_look_for_is_one_clear_sentence(text):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_very_long_query_is_cut():
    query = parse(" ".join(f"word{i}x" for i in range(50_000)))
    assert len(query.terms) == MOST_TERMS


@pytest.mark.parametrize(
    "text", ['a "b', "NEAR(a b)", "x* AND -y", "a;DROP TABLE chunk", "^x OR {y}:z", "a\0b"]
)
def test_syntax_of_any_engine_is_only_words(text):
    assert all(term.isalnum() for term in parse(text).terms)
