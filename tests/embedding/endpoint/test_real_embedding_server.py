"""Against a real llama-server with a tiny model, whose vectors tell bytes apart."""

import signal

import numpy as np
import pytest

from llama_server import LlamaServer, Recital
from wherein.embedding.endpoint.asker import Patience
from wherein.endpoint.failures import AccessDenied, EndpointUnreachable, NoEndpoint, Stalled

OPTIONS = ("--embeddings", "--pooling", "mean")
PATIENCE = Patience(answers_within=20.0, give_up_after=30.0, tries=3)


@pytest.fixture(scope="module")
def llama_embeds():
    with LlamaServer(
        Recital((" x1", " x2")), name="bytes", window=2_048, options=(*OPTIONS, "-ub", "512")
    ) as server:
        yield server


class At:
    def __init__(self, url):
        self.url = url


def test_a_real_server_s_vectors_are_of_length_one_and_tell_texts_apart(llama_embeds, open_at):
    embedder = open_at(At(llama_embeds.base_url), "bytes", patience=PATIENCE)
    texts = [f"def function_{i}(x): return x + {i}" for i in range(70)] + ["completely other words", " "]
    rows = embedder.documents(texts)
    assert rows.shape == (72, embedder.dimension)
    assert np.allclose(np.linalg.norm(rows[:71], axis=1), 1.0, atol=1e-4)
    assert not rows[71].any()
    (asked,) = embedder.query("def function_3(x): return x + 3")
    best = np.argsort(-(rows @ asked))[:3]
    assert 3 in best
    assert 70 not in best
    assert embedder.usage.tokens > 70
    assert embedder.usage.estimated_tokens == 0


def test_a_text_longer_than_a_real_server_takes_loses_its_end(llama_embeds, open_at):
    embedder = open_at(At(llama_embeds.base_url), "bytes", patience=PATIENCE)
    rows = embedder.documents(
        ["short", "a long text " * 300, "another short one"]
    )  # a token a byte: 512 at most
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-4)
    assert np.allclose(rows[0], embedder.documents(["short"])[0], atol=1e-3)


def test_a_real_server_that_hangs_dies_and_comes_back_is_told_each_time(open_at, monkeypatch):
    with LlamaServer(Recital((" x1", " x2")), name="bytes", options=OPTIONS) as server:
        embedder = open_at(At(server.base_url), "bytes", patience=PATIENCE)
        before = embedder.documents(["a text"])
        server.pause()
        with monkeypatch.context() as patched:
            patched.setattr("wherein.embedding.endpoint.embedder.SEARCHING", Patience(1.0, 1.0, 2))
            with pytest.raises(Stalled):
                embedder.query("a text")
        server.resume()
        port = server.port
        server.stop(signal.SIGKILL)
        with pytest.raises(NoEndpoint):
            embedder.documents(["a text"])
        server.start(port)
        assert np.allclose(embedder.documents(["a text"]), before, atol=1e-3)


def test_a_real_server_without_embeddings_or_with_a_key_says_so(open_at):
    options = (*OPTIONS, "--api-key", "sesame")
    with LlamaServer(Recital((" ok", " [1]")), name="bytes", options=options) as server:
        with pytest.raises(AccessDenied) as caught:
            open_at(At(server.base_url), "bytes")
        assert "WHEREIN_EMBEDDING_API_KEY" in caught.value.remedy
        assert open_at(At(server.base_url), "bytes", api_key="sesame").query("x").any()


def test_a_model_that_only_writes_is_told(llama, open_at):
    with pytest.raises(EndpointUnreachable, match="embedding"):
        open_at(At(llama.base_url), "mistral-recital")
