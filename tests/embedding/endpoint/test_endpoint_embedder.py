"""What an embedding server that behaves is asked, and what is made of its answers."""

import time

import numpy as np
import pytest

from embedding_server import late, says
from wherein.embedding.endpoint.asker import Patience
from wherein.embedding.endpoint.embedder import EndpointEmbedder, ModelChanged
from wherein.embedding.facts import PROBE
from wherein.embedding.prompts import Prompts, prompts_for
from wherein.embedding.texts import Metered, Remote
from wherein.endpoint.failures import Busy, Stalled

TEXTS = ["def follow_redirects(response):", "class Cart:", "", "SELECT name FROM people"]


def test_texts_become_rows_of_length_one_in_their_order_and_blank_ones_zeros(server, open_at):
    rows = open_at(server).documents(TEXTS)
    assert rows.shape == (4, 256)
    assert rows.dtype == np.float32
    for place in (0, 1, 3):  # the server answers in another order, by index
        assert np.allclose(rows[place], server.vector(TEXTS[place]), atol=1e-6)
    assert not rows[2].any()
    assert "" not in server.texts


def test_questions_and_documents_have_their_prefixes_and_these_are_part_of_the_id(server, open_at):
    plain = open_at(server)
    embedder = open_at(server, prompts=Prompts("ask: ", "doc: "))
    assert embedder.query("a").shape == (1, 256)
    assert server.texts[-1] == "ask: a"
    embedder.documents(["b"])
    assert server.texts[-1] == "doc: b"
    assert len({plain.model_id, embedder.model_id, open_at(server, prompts=Prompts("ask: ")).model_id}) == 3


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("nomic-embed-text:v1.5", "search_query: ", "search_document: "),
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("text-embedding-3-small", "", ""),
        ("manutic/nomic-embed-code", "Represent this query for searching relevant code: ", ""),
    ],
)
def test_the_prefixes_of_well_known_models_are_known_and_a_setting_counts_more(name, query, document):
    assert prompts_for(name) == Prompts(query, document)
    assert prompts_for(name, query="", document="x ") == Prompts("", "x ")


def test_many_texts_go_in_batches_by_number_and_by_length(server, open_at):
    embedder = open_at(server)
    server.asked.clear()
    rows = embedder.documents([f"text {i}" for i in range(150)] + ["y" * 40_000] * 2)
    assert [len(request["input"]) for request in server.asked] == [64, 64, 23, 1]
    assert np.allclose(rows[149], server.vector("text 149"), atol=1e-6)


def test_a_model_is_known_by_name_weights_and_dimension_and_asked_for_them_once(server, open_at):
    first = open_at(server)
    assert server.texts == [PROBE]
    again = open_at(server)
    assert server.texts == [PROBE]  # remembered
    assert first.model_id == again.model_id
    assert first.model_id.startswith("endpoint:counts-bytes@")
    assert first.model_id.endswith("/256")
    server.seed = 1
    other = open_at(server, "another")
    assert other.model_id.partition("@")[2] != first.model_id.partition("@")[2]


def test_another_model_behind_the_same_name_is_told_and_has_another_id_from_then_on(server, open_at):
    before = open_at(server).model_id
    server.seed = 1
    embedder = open_at(server)
    assert embedder.model_id == before  # nobody asked yet
    with pytest.raises(ModelChanged, match="is a different model than before"):
        embedder.documents(["a"])
    after = open_at(server)
    assert after.model_id != before
    assert np.allclose(after.documents(["a"]), server.vector("a"), atol=1e-6)


def test_other_dimensions_than_before_are_told_to_who_asks_and_to_who_fills(server, open_at):
    open_at(server)
    server.dimension = 128
    with pytest.raises(ModelChanged, match="vectors of 128 numbers, not 256"):
        open_at(server).query("a")
    assert open_at(server).dimension == 128


