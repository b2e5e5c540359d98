"""Write a small BERT as the model folder of the extra `deep`: an ONNX network of int8 weights, a vocabulary, a card.

    env/bin/python scripts/export_transformer.py --weights build/transformer/model.safetensors --vocabulary vocab.txt

The last step of making that model (how all are run: indexer/wherein/embedding/onnx/data/README.md). Takes five seconds,
needs wherein and numpy alone, and writes the same bytes each time.
"""

import argparse
import tomllib
from collections.abc import Mapping
from pathlib import Path

import model_folder

from wherein.embedding.onnx.transformer import BERT, Weights, network_of
from wherein.embedding.safetensors import read_weights

NAME = "wherein-deep-minilm"


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
    made: dict[str, Mapping[str, str | int]] = {}
    if arguments.made:
        made |= tomllib.loads(arguments.made.read_text("utf-8"))
    made["inputs"] = {"model.safetensors": model_folder.sha256(arguments.weights)}
    write(arguments.out, read_weights(arguments.weights), pieces, made)


def write(
    folder: Path, weights: Weights, pieces: list[str], made: Mapping[str, Mapping[str, str | int]]
) -> None:
    """Write model.onnx, vocabulary.txt and model.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "model.onnx").open("wb") as file:
        file.writelines(network_of(BERT, weights))
    (folder / "vocabulary.txt").write_text("".join(f"{piece}\n" for piece in pieces), "utf-8", newline="\n")
    dimension = weights["embeddings.word_embeddings.weight"].shape[1]
    model = {
        "dimension": dimension,
        "window": BERT.window,
        "licence": "Apache-2.0",
        "description": "a transformer of six layers, sentence-transformers/all-MiniLM-L6-v2"
        + (", tuned on questions written for functions" if "training" in made else ""),
    }
    model_folder.write_card(folder, f"{NAME}-{dimension}", ("model.onnx", "vocabulary.txt"), model, made)


if __name__ == "__main__":
    main()
