"""A model's folder is looked at before anything of it is loaded."""

import json
import pickle
import shutil
from pathlib import Path

import pytest

from model_folders import bert_folder, bert_tensors, modules, write_tensors
from wherein.config import Settings
from wherein.embedding.open import open_text_embedder
from wherein.embedding.prompts import Prompts
from wherein.embedding.transformers.folder import look_at
from wherein.errors import ConfigError


@pytest.fixture
def model(tmp_path):
    return bert_folder(tmp_path / "tiny")


def test_a_whole_folder_tells_its_size_prompts_and_a_revision_of_its_own(tmp_path, model):
    found = look_at(model)
    assert found.bytes > 50_000
    assert found.prompts is None
    assert [file.name for file in found.weights] == ["model.safetensors"]
    shutil.copytree(model, tmp_path / "copy")
    assert look_at(tmp_path / "copy").revision == found.revision
    other = look_at(bert_folder(tmp_path / "other", seed=1, prompts={"query": "ask: ", "document": ""}))
    assert other.revision != found.revision
    assert other.prompts == Prompts("ask: ", "")


def test_a_model_without_modules_is_a_plain_transformer(model):
    (model / "modules.json").unlink()
    assert look_at(model).weights
    (model / "config.json").unlink()
    with pytest.raises(ConfigError, match="holds no model"):
        look_at(model)


def test_weights_that_are_a_pickle_are_refused_and_never_read(tmp_path, model):
    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "was run",))

    (model / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    assert look_at(model)  # beside safetensors nobody reads it
    (model / "model.safetensors").unlink()
    with pytest.raises(
        ConfigError, match=r"a pickle \(pytorch_model.bin\), which could run any code"
    ) as caught:
        look_at(model)
    assert "model.safetensors" in caught.value.remedy
    modules(model, "Transformer", "Pooling", "Dense")
    write_tensors(model / "model.safetensors", bert_tensors())
    (model / "2_Dense").mkdir()
    (model / "2_Dense" / "pytorch_model.bin").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(ConfigError, match="a pickle"):
        look_at(model)
    with pytest.raises(ConfigError, match="a pickle"):
        open_text_embedder(Settings(deep_model=f"transformers:{model}", data_dir=tmp_path / "data"))
    assert not (tmp_path / "was run").exists()


@pytest.mark.parametrize(
    "type_",
    ["evil.Module", "sentence_transformers_evil.Pooling", "os.system", "sentence_transformers.util.http_get"],
)
def test_a_model_that_brings_its_own_program_is_refused(model, type_):
    (model / "evil.py").write_text("raise SystemExit")
    modules(model, "Transformer", type_)
    with pytest.raises(ConfigError, match="code that a model brings along could do anything") as caught:
        look_at(model)
    assert type_ in caught.value.message


@pytest.mark.parametrize("place", ["../other", "/etc", "1_Pooling/../../x"])
def test_modules_lie_in_their_model(model, place):
    listed = json.loads((model / "modules.json").read_text())
    listed[1]["path"] = place
    (model / "modules.json").write_text(json.dumps(listed))
    with pytest.raises(ConfigError, match="outside of it"):
        look_at(model)


def test_weights_that_are_cut_off_anywhere_are_told(model):
    file = model / "model.safetensors"
    whole = file.read_bytes()
    for size in (0, 4, 8, 100, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        with pytest.raises(ConfigError, match=r"damaged: model\.safetensors is incomplete"):
            look_at(model)
    for bad in (
        whole + b"\0",
        b"\xff" * 100,
        (2).to_bytes(8, "little") + b"[]",
        (2**60).to_bytes(8, "little"),
    ):
        file.write_bytes(bad)
        with pytest.raises(ConfigError, match="is incomplete"):
            look_at(model)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("modules.json", "{", "modules.json is not JSON"),
        ("modules.json", "[]", "modules.json lists nothing"),
        ("modules.json", "[1]", "does not say what its modules are"),
        ("modules.json", "[" * 100_000, "modules.json is not JSON"),
        ("config_sentence_transformers.json", "\xff", "is not JSON"),
        ("model.safetensors.index.json", '{"weight_map": {"x": "model-2.safetensors"}}', "model-2.* is missing"),
    ],
)  # fmt: skip
def test_damaged_descriptions_are_told(model, name, text, words):
    (model / name).write_text(text, encoding="latin-1")
    with pytest.raises(ConfigError, match=words):
        look_at(model)


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(ConfigError, match="There is no folder"):
        open_text_embedder(Settings(deep_model=f"transformers:{tmp_path}/gone", data_dir=tmp_path))
