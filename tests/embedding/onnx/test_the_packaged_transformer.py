"""The real weights that come with wherein, as a user of the extra `deep` has them."""

import hashlib
import tomllib

import numpy as np
import pytest

from wherein.config import Settings
from wherein.embedding.onnx.folder import PACKAGED
from wherein.embedding.open import open_text_embedder
from wherein.store.protocol import Embeddings

CODE = {
    "where are failed requests tried again": "def send_with_backoff(call, most):\n    for attempt in range(most):\n"
    "        try:\n            return call()\n        except TimeoutError:\n            sleep(2 ** attempt)\n",
    "remove a folder with everything in it": "func RemoveAll(path string) error {\n"
    "\tfor _, e := range readDir(path) {\n\t\tos.Remove(join(path, e))\n\t}\n\treturn os.Rmdir(path)\n}\n",
    "check that the user may log in": "public boolean authenticate(String name, char[] password) {\n"
    "    return hash(password).equals(accounts.get(name).digest());\n}\n",
    "draw the picture smaller": "function resizeImage(canvas, scale) {\n  canvas.width *= scale;\n"
    "  canvas.height *= scale;\n  context.drawImage(source, 0, 0);\n}\n",
}


@pytest.fixture(scope="module")
def embedder():
    opened = open_text_embedder(Settings(deep_model="deep"))
    assert opened is not None
    return opened


def test_each_question_is_closest_to_the_code_that_answers_it(embedder):
    codes: Embeddings = embedder.documents(list(CODE.values()))
    for number, question in enumerate(CODE):
        assert int(np.argmax(codes @ embedder.query(question)[0])) == number, question


def test_it_is_opened_once_a_process(embedder):
    assert open_text_embedder(Settings(deep_model="deep")) is embedder


def test_its_id_tells_its_dimension_and_content(embedder):
    card = tomllib.loads((PACKAGED / "model.toml").read_text("utf-8"))
    digest = hashlib.sha256("".join(card["outputs"].values()).encode()).hexdigest()[:8]
    assert f"-{embedder.dimension}@{digest}" in embedder.model_id
    assert embedder.query("x").shape == (1, embedder.dimension)


def test_all_of_it_is_no_more_than_35_megabytes():
    assert sum(file.stat().st_size for file in PACKAGED.iterdir()) <= 35_000_000
