"""Any folder with an ONNX file and its tokenizer: what it gives, and what of it is refused in one sentence."""

import json
import os
import pickle
import shutil
import sys
from contextlib import suppress

import numpy as np
import pytest

from tiny_onnx import DIMENSION, WORDS, network, onnx_folder, table, tokenizer, with_node
from tiny_transformer import write_model
from wherein.config import Settings
from wherein.embedding.onnx.given import trial
from wherein.embedding.onnx.protobuf import sized, whole
from wherein.embedding.open import open_text_embedder
from wherein.errors import ConfigError


def opened(folder, tmp_path, **own):
    embedder = open_text_embedder(Settings(deep_model=f"onnx:{folder}", data_dir=tmp_path / "data", **own))
    assert embedder is not None
    return embedder


def refused(folder, tmp_path, words, **own):
    with pytest.raises(ConfigError) as caught:
        opened(folder, tmp_path, **own)
    assert words in caught.value.message
    assert str(folder) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.remedy
    return caught.value


def unit(rows):
    return rows / np.linalg.norm(rows)


def rows_of(text):
    return table()[[WORDS.index(word) for word in ["[CLS]", *text.split(), "[SEP]"]]]


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [("mean", lambda rows: rows.mean(0)), ("first", lambda rows: rows[0]), ("last", lambda rows: rows[-1])],
)
def test_what_comes_out_is_pooled_as_the_folder_says(tmp_path, pooling, expected):
    embedder = opened(onnx_folder(tmp_path / "m", pooling=pooling), tmp_path)
    found = embedder.documents(["get user ( name", "", "set file"])
    np.testing.assert_allclose(found[0], unit(expected(rows_of("get user ( name"))), atol=1e-5)
    assert found.shape == (3, DIMENSION)
    assert not found[1].any()


@pytest.mark.parametrize(("key", "place"), [("pooling_mode_cls_token", 0), ("pooling_mode_lasttoken", -1)])
def test_what_sentence_transformers_says_of_a_model_counts(tmp_path, key, place):
    folder = onnx_folder(tmp_path / "m")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": DIMENSION, key: True})
    )
    prompts = {"prompts": {"query": "query: ", "document": "passage: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    embedder = opened(folder, tmp_path)
    np.testing.assert_allclose(embedder.query("get")[0], unit(rows_of("query : get")[place]), atol=1e-5)
    assert "+" in embedder.model_id


def test_a_network_that_pools_by_itself_is_believed(tmp_path):
    embedder = opened(onnx_folder(tmp_path / "m", network(pooled=True), pooling="first"), tmp_path)
    np.testing.assert_allclose(embedder.query("get")[0], unit(rows_of("get").mean(0)), atol=1e-5)


def test_prefixes_stand_before_questions_and_texts_and_are_part_of_the_models_id(tmp_path):
    folder = onnx_folder(tmp_path / "m", query_prefix="query: ", document_prefix="passage: ")
    embedder = opened(folder, tmp_path)
    np.testing.assert_allclose(embedder.query("get")[0], unit(rows_of("query : get").mean(0)), atol=1e-5)
    np.testing.assert_allclose(
        embedder.documents(["get"])[0], unit(rows_of("passage : get").mean(0)), atol=1e-5
    )
    assert opened(folder, tmp_path, deep_query_prefix="").model_id != embedder.model_id


def test_a_long_text_is_its_beginning(tmp_path):
    embedder = opened(onnx_folder(tmp_path / "m", window=5), tmp_path)
    np.testing.assert_allclose(
        embedder.query("get user name " * 100_000)[0], unit(rows_of("get user name").mean(0)), atol=1e-5
    )


def test_only_the_first_numbers_are_kept_where_that_is_set(tmp_path):
    embedder = opened(onnx_folder(tmp_path / "m"), tmp_path, deep_dimension=4)
    assert embedder.dimension == embedder.query("get").shape[1] == 4


def test_other_contents_are_another_model_and_the_same_the_same_wherever_it_lies(tmp_path):
    one = opened(onnx_folder(tmp_path / "m"), tmp_path)
    same = opened(onnx_folder(tmp_path / "copy" / "m"), tmp_path)
    other = opened(onnx_folder(tmp_path / "other" / "m", network(table(seed=2))), tmp_path)
    assert one.model_id == same.model_id != other.model_id


def test_a_folder_of_wherein_s_own_form_is_opened_as_such(tmp_path):
    embedder = opened(write_model(tmp_path / "tiny"), tmp_path)
    assert "/words" in embedder.model_id


def test_a_model_is_tried_out_once(tmp_path, monkeypatch):
    folder = onnx_folder(tmp_path / "m")
    opened(folder, tmp_path)
    monkeypatch.setattr(trial, "MOST_SECONDS", 0.0)
    assert opened(folder, tmp_path).query("get").any()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (network()[:-40], "not an ONNX file, or is incomplete"),
        (network()[: len(network()) // 2], "not an ONNX file, or is incomplete"),
        (b"", "not an ONNX file, or is incomplete"),
        (b"<html>404</html>", "not an ONNX file, or is incomplete"),
        (pickle.dumps({"weights": [1]}), "not an ONNX file, or is incomplete"),
        (with_node(network(), sized(4, "Run") + sized(7, "evil.example")), "could run any code"),
        (
            with_node(network(), sized(4, "Loop") + sized(5, sized(1, "body") + sized(6, b""))),
            "might never end",
        ),
        (
            with_node(network(), sized(4, "Constant") + sized(5, sized(5, whole(14, 1) + sized(13, b"")))),
            "another file",
        ),
        (network() + sized(25, b""), "functions of its own"),
        (network(table(rows=4)), "does not take its vocabulary"),
        (network(inputs=("pixels",)), "its network takes pixels"),
        (network(harm="nan"), "not return vectors"),
    ],
)
def test_a_network_that_is_none_or_could_do_harm(tmp_path, content, words):
    refused(onnx_folder(tmp_path / "m", content), tmp_path, words)


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
def test_a_network_that_takes_all_memory_takes_none_of_ours(tmp_path):
    error = refused(onnx_folder(tmp_path / "m", network(harm="memory")), tmp_path, "cannot be used")
    assert "memory" in error.message or "does not take" in error.message


def test_a_network_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(trial, "MOST_SECONDS", 0.01)
    refused(onnx_folder(tmp_path / "m"), tmp_path, "more than 0 s")


def test_vectors_of_another_dimension_than_the_folder_says(tmp_path):
    refused(onnx_folder(tmp_path / "m", dimension=24), tmp_path, "16 dimensions, not 24")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "tokenizer.json"),
        (
            json.dumps(tokenizer() | {"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a+)+$"}}}),
            "a pattern",
        ),
    ],
)
def test_a_tokenizer_that_is_none_or_may_take_any_time(tmp_path, content, words):
    folder = onnx_folder(tmp_path / "m")
    (folder / "tokenizer.json").write_text(content)
    refused(folder, tmp_path, words)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path, name):
    folder = onnx_folder(tmp_path / "m")
    (folder / name).unlink()
    refused(folder, tmp_path, name)


