"""A real network of random numbers in ONNX Runtime."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tiny_transformer import DIMENSION, FIRST, LAST, VOCABULARY, computed, random_weights, write_model
from wherein.embedding.onnx.embedder import OnnxEmbedder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def embedder(folder):
    return OnnxEmbedder(folder)


def test_the_network_is_that_transformer_but_for_what_int8_rounds(embedder):
    texts = ["get user name", "walk tree", "open file lock parse http", "a a query"]
    pieces = [[FIRST, *map(VOCABULARY.index, text.split()), LAST] for text in texts]
    expected = np.stack([computed(random_weights(), row) for row in pieces])
    found = embedder.documents(texts)
    assert (np.sum(found * expected, axis=1) > 0.998).all()
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=0.03)


def test_rows_have_length_one_and_those_of_texts_without_a_known_word_are_zero(embedder):
    vectors = embedder.documents(["open file", "", "!!! 猫", "lock"])
    assert (vectors.shape, vectors.dtype) == ((4, DIMENSION), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 0, 1], atol=1e-5)
    assert embedder.documents([]).shape == (0, DIMENSION)
    assert not embedder.query(" ").any()


def test_a_text_has_one_vector_whatever_is_embedded_beside_it_and_whoever_asks(embedder):
    texts = [" ".join(["get", "user", "walk", "tree"][: 1 + n % 4]) + " file" * (n % 9) for n in range(40)]
    together = embedder.documents(texts)
    np.testing.assert_array_equal(together[::-1], embedder.documents(texts[::-1]))
    with ThreadPoolExecutor(4) as pool:
        alone = np.concatenate(list(pool.map(embedder.query, texts)))
    np.testing.assert_array_equal(together, alone)


def test_names_are_read_as_their_words_in_every_style(embedder):
    vectors = embedder.documents(["getUserName()", "get_user_name", "GET-USER-NAME", "get user name"])
    np.testing.assert_array_equal(vectors, vectors[:1].repeat(4, axis=0))


def test_a_long_text_is_its_beginning_and_takes_no_longer(embedder):
    whole, beginning = embedder.documents(["get user " * 500_000, "get user " * 63])
    np.testing.assert_array_equal(whole, beginning)


def test_order_matters_to_it_as_to_no_bag_of_words(embedder):
    one, other = embedder.documents(["get one set two", "get two set one"])
    assert one @ other < 0.9999


def test_other_weights_are_another_model_and_the_same_the_same(folder, embedder, tmp_path):
    same = OnnxEmbedder(write_model(tmp_path / "same"))
    other = OnnxEmbedder(write_model(tmp_path / "other", random_weights(seed=2)))
    assert same.model_id == embedder.model_id != other.model_id
    assert str(DIMENSION) in embedder.model_id


def test_onnx_runtime_is_imported_only_when_a_model_is_opened_and_prints_nothing(folder):
    program = (
        "import sys, wherein.embedding.open, wherein.embedding.onnx.embedder as e\n"
        "assert 'onnxruntime' not in sys.modules\n"
        "e.OnnxEmbedder(__import__('pathlib').Path(sys.argv[1])).query('get')\n"
        "assert 'onnxruntime' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_onnx_runtime_writes_down_nothing_that_it_could_send(folder, tmp_path):
    program = (
        "import sys, wherein.embedding.onnx.embedder as e\n"
        "e.OnnxEmbedder(__import__('pathlib').Path(sys.argv[1])).query('get')\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    without = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    subprocess.run(
        [sys.executable, "-c", program, str(folder)], env=without | {"HOME": str(home)}, check=True
    )
    assert list(home.rglob("*")) == []
