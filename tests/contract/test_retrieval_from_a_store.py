"""Candidates by terms, embeddings and names."""

import numpy as np
import pytest

from wherein.store.protocol import Filters, Retrieval

PLACES = ["embedded", "redis", "redis from afar"]
pytestmark = pytest.mark.parametrize("place", PLACES, indirect=True)


def symbols(retrieved):
    return {candidate.symbol for candidate in retrieved.candidates}


@pytest.fixture
def library(store, file, record):
    """Forty files that all say `common`, and one chunk each that the tests look for."""
    store.write(
        "main",
        put=[
            *(
                file(f"src/noise{i}.py", f"n{i}", terms="common redirect " * 3, symbol=f"noise{i}")
                for i in range(40)
            ),
            file(
                "docs/guide.md",
                "g",
                [record(1, 1, "guide", "common words", kind="section")],
                language="markdown",
            ),
            file(
                "src/http/client.go",
                "h",
                [record(1, 1, "Do", "common redirect", kind="method")],
                language="go",
            ),
            file("tests/test_http.py", "t", [record(1, 1, "test_it", "common redirect")]),
        ],
        complete=True,
    )
    return store


def test_any_of_the_terms_is_enough(library):
    found = library.retrieve(Retrieval("main", terms=("words", "absent"), limit=5))
    assert symbols(found) == {"guide"}
    assert found.candidates[0].lexical > 0


def test_a_chunk_with_more_and_rarer_terms_scores_higher(store, file):
    store.write(
        "main",
        put=[
            file("both.py", "b", terms="open socket", symbol="both"),
            file("one.py", "o", terms="open file", symbol="one"),
            *(file(f"{i}.py", str(i), terms="open", symbol=f"x{i}") for i in range(9)),
            *(file(f"z{i}.py", f"z{i}", terms="nothing", symbol=f"z{i}") for i in range(30)),
        ],
    )
    found = store.retrieve(Retrieval("main", terms=("open", "socket")))
    best = max(found.candidates, key=lambda candidate: candidate.lexical)
    assert best.symbol == "both"


def test_a_term_in_the_symbol_counts_for_more_than_one_in_the_body(store, file, record):
    store.write(
        "main",
        put=[
            file("a.py", "a", [record(1, 1, "parse", "other")]),
            file("b.py", "b", [record(1, 1, "other", "parse")]),
            *(file(f"{i}.py", str(i), terms="nothing") for i in range(9)),
        ],
    )
    found = store.retrieve(Retrieval("main", terms=("parse",)))
    assert max(found.candidates, key=lambda candidate: candidate.lexical).symbol == "parse"


def test_document_frequencies_come_with_the_number_of_chunks(library):
    found = library.retrieve(Retrieval("main", terms=("common", "redirect", "words", "absent")))
    assert dict(found.document_frequency) == {"common": 43, "redirect": 42, "words": 1, "absent": 0}
    assert found.chunk_count == 43


def test_a_candidate_carries_everything_that_ranking_needs(store, file, record):
    chunk = record(
        2, 3, "run", "go", kind="method", qualified="App.run", names=("start", "Go"), profile=b"\x00\xff"
    )
    store.write("main", put=[file("app.py", "class App:\n  def run():\n    go()", [record(1, 1), chunk])])
    (found,) = store.retrieve(Retrieval("main", terms=("go",))).candidates
    assert (found.path, found.blob, found.language) == (
        "app.py",
        "blob of class App:\n  def run():\n    go()",
        "python",
    )
    assert (found.start_line, found.end_line, found.kind) == (2, 3, "method")
    assert (found.symbol, found.qualified_name, found.names) == ("run", "App.run", ("start", "Go"))
    assert found.profile == b"\x00\xff"
    assert store.texts([found.id]) == ["  def run():\n    go()"]


