import pytest
from pytest_httpserver import HTTPServer

from embedding_server import EmbeddingServer
from wherein.embedding.endpoint.embedder import EndpointEmbedder


@pytest.fixture
def server():
    """At a port of its own: what a test before gave up may still be asked at the old one."""
    with HTTPServer(threaded=True) as http:
        yield EmbeddingServer(http)


@pytest.fixture
def open_at(data_dir):
    """open_at(server, …): an embedder of the server; `slept` is what it would have waited."""
    opened = []

    def make(server, model="counts-bytes", **options):
        slept: list[float] = []
        embedder = EndpointEmbedder(server.url, model, data_dir=data_dir, sleep=slept.append, **options)
        embedder.slept = slept
        opened.append(embedder)
        return embedder

    yield make
    for embedder in opened:
        embedder.close()
