"""Folders with an ONNX file and its tokenizer as many have them: a table of vectors, and places told apart."""

import json
from pathlib import Path

import numpy as np

from wherein.embedding.onnx.network import FLOAT, INT64, Network, Value
from wherein.embedding.onnx.protobuf import sized

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "get",
    "set",
    "user",
    "name",
    "file",
    "query",
    "passage",
    ":",
    "(",
]
DIMENSION = 16
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def table(seed: int = 1, rows: int = len(WORDS)) -> np.ndarray:
    """A vector for each word."""
    return np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)


def network(
    vectors: np.ndarray | None = None,
    *,
    inputs: tuple[str, ...] = INPUTS,
    pooled: bool = False,
    harm: str = "",
) -> bytes:
    """Pieces → what a transformer gives for each, or, `pooled`, one vector. `harm` names an operator that takes a
    number and fills all memory, or gives what is no number."""
    graph = Network()
    value = graph.add("Gather", graph.constant(table() if vectors is None else vectors), inputs[0])
    if harm == "memory":
        size = graph.constant(np.array([1 << 20, 1 << 20]))
        huge = graph.add("ConstantOfShape", graph.add("Mul", size, graph.add("Shape", inputs[0])))
        value = graph.add("Add", value, graph.add("ReduceMax", huge))
    if harm == "nan":
        zero = graph.constant(np.zeros(1, np.float32))
        value = graph.add("Add", value, graph.add("Div", zero, zero))
    shape: tuple[int | str, ...] = ("texts", "length", DIMENSION)
    name = value
    if pooled:
        name, shape = "sentence_embedding", ("texts", DIMENSION)
        graph.mean(value, name)
    given = [Value(each, INT64, ("texts", "length")) for each in inputs]
    return b"".join(graph.written(given, [Value(name, FLOAT, shape)]))


def with_node(content: bytes, node: bytes) -> bytes:
    """The same file with another node before all others."""
    from wherein.embedding.onnx.protobuf import fields

    made = b""
    for field, value in fields(content):
        if field == 7:
            value = sized(1, node) + bytes(value)
        made += sized(field, bytes(value)) if not isinstance(value, int) else bytes([field << 3, value])
    return made


def onnx_folder(folder: Path, content: bytes | None = None, **own: str | int) -> Path:
    """A whole model; `own` stands in wherein.toml."""
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(network() if content is None else content)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()))
    if own:
        lines = (f"{key} = {json.dumps(value)}\n" for key, value in own.items())
        (folder / "wherein.toml").write_text("".join(lines))
    return folder


def tokenizer() -> dict[str, object]:
    """Of BERT's kind."""
    rows = {word: row for row, word in enumerate(WORDS)}
    marks = [{"id": rows[word], "content": word, "special": True, "single_word": False, "lstrip": False,
              "rstrip": False, "normalized": False} for word in WORDS[:4]]  # fmt: skip
    return {
        "version": "1.0",
        "added_tokens": marks,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", rows["[SEP]"]], "cls": ["[CLS]", rows["[CLS]"]]},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": rows},
    }  # fmt: skip