def test_a_folder_that_is_not_there(tmp_path):
    refused(tmp_path / "none", tmp_path, "model.onnx")


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"pooling": "max"}, "the pooling in"),
        ({"window": "many"}, "the window in"),
        ({"window": 1}, "a window of 1"),
        ({"prefix": "x"}, "cannot hold 'prefix'"),
    ],
)
def test_a_configuration_that_says_what_cannot_be(tmp_path, own, words):
    refused(onnx_folder(tmp_path / "m", **own), tmp_path, words)


def test_a_pooling_that_wherein_does_not_know_is_told_and_can_be_said_otherwise(tmp_path):
    folder = onnx_folder(tmp_path / "m")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_max_tokens": True}))
    refused(folder, tmp_path, "pooling_mode_max_tokens")
    (folder / "wherein.toml").write_text('pooling = "mean"\n')
    assert opened(folder, tmp_path).query("get").any()


def test_a_folder_that_changes_after_it_was_tried_out_is_tried_out_again(tmp_path):
    folder = onnx_folder(tmp_path / "m")
    opened(folder, tmp_path)
    shutil.copyfile(onnx_folder(tmp_path / "bad", network(harm="nan")) / "model.onnx", folder / "model.onnx")
    refused(folder, tmp_path, "not return vectors")


@pytest.mark.skipif(os.name != "posix", reason="pipes as files are POSIX's")
@pytest.mark.parametrize("name", ["tokenizer.json", "model.onnx", "wherein.toml", "1_Pooling/config.json"])
def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path, name):
    folder = onnx_folder(tmp_path / "m")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    with suppress(ConfigError):
        opened(folder, tmp_path)


def test_settings_of_a_model_that_are_nested_without_an_end_are_told(tmp_path):
    folder = onnx_folder(tmp_path / "m")
    (folder / "wherein.toml").write_text("pooling = " + "[" * 100_000)
    refused(folder, tmp_path, "nested too deeply")
