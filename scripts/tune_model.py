"""Tune a distilled model on pairs of doc comments and code: the last step of making the model of wherein.

    env/bin/python scripts/tune_model.py --base build/distilled --pairs build/pairs.tsv

The vectors learn, by contrast within a batch, that what a doc comment says is close to the code it stands on.
Takes a minute or two on one core. Seeds, order and number of threads are fixed: every run on one machine writes
the same bytes.
"""

import argparse
import os
import tomllib
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"  # sums in parallel have no fixed order

import model_folder
import numpy as np
import torch
from torch.nn import functional

from wherein.chunking.chunker import CHUNKER_VERSION
from wherein.embedding.wordpiece import WordPieces
from wherein.tokens import TOKENIZER_VERSION

EPOCHS = 2
BATCH = 512
LEARNING_RATE = 3e-3
"""NDCG@10 on the shared benchmark, files / functions, the model alone: untuned .686/.327; tuned at 1e-3
.714/.407, at 3e-3 .731/.432."""
TEMPERATURE = 0.05
"""0.08 gives .732/.422."""
GROUP = 64
"""Pairs of one package that stand together in a batch: negatives of the same package are what a search within
one repository has to tell apart (functions .432 → .435)."""
NAMED = 0.5
"""Share of the batches that see the name and the path beside the body."""
SEED = 1


class Bags(NamedTuple):
    """Texts as rows of the vocabulary with weights; text i has those at offsets[i] : offsets[i + 1]."""

    rows: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray


def main() -> None:
    """Read the base and the pairs, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(__file__).parents[1] / "indexer/wherein/embedding/data"
    parser.add_argument("--base", type=Path, default=Path("build/distilled"), help="the distilled model")
    parser.add_argument(
        "--pairs", type=Path, default=Path("build/pairs.tsv"), help="what mine_pairs.py wrote"
    )
    parser.add_argument(
        "--out", type=Path, default=default, help="folder to write into (default: the package's)"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pieces, base = model_folder.read(arguments.base)
    pairs = [line.split("\t") for line in arguments.pairs.read_text("utf-8").splitlines()]
    vectors = tune(base, pieces, pairs)
    card = tomllib.loads((arguments.base / "model.toml").read_text("utf-8"))
    training = {
        "pairs": len(pairs),
        "pairs_sha256": model_folder.sha256(arguments.pairs),
        "packages_sha256": model_folder.sha256(Path(__file__).with_name("tuning_packages.toml")),
        "base_id": card["model"]["id"],
        "chunker": CHUNKER_VERSION,
        "tokenizer": TOKENIZER_VERSION,
        "torch": version("torch"),
    }
    description = card["model"]["description"] + ", tuned on doc comments and code"
    made = {"tools": card["tools"], "inputs": card["inputs"], "training": training}
    model_folder.write(arguments.out, pieces, vectors, description, made)


def tune(base: np.ndarray, pieces: Sequence[str], pairs: Sequence[Sequence[str]]) -> np.ndarray:
    """The tuned vectors, of the shape of `base`. A pair: package, doc, name, body."""
    known = WordPieces({piece: row for row, piece in enumerate(pieces)})
    docs = bags([doc.split() for _, doc, _, _ in pairs], known)
    bodies = bags([body.split() for _, _, _, body in pairs], known)
    named = bags([f"{name} {body}".split() for _, _, name, body in pairs], known)
    packages = np.unique([package for package, *_ in pairs], return_inverse=True)[1]
    random = np.random.default_rng(SEED)
    vectors = torch.nn.Parameter(torch.from_numpy(base.astype(np.float32)))
    optimizer = torch.optim.SparseAdam([vectors], betas=(0.9, 0.99))
    steps = EPOCHS * (len(pairs) // BATCH)
    targets = torch.arange(BATCH)
    for step in range(steps):
        place = step % (len(pairs) // BATCH)
        if place == 0:
            order = shuffled(packages, random)
        chosen = order[place * BATCH : (place + 1) * BATCH]
        asked = embed(docs, chosen, vectors)
        found = embed(named if random.random() < NAMED else bodies, chosen, vectors)
        scores = asked @ found.T / TEMPERATURE
        loss = functional.cross_entropy(scores, targets) + functional.cross_entropy(scores.T, targets)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step} of {steps}: loss {loss.item() / 2:.3f}", flush=True)
    return vectors.detach().numpy()


def bags(texts: Sequence[Sequence[str]], known: WordPieces) -> Bags:
    """Each text's pieces, weighted by the square root of their counts, as `StaticEmbedder` does."""
    rows: list[int] = []
    counts: list[int] = []
    offsets = [0]
    for text in texts:
        counted = Counter(row for word in text for row in known[word])
        rows += counted.keys()
        counts += counted.values()
        offsets.append(len(rows))
    return Bags(np.array(rows, np.int64), np.sqrt(np.array(counts, np.float32)), np.array(offsets, np.int64))


def embed(texts: Bags, chosen: np.ndarray, vectors: torch.Tensor) -> torch.Tensor:
    """The chosen texts' embeddings, rows of length 1."""
    lengths = texts.offsets[chosen + 1] - texts.offsets[chosen]
    starts = np.cumsum(lengths) - lengths
    at = np.repeat(texts.offsets[chosen] - starts, lengths) + np.arange(lengths.sum())
    sums = functional.embedding_bag(
        torch.from_numpy(texts.rows[at]),
        vectors,
        torch.from_numpy(starts),
        per_sample_weights=torch.from_numpy(texts.weights[at]),
        mode="sum",
        sparse=True,
    )
    return functional.normalize(sums)


def shuffled(packages: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """All pairs in random order, but in groups of GROUP that are mostly of one package."""
    order = random.permutation(len(packages))
    order = order[np.argsort(packages[order], kind="stable")]
    groups = np.array_split(order, len(order) // GROUP)
    return np.concatenate([groups[i] for i in random.permutation(len(groups))])


if __name__ == "__main__":
    main()
