"""Whatever people type, it is looked for and never obeyed."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wherein.store.header import SCHEMA
from wherein.store.open import open_store
from wherein.store.protocol import ChunkRecord, FileVersion, Filters, Header, Retrieval
from wherein.store.spellings import fold

OPERATORS = [
    *(
        "(a|b)",
        "-a",
        "~a",
        "%a%",
        "a*",
        "*",
        '"a b"',
        "@s:a",
        "@v:{x}",
        "@l:{go}",
        "[0 inf]",
        "=>",
        "$t0",
        "\\",
    ),
    *(
        "a) | (@k:{secret}",
        "}|{",
        "a\x00b",
        "\ud800",
        "\n",
        "\u2028",
        "\u00a0",
        "x" * 100_000,
        "漢字",
        "inf",
        "nan",
    ),
    *(
        "1e9",
        "42",
        "-1",
        "or",
        "AND",
        "INORDER",
        "ismissing(@n)",
        "*=>[KNN 9 @e $q]",
        "'",
        ";",
        "DIALECT",
        "_",
        "ﬁ",
    ),
]

typed = st.one_of(
    st.sampled_from(OPERATORS),
    st.text(max_size=30),
    st.text(alphabet="ab()|-~*%@:{}[]$\"'\\= \x00.,<>!^&+_0", max_size=20),
)

ours = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_numbers = itertools.count()


@pytest.fixture
def library(redis_url, tmp_path):
    """A store where `mine` shows one chunk, and `secret` another with all words and names that a test uses."""
    header = Header(SCHEMA, "c", "t", "m", 8)

    def version(path, symbol, body):
        record = ChunkRecord(1, 1, "function", symbol, symbol, (), (symbol.lower(), "", "", body), b"")
        return FileVersion(path, f"blob {body}", "python", path, [record], np.eye(1, 8, dtype=np.float32))

    with open_store(redis_url, "r", header, data_dir=tmp_path, mode="write") as store:
        store.write("secret", put=[version("secret.py", "secret", "a b x inf nan 42 or and words")])
        store.write("mine", put=[version("mine.py", "mine", "words of mine")])
        yield store


def paths(retrieved):
    return {candidate.path for candidate in retrieved.candidates}


@ours
@given(terms=st.lists(typed, max_size=5))
def test_terms_find_what_has_them_and_nothing_else(library, terms):
    found = library.retrieve(Retrieval("mine", terms=tuple(terms)))
    assert paths(found) == ({"mine.py"} if {"words", "of", "mine"} & set(terms) else set())
    again = library.retrieve(Retrieval("mine", terms=(*terms, "words")))
    assert paths(again) == {"mine.py"}
    assert again.document_frequency["words"] == 2


@ours
@given(names=st.lists(typed, max_size=4), prefix=typed)
def test_names_find_what_has_them_and_nothing_else(library, names, prefix):
    found = library.retrieve(Retrieval("mine", names=tuple(names)))
    assert paths(found) == ({"mine.py"} if "mine" in map(fold, names) else set())
    for definition in library.definitions("mine", [prefix], Filters(), 10, longer=True)[0]:
        assert definition.symbol == "mine"
        assert "mine".startswith(fold(prefix))


@ours
@given(values=st.lists(typed, min_size=1, max_size=3))
def test_filters_let_through_what_they_name_and_nothing_else(library, values):
    axis = np.eye(1, 8, dtype=np.float32)[0]
    for filters in (Filters(languages=tuple(values)), Filters(kinds=tuple(values))):
        expected = {"mine.py"} if {"python", "function"} & set(values) else set()
        assert paths(library.retrieve(Retrieval("mine", ("words",), axis, ("mine",), filters))) == expected


@ours
@given(text=typed, view=typed)
def test_what_is_stored_comes_back_as_it_was(library, text, view):
    """Names, languages, views and paths of a repository are strangers' text as well."""
    clean = text.replace("\0", "").replace("\n", " ").encode("utf-8", "replace").decode()
    blob = f"blob {next(_numbers)}"
    record = ChunkRecord(1, 1, "function", text, text, (text,), ("", "", "", "word"), b"\0\xff")
    view = f"v{view}".encode("utf-8", "replace").decode()
    file = FileVersion("a.py", blob, "python", "text", [record], np.eye(1, 8, dtype=np.float32))
    library.write(view, put=[file])
    (found,) = library.retrieve(Retrieval(view, terms=("word",))).candidates
    assert (found.path, found.blob, found.profile) == ("a.py", blob, b"\0\xff")
    if "\n" not in text:
        assert found.symbol == clean
    assert library.texts([found.id]) == ["text"]
    library.drop_view(view)
