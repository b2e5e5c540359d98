"""Folders that hold no model, or not the one they say: one sentence, and what mends it."""

import hashlib
import os
import sys

import pytest

from tiny_transformer import random_weights, write_model
from wherein.embedding.onnx.embedder import OnnxEmbedder
from wherein.errors import ConfigError
from wherein.extras import install_command


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "tiny")


def refused(folder):
    with pytest.raises(ConfigError) as caught:
        OnnxEmbedder(folder)
    assert str(folder) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    return caught.value.message


def replace(folder, name, content):
    """Another content that the card says belongs there."""
    before = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / name).write_bytes(content)
    card = (folder / "model.toml").read_text("utf-8")
    (folder / "model.toml").write_text(card.replace(before, hashlib.sha256(content).hexdigest()), "utf-8")


@pytest.mark.parametrize("name", ["model.onnx", "vocabulary.txt"])
def test_a_file_cut_short_is_damaged(folder, name):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    assert f"{name} is damaged" in refused(folder)


def test_one_changed_bit_is_damage(folder):
    content = bytearray((folder / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.onnx").write_bytes(content)
    assert "model.onnx is damaged" in refused(folder)


@pytest.mark.parametrize("name", ["model.onnx", "vocabulary.txt", "model.toml"])
def test_a_missing_file_is_named_with_the_systems_reason(folder, name):
    (folder / name).unlink()
    assert "No such file" in refused(folder)


def test_a_folder_that_is_not_there(tmp_path):
    assert "No such file" in refused(tmp_path / "none")


@pytest.mark.parametrize(
    "card",
    ["", "[model", '[model]\nid = "x"\n', "\0", '[model]\nid="x"\ndimension="many"\n', "model = 3\n"],
)
def test_a_card_that_is_none(folder, card):
    (folder / "model.toml").write_text(card, "utf-8")
    assert "model.toml" in refused(folder)


@pytest.mark.parametrize("line", ['"window" = 128', '"dimension" = 48'])
def test_numbers_that_no_model_can_have(folder, line):
    card = (folder / "model.toml").read_text("utf-8")
    (folder / "model.toml").write_text(card.replace(line, line.rpartition(" ")[0] + " -1"), "utf-8")
    assert "cannot exist" in refused(folder)


def test_a_model_of_another_dimension_than_its_card_says(folder, tmp_path):
    other = write_model(tmp_path / "other", random_weights(dimension=24))
    replace(folder, "model.onnx", (other / "model.onnx").read_bytes())
    assert "24 dimensions, not 48" in refused(folder)


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"<html>404</html>", b"\x08\x09" * 2_000])
def test_a_network_that_is_none_though_its_hash_fits(folder, content):
    replace(folder, "model.onnx", content)
    assert "network" in refused(folder)


def test_a_network_that_takes_something_else(folder):
    content = (folder / "model.onnx").read_bytes().replace(b"pieces", b"images")
    replace(folder, "model.onnx", content)
    assert "does not take pieces" in refused(folder)


def test_a_vocabulary_without_the_marks(folder):
    replace(folder, "vocabulary.txt", b"get\nset\n")
    assert "vocabulary.txt" in refused(folder)


def test_a_vocabulary_of_more_pieces_than_the_network_has(folder):
    replace(folder, "vocabulary.txt", (folder / "vocabulary.txt").read_bytes() + b"further\n" * 9)
    assert "vocabulary" in refused(folder)


def test_without_onnx_runtime_it_says_what_to_install_for_this_very_python(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match="onnxruntime") as caught:
        OnnxEmbedder(folder)
    assert caught.value.remedy == install_command("deep")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as files are POSIX's")
@pytest.mark.parametrize("name", ["model.toml", "model.onnx", "vocabulary.txt"])
def test_a_pipe_in_a_folder_is_not_waited_for(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert "regular file" in refused(folder)
