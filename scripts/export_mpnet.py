"""Write all-mpnet-base-v2 as a model folder, as `wherein model pull mpnet` does, and the card that it is compared with.

    env/bin/python scripts/export_mpnet.py --weights model.safetensors --vocabulary vocab.txt --out build/mpnet

Takes three seconds of a core, needs wherein and numpy alone, and writes the same bytes everywhere. With `--measure`, a
minute and scipy, it measures anew by what channels are divided before they are rounded to int8: these lie far apart,
and a product in int8 is as coarse as the largest number in it. So each channel is divided by its largest value to the
power .7, and the weights that meet it are multiplied by the same. The largest values are those of the sample files of
every language in fixtures/.
"""

import argparse
import hashlib
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import model_folder
import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from wherein import tokens
from wherein.embedding.onnx.mpnet.make import CARD, NETWORK, VOCABULARY, write_network
from wherein.embedding.onnx.mpnet.recipe import HERE, Recipe, read_recipe
from wherein.embedding.onnx.transformer import MPNET, SMOOTHED, Floats, distances_of
from wherein.embedding.safetensors import read_weights
from wherein.embedding.wordpiece import WordPieces

POWER = 0.7
"""Cosines of texts in int8 with themselves in float32: see benchmarks/results/mpnet.md."""

LINES = 30
"""Of a sample file in a text: as long as a definition."""

TEXTS = 40


class Reference:
    """The transformer in float32, as its definition says, which notes how large the channels become."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        self._weights = {
            name: np.array(weight) for name, weight in weights.items()
        }  # aligned, as BLAS wants it
        self._distances = distances_of(MPNET, self._weights)
        self.largest: dict[str, Floats] = defaultdict(lambda: np.float32(0))

    def embed(self, pieces: list[int]) -> Floats:
        """A text's vector, of length 1."""
        count = len(pieces)
        places = self._weights["embeddings.position_embeddings.weight"][MPNET.first_place :][:count]
        words = self._weights["embeddings.word_embeddings.weight"][pieces]
        value = self._norm("embeddings.LayerNorm", words + places)
        for layer in range(MPNET.layers):
            value = self._layer(layer, value, self._distances[:, :count, :count])
        mean = value.mean(0)
        return mean / np.linalg.norm(mean)

    def _layer(self, layer: int, value: Floats, distances: Floats) -> Floats:
        query, key, content, attended, attended_norm, wide, narrow, norm = (
            f"encoder.layer.{layer}.{part}" for part in MPNET.parts
        )
        self._note(layer, "seen", value)
        heads = (
            self._dense(part, value).reshape(len(value), MPNET.heads, -1).swapaxes(0, 1)
            for part in (query, key, content)
        )
        asked, answering, brought = heads
        scores = asked @ answering.swapaxes(1, 2) / np.sqrt(asked.shape[-1]) + distances
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        seen = (shares @ brought).swapaxes(0, 1).reshape(value.shape)
        self._note(layer, "content", seen)
        value = self._norm(attended_norm, self._dense(attended, seen) + value)
        self._note(layer, "between", value)
        grown = self._dense(wide, value)
        grown *= (1 + erf(grown / np.sqrt(np.float32(2)))) / 2
        self._note(layer, "wide", grown)
        return self._norm(norm, self._dense(narrow, grown) + value)

    def _dense(self, name: str, value: Floats) -> Floats:
        return value @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, name: str, value: Floats) -> Floats:
        centred = value - value.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + MPNET.epsilon)
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _note(self, layer: int, name: str, value: Floats) -> None:
        place = f"{layer}.{name}"
        self.largest[place] = np.maximum(self.largest[place], np.abs(value).max(0))


def main() -> None:
    """Look at what is given, measure if that is wanted, write the folder and the card."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--weights", type=Path, required=True, help="model.safetensors")
    parser.add_argument("--vocabulary", type=Path, required=True, help="vocab.txt")
    parser.add_argument("--out", type=Path, required=True, help="the folder to be written")
    parser.add_argument("--measure", action="store_true", help="write smoothing.npy anew")
    arguments = parser.parse_args()
    recipe = read_recipe()
    for file, member in ((arguments.weights, recipe.weights), (arguments.vocabulary, recipe.vocabulary)):
        if model_folder.sha256(file) != member.sha256:
            parser.error(f"{file} is not the {member.name} that is wanted")
    if arguments.measure:
        measure(read_weights(arguments.weights), arguments.vocabulary.read_text("utf-8").split("\n")[:-1])
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_network(recipe, arguments.weights, arguments.out / NETWORK)
    shutil.copyfile(arguments.vocabulary, arguments.out / VOCABULARY)
    write_card(recipe, arguments.out)
    shutil.copyfile(HERE / CARD, arguments.out / CARD)


def measure(weights: dict[str, Floats], rows: list[str]) -> None:
    """Write smoothing.npy."""
    reference = Reference(weights)
    for number, text in enumerate(sample_texts(), 1):
        reference.embed(pieces_of(text, rows))
        print(f"{number} of {TEXTS} texts", file=sys.stderr)
    layers = [
        np.concatenate([reference.largest[f"{layer}.{name}"] for name in SMOOTHED])
        for layer in range(MPNET.layers)
    ]
    np.save(HERE / "smoothing.npy", smoothed_by(np.stack(layers)))


def sample_texts() -> Iterator[str]:
    """Pieces of the sample files of every language."""
    root = Path(__file__).parents[1] / "fixtures" / "languages"
    files = sorted(file for file in root.rglob("*") if file.is_file() and file.suffix != ".outline")
    found = []
    for file in files:
        lines = file.read_text("utf-8", "replace").split("\n")
        found += ["\n".join(lines[start : start + LINES]) for start in range(0, len(lines), LINES)]
    yield from [text for text in found if len(text.split()) > 20][:TEXTS]


def pieces_of(text: str, vocabulary: list[str]) -> list[int]:
    """The rows of a text's pieces, with the marks around them."""
    pieces = WordPieces({piece: row for row, piece in enumerate(vocabulary)})
    inner = [row for word in tokens.words(text) for row in pieces[word]][: MPNET.window - 2]
    return [vocabulary.index("<s>"), *inner, vocabulary.index("</s>")]


def smoothed_by(largest: NDArray[np.float32]) -> NDArray[np.float16]:
    """What each channel is divided by; half precision is exact enough, and the same on every machine."""
    return np.maximum(largest, 1e-2).astype(np.float64).__pow__(POWER).astype(np.float16)


def write_card(recipe: Recipe, folder: Path) -> None:
    """Write down in the package what the model's files are."""
    outputs = {name: model_folder.sha256(folder / name) for name in (NETWORK, VOCABULARY)}
    digest = hashlib.sha256("".join(outputs.values()).encode()).hexdigest()
    model: dict[str, str | int] = {
        "id": f"wherein-deep-mpnet-768@{digest[:8]}",
        "dimension": 768,
        "window": MPNET.window,
        "first": "<s>",
        "last": "</s>",
        "licence": "Apache-2.0",
        "description": "a transformer of twelve layers, sentence-transformers/all-mpnet-base-v2",
    }
    inputs: dict[str, str | int] = {"model.safetensors": recipe.weights.sha256}
    inputs["smoothing.npy"] = model_folder.sha256(HERE / "smoothing.npy")
    model_folder.write_tables(HERE / CARD, {"model": model, "inputs": inputs, "outputs": outputs})


if __name__ == "__main__":
    main()