def test_vectors_are_cut_here_where_the_server_does_not(server, open_at):
    embedder = open_at(server, dimension=64)
    assert server.asked[-1]["dimensions"] == 64
    row = embedder.documents(["a text"])[0]
    assert row.shape == (64,)
    assert np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5)
    expected = np.array(server.vector("a text"))[:64]
    assert np.allclose(row, expected / np.linalg.norm(expected), atol=1e-5)


def test_a_server_that_refuses_the_option_is_asked_without_it(server, open_at):
    server.then(says({"error": {"message": "Model does not support matryoshka: dimensions"}}, status=400))
    embedder = open_at(server, dimension=64)
    assert "dimensions" not in server.asked[-1]
    assert embedder.query("a").shape == (1, 64)
    assert "dimensions" not in server.asked[-1]


def test_requests_tokens_and_cost_are_counted_and_estimated_where_the_server_does_not_tell(server, open_at):
    embedder = open_at(server, price=2.0)
    assert isinstance(embedder, Metered)
    before = embedder.usage.tokens
    embedder.query("x" * 500)
    assert (embedder.usage.requests, embedder.usage.texts) == (2, 2)
    assert embedder.usage.tokens - before == 500
    assert embedder.usage.cost == pytest.approx(embedder.usage.tokens * 2e-6)
    assert embedder.usage.estimated_tokens == 0
    server.usage = False
    embedder.query("x" * 320)
    assert embedder.usage.estimated_tokens == 100


def test_the_key_goes_to_the_server_and_into_no_file(server, open_at, data_dir):
    open_at(server, api_key="sesame-1234").query("a")
    assert server.authorizations == ["Bearer sesame-1234"] * 2
    assert all(b"sesame" not in file.read_bytes() for file in data_dir.rglob("*") if file.is_file())
    assert EndpointEmbedder.__repr__ is object.__repr__


def test_what_is_remembered_may_be_gone_damaged_or_not_writable(server, open_at, data_dir):
    before = open_at(server).model_id
    (file,) = (data_dir / "models").iterdir()
    for damage in (b"", b"[]", b'{"probe": [null, 1]}', b'{"probe": "x"}', b'{"probe": [0, 0]}'):
        file.write_bytes(damage)
        assert open_at(server).model_id == before


def test_who_waits_asks_once_and_for_so_long(server, open_at):
    embedder = open_at(server)
    assert isinstance(embedder, Remote)
    assert np.allclose(embedder.documents_within(["a"], 20.0), server.vector("a"), atol=1e-6)
    server.then(*[late(1.0, server.answer)] * 9)
    began = time.monotonic()
    with pytest.raises(Stalled):
        embedder.documents_within([f"text {i}" for i in range(8)], 0.2)
    assert time.monotonic() - began < 1.0
    server.well()
    server.then(says({"error": "busy"}, status=429, Retry_After="30"))
    with pytest.raises(Busy):
        embedder.documents_within(["a"], 0.5)


def test_another_model_is_told_to_who_waits_as_well_and_nothing_of_it_is_taken(server, open_at):
    open_at(server)
    embedder = open_at(server)
    server.seed = 1
    with pytest.raises(ModelChanged):
        embedder.documents_within(["a"], 20.0)
    assert embedder.outdated


def test_a_server_that_kept_a_question_waiting_is_not_asked_another_one_for_a_while(
    server, open_at, monkeypatch
):
    monkeypatch.setattr("wherein.embedding.endpoint.embedder.SEARCHING", Patience(0.3, 0.3, 2))
    embedder = open_at(server)
    server.then(late(1.0, server.answer))
    with pytest.raises(Stalled, match="has not answered within"):
        embedder.query("a")
    asked = len(server.asked)
    with pytest.raises(Stalled, match=r"it is asked again in [23]\d s"):
        embedder.query("a")
    assert len(server.asked) == asked
    monkeypatch.setattr("wherein.embedding.endpoint.embedder.SEARCHING", Patience(20.0, 1.0, 2))
    embedder._rests_until = 0.0
    assert embedder.query("a").any()
