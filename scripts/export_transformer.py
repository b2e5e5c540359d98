"""Write a small BERT as the model folder of the extra `deep`: an ONNX network of int8 weights, a vocabulary, a card.

    env/bin/python scripts/export_transformer.py --weights build/transformer/model.safetensors

The last step of making that model (how all are run: indexer/wherein/embedding/onnx/data/README.md). Takes five seconds,
needs numpy and onnx alone, and writes the same bytes each time.
"""

import argparse
import json
import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import model_folder
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

NAME = "wherein-deep-minilm"
LAYERS, HEADS = 6, 12
EPSILON = 1e-12

WINDOW = 128
"""Pieces of a text that are read; benchmarks/RESULTS.md has what other windows give and cost."""

BITS = 7
"""Of a weight of the layers, with one scale a column. Processors without VNNI add products in 16 bits, which overflow
with 8. NDCG@10 on functions of three repositories, untuned: float32 .517, 8 bits .517, 7 bits .535."""

RUNTIME = "com.microsoft"
"""The domain of operators that ONNX Runtime has beyond the standard: several of ours in one."""

Weights = Mapping[str, NDArray[np.float32]]


class Network:
    """A graph that grows by one operator at a time."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[np.generic]) -> str:
        """The name of an array."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: int | float) -> str:
        """The name of an operator's result."""
        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], domain=domain, **attributes))
        return name

    def split(self, value: str, parts: int) -> list[str]:
        """The names of equal parts of a value's last axis."""
        names = [f"value{len(self.nodes)}part{part}" for part in range(parts)]
        self.nodes.append(helper.make_node("Split", [value], names, axis=-1, num_outputs=parts))
        return names

    def product(self, value: str, weight: NDArray[np.float32]) -> str:
        """`value @ weight.T`, multiplied in int8: weights by one scale a column, the value by one of its own."""
        most = 2 ** (BITS - 1) - 1
        scales = (np.abs(weight).max(axis=1) / most).astype(np.float32)
        whole = np.rint(weight / scales[:, np.newaxis]).astype(np.int8).T
        zeros = self.constant(np.zeros(len(scales), np.int8))
        names = self.constant(whole), self.constant(scales), zeros
        return self.add("DynamicQuantizeMatMul", value, *names, domain=RUNTIME)


def main() -> None:
    """Read the weights, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    root = Path(__file__).parents[1]
    default = root / "indexer/wherein/embedding/onnx/data"
    parser.add_argument("--weights", type=Path, required=True, help="model.safetensors of a BERT")
    parser.add_argument("--vocabulary", type=Path, required=True, help="its vocab.txt")
    parser.add_argument("--made", type=Path, help="the training.toml that tune_transformer.py wrote")
    parser.add_argument(
        "--out", type=Path, default=default, help="folder to write into (default: the package's)"
    )
    arguments = parser.parse_args()
    pieces = arguments.vocabulary.read_text("utf-8").split("\n")[:-1]
    made: dict[str, Mapping[str, str | int]] = {"tools": {"onnx": version("onnx")}}
    if arguments.made:
        made |= tomllib.loads(arguments.made.read_text("utf-8"))
    made["inputs"] = {"model.safetensors": model_folder.sha256(arguments.weights)}
    write(arguments.out, read_safetensors(arguments.weights), pieces, made)


def write(
    folder: Path, weights: Weights, pieces: list[str], made: Mapping[str, Mapping[str, str | int]]
) -> None:
    """Write model.onnx, vocabulary.txt and model.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    network = network_of(weights)
    (folder / "model.onnx").write_bytes(network.SerializeToString(deterministic=True))
    (folder / "vocabulary.txt").write_text("".join(f"{piece}\n" for piece in pieces), "utf-8", newline="\n")
    dimension = weights["embeddings.word_embeddings.weight"].shape[1]
    model = {
        "dimension": dimension,
        "window": WINDOW,
        "licence": "Apache-2.0",
        "description": "a transformer of six layers, sentence-transformers/all-MiniLM-L6-v2"
        + (" tuned on doc comments and code" if "training" in made else ""),
    }
    model_folder.write_card(folder, f"{NAME}-{dimension}", ("model.onnx", "vocabulary.txt"), model, made)


def network_of(weights: Weights) -> onnx.ModelProto:
    """A network: pieces, int32 of shape (texts, pieces), all texts of one length → embeddings, (texts, dimension)."""
    network = Network()
    value = _embedded(network, weights)
    for layer in range(LAYERS):
        value = _layer(network, weights, f"encoder.layer.{layer}", value)
    axis = network.constant(np.array([1]))
    mean = helper.make_node("ReduceMean", [value, axis], ["embeddings"], keepdims=0)
    dimension = weights["embeddings.word_embeddings.weight"].shape[1]
    graph = helper.make_graph(
        [*network.nodes, mean],
        "transformer",
        [helper.make_tensor_value_info("pieces", TensorProto.INT32, ["texts", "length"])],
        [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["texts", dimension])],
        network.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(RUNTIME, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="wherein")


def _embedded(network: Network, weights: Weights) -> str:
    table = weights["embeddings.word_embeddings.weight"]
    scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    rows = network.add("Gather", network.constant(np.rint(table / scales).astype(np.int8)), "pieces")
    scale = network.add("Gather", network.constant(scales.astype(np.float32)), "pieces")
    words = network.add("Mul", network.add("Cast", rows, to=TensorProto.FLOAT), scale)
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = network.constant(weights["embeddings.position_embeddings.weight"][:WINDOW] + kind)
    zero, one, two = (network.constant(np.array([number])) for number in range(3))
    length = network.add("Slice", network.add("Shape", "pieces"), one, two)
    summed = network.add("Add", words, network.add("Slice", places, zero, length, zero))
    norm = (network.constant(weights[f"embeddings.LayerNorm.{part}"]) for part in ("weight", "bias"))
    return network.add("LayerNormalization", summed, *norm, epsilon=EPSILON, axis=-1)


def _layer(network: Network, weights: Weights, name: str, value: str) -> str:
    def of(part: str, kind: str) -> NDArray[np.float32]:
        return weights[f"{name}.{part}.{kind}"]

    def normed(sums: str, before: str, part: str) -> str:
        kept = (
            of(f"{part}.LayerNorm", "weight"),
            of(f"{part}.LayerNorm", "bias"),
            of(f"{part}.dense", "bias"),
        )
        constants = map(network.constant, kept)
        return network.add(
            "SkipLayerNormalization", sums, before, *constants, domain=RUNTIME, epsilon=EPSILON
        )

    selves = [f"attention.self.{part}" for part in ("query", "key", "value")]
    product = network.product(value, np.concatenate([of(part, "weight") for part in selves]))
    biases = network.constant(np.concatenate([of(part, "bias") for part in selves]))
    heads = network.split(product, 3)
    seen = network.add("MultiHeadAttention", *heads, biases, domain=RUNTIME, num_heads=HEADS)
    seen = network.product(seen, of("attention.output.dense", "weight"))
    value = normed(seen, value, "attention.output")
    wide = network.product(value, of("intermediate.dense", "weight"))
    wide = network.add("BiasGelu", wide, network.constant(of("intermediate.dense", "bias")), domain=RUNTIME)
    return normed(network.product(wide, of("output.dense", "weight")), value, "output")


def read_safetensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a file."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    entries = json.loads(data[8:start])
    tensors = {}
    for name, entry in entries.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data, np.float32, (end - begin) // 4, start + begin)
            tensors[name] = values.reshape(entry["shape"])
    return tensors


if __name__ == "__main__":
    main()
