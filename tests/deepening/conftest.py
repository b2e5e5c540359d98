"""Repositories with a deep tier, whose model is an embedding server that counts bytes."""

from dataclasses import replace

import pytest

from embedding_server import EmbeddingServer
from wherein.config.settings import IndexSettings, SearchSettings, Settings
from wherein.opening import open_index

WITHOUT_A_LOOK = SearchSettings(second_look=0)


@pytest.fixture
def server(httpserver):
    return EmbeddingServer(httpserver)


@pytest.fixture
def settings(server, tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        deep_model="endpoint:counts",
        deep_endpoint=server.url,
        search=WITHOUT_A_LOOK,
        index=IndexSettings(name="acme/deep"),
    )


@pytest.fixture(params=["embedded", "redis"])
def stored(request, settings):
    """The settings with each store."""
    if request.param == "embedded":
        return settings
    return replace(settings, store=request.getfixturevalue("redis_url"))


def functions(*names):
    """A module of these functions, each of its own words."""
    return "\n\n".join(f"def {name}(given):\n    return made_of_{name}(given)\n" for name in names)


@pytest.fixture
def module():
    return functions


@pytest.fixture
def open_at():
    """open_at(place, settings, view=…): an index, closed after the test."""
    opened = []

    def make(place, settings, view=None):
        index = open_index(place.root, settings=settings, view=view)
        opened.append(index)
        return index

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def documents(server):
    """What the model was asked to embed but for questions, since the last call."""
    seen = [0]

    def told():
        # the probe of a model that is opened has no line's end, and no question of these tests has
        texts = [text for text in server.texts[seen[0] :] if "\n" in text]
        seen[0] = len(server.texts)
        return texts

    return told
