"""The embedded store's BM25, whose weights lean on how FTS5 treats an index without stored lengths."""

import math
import random
from dataclasses import replace

import pytest

from wherein.store.protocol import Filters, Retrieval
from wherein.store.sqlite.lexical import POSTINGS_SCORED, SATURATION, SPARE, WEIGHTS


def fill(store, version, chunk_terms, seed):
    """Forty one-chunk files of about `chunk_terms` terms; path → streams."""
    pick = random.Random(seed)
    streams = {}
    for i in range(40):
        body = [f"w{pick.randrange(30)}" for _ in range(pick.randint(1, 2 * chunk_terms - 3))]
        streams[f"{i}.py"] = (f"w{i % 7}", f"w{i % 5}", "", " ".join(body))
    versions = []
    for path, fields in streams.items():
        made = version(path, path)
        versions.append(replace(made, chunks=[made.chunks[0]._replace(streams=fields)]))
    store.write("main", put=versions)
    return streams


def expected(streams, term):
    weighed = {
        path: sum(weight * field.split().count(term) for weight, field in zip(WEIGHTS, fields, strict=True))
        for path, fields in streams.items()
    }
    holders = {path: count for path, count in weighed.items() if count}
    idf = max(math.log((len(streams) - len(holders) + 0.5) / (len(holders) + 0.5)), 1e-6)
    return {path: idf * count * 2.2 / (count + SATURATION) for path, count in holders.items()}


@pytest.mark.parametrize("chunk_terms", [2, 4, 9, 10, 11, 60])
def test_scores_are_bm25_without_lengths_however_short_chunks_are(open_embedded, version, chunk_terms):
    with open_embedded() as store:
        streams = fill(store, version, chunk_terms, seed=chunk_terms)
        store.write("main", unlink=["0.py", "1.py", "2.py"])
        store.collect()
        kept = {path: fields for path, fields in streams.items() if path not in ("0.py", "1.py", "2.py")}
        for term in ("w0", "w3", "w6", "w20"):
            found = store.retrieve(Retrieval("main", terms=(term,))).candidates
            assert {one.path: one.lexical for one in found} == pytest.approx(expected(kept, term), rel=1e-3)


def test_chunks_of_exactly_the_length_where_the_formula_has_no_base_are_found(open_embedded, version):
    with open_embedded() as store:
        store.write("main", put=[version(f"{i}.py", str(i), " ".join(["term"] * 11)) for i in range(3)])
        found = store.retrieve(Retrieval("main", terms=("term",))).candidates
        assert len(found) == 3
        assert all(one.lexical > 0 and math.isfinite(one.lexical) for one in found)


def test_beyond_the_bound_common_terms_choose_no_chunk_but_still_score(open_embedded, version):
    with open_embedded() as store:
        many = version("many.py", "\n" * POSTINGS_SCORED)
        noise = [many.chunks[0]._replace(streams=("", "", "", "get value"))] * POSTINGS_SCORED
        wanted = [
            many.chunks[0]._replace(streams=("", "", "", body), symbol=body)
            for body in ("get socket", "put socket")
        ]
        chunks = noise + wanted
        embeddings = many.embeddings.repeat(len(chunks), axis=0)
        store.write("main", put=[replace(many, chunks=chunks, embeddings=embeddings)])
        found = store.retrieve(Retrieval("main", terms=("get", "socket"), limit=2)).candidates
        scores = {one.symbol: one.lexical for one in found}
        assert scores.keys() == {"get socket", "put socket"}
        assert scores["get socket"] > scores["put socket"]


@pytest.mark.parametrize("elsewhere", ["outside of the filter", "in another view"])
def test_common_terms_choose_chunks_where_nothing_that_may_be_found_holds_the_rarest(
    open_embedded, version, elsewhere
):
    with open_embedded() as store:
        many = version("many.py", "many", "get value")
        noise = [many.chunks[0]] * POSTINGS_SCORED
        embeddings = many.embeddings.repeat(len(noise), axis=0)
        store.write("main", put=[replace(many, chunks=noise, embeddings=embeddings)])
        rare = version("rare.py", "rare", "socket")
        store.write("main" if elsewhere == "outside of the filter" else "other", put=[rare])
        store.write("main", put=[version("sub/few.py", "few", "get it")])
        filters = Filters(paths=("sub/",) if elsewhere == "outside of the filter" else ())
        request = Retrieval("main", terms=("get", "socket"), filters=filters, limit=50)
        beside = replace(request, embedding=many.embeddings[0])
        for asked in (request, beside):
            found = store.retrieve(asked).candidates
            assert any(one.lexical > 0 for one in found)
            assert "rare.py" not in {one.path for one in found}


def test_without_vectors_as_many_chunks_are_found_as_are_asked_for(open_embedded, version):
    with open_embedded() as store:
        many = version("many.py", "many", "get value")
        noise = [many.chunks[0]] * POSTINGS_SCORED
        embeddings = many.embeddings.repeat(len(noise), axis=0)
        store.write("main", put=[replace(many, chunks=noise, embeddings=embeddings)])
        store.write("main", put=[version("rare.py", "rare", "socket")])
        found = store.retrieve(Retrieval("main", terms=("get", "socket"), limit=20)).candidates
        assert len(found) == 20
        assert max(found, key=lambda one: one.lexical).path == "rare.py"


def test_of_however_many_equal_chunks_the_first_by_path_are_found(open_embedded, version):
    with open_embedded() as store:
        shuffled = [i * 37 % 400 for i in range(400)]
        store.write("main", put=[version(f"{i:03}.py", str(i), "term") for i in shuffled])
        found = store.retrieve(Retrieval("main", terms=("term",), limit=20)).candidates
        assert sorted(one.path for one in found) == [f"{i:03}.py" for i in range(20)]


def test_of_more_equal_scores_than_are_read_at_once_the_first_by_place_are_taken_over_unshown_ones(
    open_embedded, version
):
    alike = [version(f"src/{i:03}.py", str(i), "common") for i in reversed(range(10 + SPARE + 200))]
    with open_embedded() as store:
        store.write("main", put=[version("best.py", "best", "common common common")])
        store.write("main", put=alike)
        store.write("main", unlink=["src/000.py", "src/002.py"])
        found = store.retrieve(Retrieval("main", terms=("common",), limit=10)).candidates
    assert sorted(one.path for one in found) == sorted(
        ["best.py", *(f"src/{i:03}.py" for i in (1, *range(3, 11)))]
    )