def test_texts_come_in_the_order_asked_for(store, file, record):
    store.write(
        "main",
        put=[file("a.txt", "1\n2\r\n\n4", [record(1, 2), record(3, 3), record(4, 4)]), file("b.txt", "b")],
    )
    first, second, third = (chunk.id for chunk in store.chunks_of("main", ["a.txt"])["a.txt"])
    other = store.chunks_of("main", ["b.txt"])["b.txt"][0].id
    assert store.texts([third, other, first, second, first]) == ["4", "b", "1\n2\r", "", "1\n2\r"]
    assert store.texts([]) == []


def test_texts_are_those_lines_wherever_they_stand_in_a_long_file(store, file, record):
    lines = [f"line {number} " + "x" * (number * 37 % 300) for number in range(1, 401)]
    ends = [1, 2, 60, 61, 130, 250, 399, 401]  # behind the last line end there is an empty line
    records = [record(start + 1, end) for start, end in zip([0, *ends], ends, strict=False)]
    long = "\n".join((*lines, ""))
    store.write("main", put=[file("long.txt", long, records), file("short.txt", "\n\n", [record(1, 3)])])
    of = store.chunks_of("main", ["long.txt", "short.txt"])
    chunks = [*of["long.txt"], *of["short.txt"]]
    wanted = ["\n".join(long.split("\n")[each.start_line - 1 : each.end_line]) for each in of["long.txt"]]
    assert store.texts([each.id for each in reversed(chunks)]) == ["\n\n", *reversed(wanted)]


def test_the_nearest_embeddings_are_found_with_their_cosines(store, file, record, unit_vectors):
    vectors = unit_vectors(300)
    records = [record(i + 1, i + 1, f"s{i}") for i in range(300)]
    store.write("main", put=[file("a.py", "\n" * 299, records, embeddings=vectors)])
    query = unit_vectors(1, seed=7)[0]
    exact = vectors @ query
    found = store.retrieve(Retrieval("main", embedding=query, limit=10))
    cosines = {int(candidate.symbol[1:]): candidate.semantic for candidate in found.candidates}
    assert len(cosines) == 10
    assert all(abs(cosine - exact[row]) < 0.01 for row, cosine in cosines.items())
    assert min(exact[list(cosines)]) > np.sort(exact)[-11] - 0.01


def test_candidates_of_other_retrievers_get_their_cosine_too(store, file, unit_vectors):
    vectors = unit_vectors(30)
    store.write(
        "main",
        put=[
            file(f"{i}.py", str(i), terms=f"term{i}", symbol=f"s{i}", embeddings=vectors[i : i + 1])
            for i in range(30)
        ],
    )
    query = vectors[4]
    found = store.retrieve(Retrieval("main", terms=("term9",), names=("s12",), embedding=query, limit=1))
    by_symbol = {candidate.symbol: candidate for candidate in found.candidates}
    assert set(by_symbol) == {"s4", "s9", "s12"}
    assert by_symbol["s9"].semantic == pytest.approx(float(vectors[9] @ query), abs=0.01)
    assert by_symbol["s12"].semantic == pytest.approx(float(vectors[12] @ query), abs=0.01)
    assert by_symbol["s4"].semantic == pytest.approx(1.0, abs=0.01)
    assert by_symbol["s12"].named
    assert not by_symbol["s9"].named
    assert by_symbol["s9"].lexical > 0 == by_symbol["s4"].lexical


def test_what_has_no_vector_is_found_beside_what_has_one(store, file, unit_vectors):
    nothing = np.zeros((1, 16), dtype=np.float32)
    (near,) = unit_vectors(1)
    store.write(
        "main",
        put=[
            file("a.py", "A", terms="needle", symbol="blank", embeddings=nothing),
            file("b.py", "B", terms="needle", symbol="close", embeddings=near[np.newaxis]),
            file("c.py", "C", terms="needle", symbol="blank", embeddings=nothing, language="go"),
        ],
    )
    for filters, found in (
        (Filters(), 3),
        (Filters(languages=("python",)), 2),
        (Filters(languages=("go",)), 1),
    ):
        request = Retrieval("main", terms=("needle",), names=("blank",), embedding=near, filters=filters)
        candidates = store.retrieve(request).candidates
        assert len(candidates) == found
        assert all(each.lexical > 0 and each.named == (each.symbol == "blank") for each in candidates)
        assert {each.semantic > 0.9 for each in candidates if each.symbol == "blank"} <= {False}


