"""A BERT of random numbers, written as the scripts write the real one, and what it gives in plain numpy."""

import importlib.util
import sys
from functools import cache
from math import erf
from pathlib import Path
from types import ModuleType

import numpy as np

from wherein.embedding.onnx.transformer import BERT

SCRIPTS = Path(__file__).parents[2] / "scripts"
WORDS = [
    "get",
    "set",
    "user",
    "name",
    "file",
    "lock",
    "parse",
    "http",
    "a",
    "query",
    "one",
    "two",
    "tree",
    "walk",
    "open",
]
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, *"abcdefghijklmnopqrstuvwxyz"[1:], "##s", "##r"]
FIRST, LAST = VOCABULARY.index("[CLS]"), VOCABULARY.index("[SEP]")
DIMENSION = 48


@cache
def exporting() -> ModuleType:
    """scripts/export_transformer.py."""
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location("export_transformer", SCRIPTS / "export_transformer.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(SCRIPTS))
    return module


def random_weights(seed: int = 1, dimension: int = DIMENSION) -> dict[str, np.ndarray]:
    """Named as in BERT's own files."""
    random = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return random.normal(0, 1 / np.sqrt(shape[-1]), shape).astype(np.float32)

    def norm(name: str) -> dict[str, np.ndarray]:
        return {f"{name}.weight": 1 + draw(dimension) / 4, f"{name}.bias": draw(dimension)}

    def dense(name: str, out: int, into: int) -> dict[str, np.ndarray]:
        return {f"{name}.weight": draw(out, into), f"{name}.bias": draw(out)}

    weights = {
        "embeddings.word_embeddings.weight": draw(len(VOCABULARY), dimension),
        "embeddings.position_embeddings.weight": draw(512, dimension) / 4,
        "embeddings.token_type_embeddings.weight": draw(2, dimension) / 4,
        **norm("embeddings.LayerNorm"),
    }
    for layer in range(BERT.layers):
        name = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            weights |= dense(f"{name}.attention.self.{part}", dimension, dimension)
        weights |= dense(f"{name}.attention.output.dense", dimension, dimension)
        weights |= norm(f"{name}.attention.output.LayerNorm")
        weights |= dense(f"{name}.intermediate.dense", 4 * dimension, dimension)
        weights |= dense(f"{name}.output.dense", dimension, 4 * dimension)
        weights |= norm(f"{name}.output.LayerNorm")
    return weights


def write_model(folder: Path, weights: dict[str, np.ndarray] | None = None) -> Path:
    """A model folder."""
    exporting().write(folder, weights or random_weights(), VOCABULARY, {})
    return folder


def computed(weights: dict[str, np.ndarray], pieces: list[int]) -> np.ndarray:
    """The embedding of a text, by BERT's definition, in double precision."""

    def of(name: str) -> np.ndarray:
        return weights[name].astype(np.float64)

    def dense(name: str, value: np.ndarray) -> np.ndarray:
        return value @ of(f"{name}.weight").T + of(f"{name}.bias")

    def norm(name: str, value: np.ndarray) -> np.ndarray:
        centred = value - value.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * of(f"{name}.weight") + of(f"{name}.bias")

    heads = BERT.heads
    words = of("embeddings.word_embeddings.weight")[pieces]
    places = of("embeddings.position_embeddings.weight")[: len(pieces)]
    value = norm("embeddings.LayerNorm", words + places + of("embeddings.token_type_embeddings.weight")[0])
    for layer in range(BERT.layers):
        name = f"encoder.layer.{layer}"
        query, key, content = (
            dense(f"{name}.attention.self.{part}", value).reshape(len(pieces), heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        seen = (shares @ content).swapaxes(0, 1).reshape(value.shape)
        value = norm(
            f"{name}.attention.output.LayerNorm", dense(f"{name}.attention.output.dense", seen) + value
        )
        wide = dense(f"{name}.intermediate.dense", value)
        wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        value = norm(f"{name}.output.LayerNorm", dense(f"{name}.output.dense", wide) + value)
    mean = value.mean(0)
    return mean / np.linalg.norm(mean)
