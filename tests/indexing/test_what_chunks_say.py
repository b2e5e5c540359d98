"""Counted for all chunks at once, they say what one would count in each."""

from collections import Counter
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wherein import tokens
from wherein.embedding.open import open_embedder
from wherein.indexing import vocabulary as vocabularies
from wherein.indexing.batch_texts import EMBEDDED_WORDS, TEXTS, BatchTexts
from wherein.indexing.prepare import Content, prepare
from wherein.indexing.vocabulary import Vocabulary
from wherein.profile import find_terms, term_hash

PARTS = st.sampled_from(
    [
        "open",
        "path",
        "parseHTTPResponse2",
        "snake_case_name",
        "x",
        "größe",
        "认证错误",
        "a" * 70,
        "\0",
        "\x01",
        ".",
    ]
)
TEXT = st.lists(PARTS, max_size=12).map(" ".join)
CHUNK = st.tuples(*[TEXT] * len(TEXTS))


def said_of(chunks, known) -> tuple[BatchTexts, list[str]]:
    runs, streams = known.numbered([text for chunk in chunks for text in chunk])
    ends = known.ends(runs)
    return BatchTexts(known, runs, np.diff(ends, prepend=-1).reshape(-1, len(TEXTS))), streams


def plain_profile(chunk) -> bytes:
    body, doc, signature, symbol = map(tokens.terms, chunk[:4])
    counts = {term: min(count, 15) for term, count in Counter(body).items()}
    for term, count in Counter(doc).items():
        counts[term] = counts.get(term, 0) | min(count, 3) << 4
    for bit, terms in ((0x40, signature), (0x80, symbol)):
        for term in terms:
            counts[term] = counts.get(term, 0) | bit
    records = [(len(body) | len(doc) << 16).to_bytes(4, "little") + b"\0"]
    records += [
        term_hash(term).to_bytes(4, "little") + bytes([counts[term]])
        for term in sorted(counts, key=counts.__getitem__)
    ]
    return b"".join(records)


@settings(deadline=None)
@given(st.lists(CHUNK, min_size=1, max_size=6))
def test_profiles_streams_and_embeddings_are_those_of_each_chunk_alone(chunks):
    embedder = open_embedder()
    known = Vocabulary(embedder)
    said, streams = said_of(chunks, known)
    assert streams == [" ".join(tokens.terms(text)) for text in chain.from_iterable(chunks)]
    assert said.profiles([()] * len(chunks)) == list(map(plain_profile, chunks))
    words = [tokens.words(c[4]) + tokens.words(c[1]) + tokens.words(c[0]) for c in chunks]
    embedded = said.embeddings(np.ones(len(chunks), np.bool_))
    np.testing.assert_allclose(embedded, embedder.embed(words), atol=1e-5)


def test_of_a_long_body_the_first_words_are_embedded_and_of_what_is_not_searched_none():
    embedder = open_embedder()
    body = " ".join(["openFile", "path"] * EMBEDDED_WORDS)
    said, _ = said_of([(body, "", "", "", "name"), (body, "", "", "", "name")], Vocabulary(embedder))
    first, second = said.embeddings(np.array([True, False]))
    expected = embedder.embed([[*tokens.words(body)[:EMBEDDED_WORDS], "name"]])[0]
    np.testing.assert_allclose(first, expected, atol=1e-5)
    assert not second.any()


def content(name: str, text: str) -> Content:
    return Content(name, "0" * 40, text.encode())


def test_a_constant_of_a_group_counts_as_what_its_chunk_is_called_and_a_field_of_a_class_does_not():
    text = "package a\n\nconst (\n\tnarrow = 1\n\tbroad = 2\n)\n\ntype Shelf struct {\n\twidth int\n}\n"
    (version,) = prepare([content("a.go", text)], open_embedder())
    assert [chunk.names for chunk in version.chunks if chunk.names] == [("broad",), ("width",)]
    found = find_terms([chunk.profile for chunk in version.chunks], ["narrow", "broad", "shelf", "width"])
    assert found.counts().symbol.max(axis=0).tolist() == [1, 1, 1, 0]


def test_what_is_prepared_does_not_depend_on_what_was_prepared_before(monkeypatch):
    embedder = open_embedder()
    files = [
        content(f"{name}.txt", f"{name} opens the {name}File\n" * 3) for name in ("alpha", "beta", "gamma")
    ]
    monkeypatch.setattr(vocabularies, "MOST_RUNS", 3)
    together = prepare(files, embedder)
    for file, version in zip(files, together, strict=True):
        (alone,) = prepare([file], embedder)
        assert alone.chunks == version.chunks
        np.testing.assert_allclose(alone.embeddings, version.embeddings, atol=1e-6)
    assert prepare([content("a.txt", ""), content("b.bin", "\0")], embedder)[0].chunks == []


def test_a_vocabulary_that_could_not_add_a_run_begins_anew(monkeypatch):
    known = Vocabulary(open_embedder())
    known.numbered(["open the file"])

    def fails(_):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(vocabularies, "term_hash", fails)
        with pytest.raises(MemoryError):
            known.numbered(["something else"])
    chunk = ("open something else", "", "", "", "name")
    said, _ = said_of([chunk], known)
    assert said.profiles([()]) == [plain_profile(chunk)]