def test_a_text_without_a_known_word_has_no_cosine(store, file):
    store.write("main", put=[file("a.py", "A", embeddings=np.zeros((1, 16), dtype=np.float32), terms="x")])
    found = store.retrieve(Retrieval("main", terms=("x",), embedding=np.ones(16, dtype=np.float32) / 4))
    assert [candidate.semantic for candidate in found.candidates] == [pytest.approx(0.0, abs=1e-6)]


def test_a_query_without_a_direction_finds_nothing_by_meaning(library):
    assert library.retrieve(Retrieval("main", embedding=np.zeros(16, dtype=np.float32))).candidates == []


def test_new_embeddings_are_found_by_a_store_that_has_searched_before(store, file, unit_vectors):
    vectors = unit_vectors(2)
    store.write("main", put=[file("a.py", "A", symbol="a", embeddings=vectors[:1])])
    store.retrieve(Retrieval("main", embedding=vectors[1]))
    store.write("main", put=[file("b.py", "B", symbol="b", embeddings=vectors[1:])])
    found = store.retrieve(Retrieval("main", embedding=vectors[1], limit=1))
    assert symbols(found) == {"b"}


@pytest.mark.parametrize(
    ("filters", "target"),
    [
        (Filters(languages=("go",)), "Do"),
        (Filters(languages=("markdown", "rust")), "guide"),
        (Filters(kinds=("section",)), "guide"),
        (Filters(paths=("docs/",)), "guide"),
        (Filters(paths=("*.go",)), "Do"),
        (Filters(paths=("src/http/**",)), "Do"),
        (Filters(paths=("./tests/test_http.py",)), "test_it"),
        (Filters(exclude=("src/noise*", "docs", "tests/")), "Do"),
        (Filters(scopes=("tests",)), "test_it"),
        (Filters(paths=("src/http/**", "tests/"), scopes=("code",)), "Do"),
        (Filters(paths=("src/", "tests/"), exclude=("src/",)), "test_it"),
        (Filters(languages=("go",), kinds=("method",), paths=("src/**",), exclude=("tests/",)), "Do"),
    ],
)
def test_filters_act_before_the_limit(library, filters, target, unit_vectors):
    by_terms = library.retrieve(Retrieval("main", terms=("common",), filters=filters, limit=1))
    by_meaning = library.retrieve(Retrieval("main", embedding=unit_vectors(1)[0], filters=filters, limit=1))
    by_name = library.retrieve(Retrieval("main", names=(target,), filters=filters, limit=1))
    assert symbols(by_terms) == symbols(by_meaning) == symbols(by_name) == {target}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(languages=("cobol",)),
        Filters(kinds=("'; DROP TABLE chunk; --",)),
        Filters(paths=("nowhere/",)),
        Filters(exclude=("*",)),
    ],
)
def test_filters_that_nothing_passes_find_nothing(library, filters, unit_vectors):
    request = Retrieval("main", ("common",), unit_vectors(1)[0], ("Do",), filters)
    assert library.retrieve(request).candidates == []
    assert len(library.retrieve(Retrieval("main", terms=("common",))).candidates) == 43


def test_another_view_hides_what_it_does_not_show_even_at_limit_one(store, file, unit_vectors):
    vectors = unit_vectors(1)
    crowd = [
        file(f"{i}.py", str(i), terms="needle needle", symbol="f", embeddings=vectors) for i in range(50)
    ]
    store.write("crowd", put=crowd)
    store.write(
        "small", put=[file("only.py", "o", terms="needle and hay", symbol="only", embeddings=-vectors)]
    )
    assert symbols(store.retrieve(Retrieval("small", terms=("needle",), limit=1))) == {"only"}
    assert symbols(store.retrieve(Retrieval("small", embedding=vectors[0], limit=1))) == {"only"}
    assert symbols(store.retrieve(Retrieval("small", names=("f", "only"), limit=1))) == {"only"}


