"""What every embedder of the deep tier must do, asked of each: the packaged transformer on ONNX Runtime, a server over
HTTP, a folder with an ONNX file, and, where its extra is installed, a transformer that sentence-transformers loads."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embedding_server import EmbeddingServer
from model_folders import bert_folder
from tiny_onnx import onnx_folder
from wherein.config import Settings
from wherein.embedding.open import open_text_embedder
from wherein.embedding.texts import Metered

TEXTS = [
    "def add(self):\n    return the total",
    "",
    "parse the file",
    " \n ",
    "read \u00fcber \U0001f600 \0 \udc80",
]


@pytest.fixture(params=["deep", "endpoint", "onnx", "transformers"])
def settings(request, tmp_path):
    kind, own = request.param, {}
    needed = {"deep": "onnxruntime", "onnx": "tokenizers", "transformers": "sentence_transformers"}.get(kind)
    if needed is not None and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    if kind == "endpoint":
        own["deep_endpoint"] = EmbeddingServer(request.getfixturevalue("httpserver")).url
    if kind == "onnx":
        model = f"onnx:{onnx_folder(tmp_path / 'm')}"
    else:
        model = {"deep": "deep", "endpoint": "endpoint:counts"}.get(
            kind
        ) or f"transformers:{bert_folder(tmp_path / 'm')}"
    return Settings(deep_model=model, data_dir=tmp_path / "data", deep_device="cpu", **own)


@pytest.fixture
def embedder(settings):
    return open_text_embedder(settings)


def test_texts_become_rows_of_length_one_and_blanks_none(embedder):
    rows = embedder.documents(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dimension)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert lengths == pytest.approx([1, 0, 1, 0, 1], abs=1e-3)
    assert embedder.documents([]).shape == (0, embedder.dimension)
    asked = embedder.query("where is the total")
    assert asked.shape == (1, embedder.dimension)
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-3)
    assert not embedder.query("  ").any()


def test_a_text_has_one_row_whatever_it_is_embedded_with_and_by_whichever_thread(embedder):
    alone = embedder.documents([TEXTS[0]])[0]
    with ThreadPoolExecutor(4) as pool:
        together = list(
            pool.map(lambda n: embedder.documents([*TEXTS[2:], TEXTS[0], "x " * n])[3], range(1, 9))
        )
    for row in together:
        assert float(row @ alone) == pytest.approx(1, abs=5e-3)
    assert float(embedder.documents([TEXTS[2]])[0] @ alone) < 0.999


def test_the_id_is_that_of_the_model_and_no_secret_of_this_machine(embedder, settings):
    again = open_text_embedder(settings)
    assert again.model_id == embedder.model_id
    assert again.dimension == embedder.dimension
    assert str(settings.data_dir.parent) not in embedder.model_id
    assert "127.0.0.1" not in embedder.model_id


def test_a_text_far_longer_than_any_window_is_embedded_by_its_beginning(embedder):
    if isinstance(embedder, Metered):
        pytest.skip("how much a server's model takes is its own affair")
    long = "parse the file of prices " * 4_000
    first, cut = embedder.documents([long, long[:60_000]])
    assert float(first @ cut) == pytest.approx(1, abs=1e-3)
