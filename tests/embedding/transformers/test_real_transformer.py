"""A real, if tiny, transformer, loaded by sentence-transformers itself. Skipped where the extra is not installed: torch
is too much for every run. `pip install 'wherein[transformers]'` and run these after a change."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from model_folders import bert_folder, bert_tensors, write_tensors
from wherein.config import Settings
from wherein.embedding.open import open_text_embedder
from wherein.errors import ConfigError

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None, reason="the extra is not installed"
    ),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return bert_folder(tmp_path_factory.mktemp("models") / "tiny", prompts={"query": "read ", "document": ""})


@pytest.fixture
def open_model(tmp_path):
    def make(folder, **settings):
        return open_text_embedder(
            Settings(
                deep_model=f"transformers:{folder}", data_dir=tmp_path / "data", deep_device="cpu", **settings
            )
        )

    return make


def test_texts_become_rows_as_the_library_makes_them(tiny, open_model):
    from sentence_transformers import SentenceTransformer

    texts = ["def add(self): return the total", "", "read a file " * 200, "class cart"]
    embedder = open_model(tiny)
    rows = embedder.documents(texts)
    assert rows.shape == (4, 32)
    assert rows.dtype == np.float32
    assert not rows[1].any()
    plain = SentenceTransformer(str(tiny), device="cpu")
    expected = plain.encode(texts, normalize_embeddings=True, prompt="")
    assert np.allclose(rows[[0, 2, 3]], expected[[0, 2, 3]], atol=1e-4)
    asked = plain.encode(["the price"], normalize_embeddings=True, prompt_name="query")
    assert np.allclose(embedder.query("the price"), asked, atol=1e-4)


def test_the_id_tells_name_weights_dimension_and_prompts_and_needs_no_loading(tiny, tmp_path, open_model):
    first = open_model(tiny)
    assert first.model_id.startswith("transformers:tiny@")
    again = open_model(tiny)
    assert again.model_id == first.model_id
    assert again._model is None
    ids = {
        first.model_id,
        open_model(tiny, deep_dimension=16).model_id,
        open_model(tiny, deep_query_prefix="x ").model_id,
        open_model(bert_folder(tmp_path / "tiny", seed=3)).model_id,
    }
    assert len(ids) == 4


def test_vectors_are_cut_to_their_first_numbers(tiny, open_model):
    whole, cut = open_model(tiny), open_model(tiny, deep_dimension=16)
    assert cut.dimension == 16
    row = whole.query("open the file")[0, :16]
    assert np.allclose(cut.query("open the file")[0], row / np.linalg.norm(row), atol=1e-5)


def test_weights_that_lack_something_do_not_fit_or_are_not_numbers_are_told(tmp_path, open_model):
    tensors = bert_tensors()
    lacking = bert_folder(tmp_path / "lacking")
    write_tensors(
        lacking / "model.safetensors",
        {name: each for name, each in tensors.items() if ".1.output" not in name},
    )
    with pytest.raises(ConfigError, match=r"it lacks \d+ of its \d+ weights"):
        open_model(lacking)
    other = bert_folder(tmp_path / "other dimension")
    tensors["embeddings.word_embeddings.weight"] = np.ones((10, 16))
    write_tensors(other / "model.safetensors", tensors)
    with pytest.raises(ConfigError, match="cannot be used"):
        open_model(other)
    broken = bert_folder(tmp_path / "not a number")
    tensors = bert_tensors()
    tensors["encoder.layer.0.output.dense.weight"][:] = np.nan
    write_tensors(broken / "model.safetensors", tensors)
    with pytest.raises(ConfigError, match="does not return vectors"):
        open_model(broken)


def test_nothing_is_printed_and_no_hub_is_asked(tiny, tmp_path):
    program = (
        "import socket\n"
        "def refuse(*args, **options): raise SystemExit('the network was used')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from wherein.config import Settings\n"
        "from wherein.embedding.open import open_text_embedder\n"
        f"e = open_text_embedder(Settings(deep_model='transformers:{tiny}', data_dir=Path('{tmp_path}/d')))\n"
        "assert e.documents(['x', 'y']).shape == (2, 32)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_name_that_was_never_pulled_is_told_with_the_command(tmp_path, monkeypatch, open_model):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(ConfigError, match="is not on this machine") as caught:
        open_model("acme/no-such-model")
    assert caught.value.remedy == "wherein model pull transformers:acme/no-such-model"