def test_an_unknown_view_has_no_candidates(library):
    assert library.retrieve(Retrieval("nowhere", terms=("common",), names=("Do",))).candidates == []


@pytest.mark.parametrize("limit", [0, -1])
def test_no_candidates_are_found_where_none_are_wanted(library, limit, unit_vectors):
    assert (
        library.retrieve(Retrieval("main", ("common",), unit_vectors(1)[0], ("Do",), limit=limit)).candidates
        == []
    )


def test_a_huge_limit_finds_everything_once(library, unit_vectors):
    found = library.retrieve(
        Retrieval("main", ("common",), unit_vectors(1)[0], ("Do",), limit=10**9)
    ).candidates
    assert len(found) == len({candidate.id for candidate in found}) == 43


@pytest.mark.parametrize(
    "term",
    [
        *(
            '"',
            '""',
            "*",
            "redirect*",
            "NEAR(redirect common)",
            "NEAR",
            "AND",
            "OR",
            "NOT",
            "-",
            "^",
            "symbol:x",
        ),
        *("(", ")", "{a b}:", "a\x00b", "\x00", "\ud800", "", " ", "'; DROP TABLE chunk", "%", "x" * 100_000),
    ],
    ids=lambda term: ascii(term[:30]),
)
def test_no_term_can_do_harm(library, term):
    found = library.retrieve(Retrieval("main", terms=(term, "words"), names=(term,)))
    assert "guide" in symbols(found)
    assert library.retrieve(Retrieval("main", terms=(term,))).document_frequency.keys() == {term}


def test_ten_thousand_terms_do_no_harm(library):
    found = library.retrieve(Retrieval("main", terms=(*(f"absent{i}" for i in range(10_000)), "words")))
    assert symbols(found) == {"guide"}


@pytest.mark.parametrize("term", ["漢字", "straße", "ñandú", "привет", "हिन्दी", "naïve2", "42", "ﬁ"])
def test_terms_of_any_script_are_found_as_they_are(store, file, term):
    store.write(
        "main",
        put=[file("a.py", "A", terms=f"before {term} after", symbol="a"), file("b.py", "B", terms="strasse")],
    )
    found = store.retrieve(Retrieval("main", terms=(term,)))
    assert symbols(found) == {"a"}
    assert found.document_frequency == {term: 1}


def test_common_terms_still_score_where_rare_ones_choose(store, file, record):
    """However a store saves work on common terms, a chunk with both beats one with the rare one alone."""
    noise = [record(i + 1, i + 1, f"n{i}", "get value") for i in range(7_000)]
    wanted = [record(7_001, 7_001, "both", "get socket"), record(7_002, 7_002, "rare", "put socket")]
    store.write("main", put=[file("a.py", "\n" * 7_001, noise + wanted)])
    found = {
        c.symbol: c for c in store.retrieve(Retrieval("main", terms=("get", "socket"), limit=50)).candidates
    }
    assert found["both"].lexical > found["rare"].lexical > 0


def test_names_are_found_whatever_their_case(store, file, record):
    store.write(
        "main",
        put=[
            file(
                "a.py", "1\n2\n3", [record(1, 1, "HttpClient"), record(2, 2, "MAX", names=("MIN", "Straße"))]
            ),
            file("b.rs", "1", [record(1, 1, "new", qualified="net::Client::new")]),
        ],
    )
    for name, symbol in [
        ("httpclient", "HttpClient"),
        ("min", "MAX"),
        ("STRASSE", "MAX"),
        ("net::client::NEW", "new"),
        ("Client::new", "new"),
    ]:
        found = store.retrieve(Retrieval("main", names=(name,))).candidates
        assert [(one.symbol, one.named) for one in found] == [(symbol, True)], name
    assert store.retrieve(Retrieval("main", names=("Http", "ent::new", ""))).candidates == []


def test_an_embedding_of_another_dimension_is_refused(library):
    with pytest.raises(ValueError, match="shape"):
        library.retrieve(Retrieval("main", embedding=np.ones(3, dtype=np.float32)))
