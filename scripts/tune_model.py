"""Tune a distilled model on pairs of doc comments and code: the last step but one of making the model.

    env/bin/python scripts/tune_model.py --base build/distilled --pairs build/pairs.tsv --out build/tuned

The vectors learn, by contrast within a batch, that what a doc comment says is close to the code it stands on.
Takes a minute on one core. Seeds, order and number of threads are fixed: every run on one machine writes
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

EPOCHS = 4
BATCH = 1024
LEARNING_RATE = 5e-3
"""NDCG@10 on the shared benchmark, files / functions, the model alone: untuned .686/.327, tuned .737/.437.
1e-3 gives .714/.407. Half the epochs, batches of 512, a temperature of 0.08, a sparse optimizer, or batches made
of few packages each move either number by .01 or so."""
TEMPERATURE = 0.05
NAMED = 0.5
"""Share of the batches that see the name and the path beside the body; 0.3 to 0.8 do alike."""
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
    random = np.random.default_rng(SEED)
    vectors = torch.nn.Parameter(torch.from_numpy(base.astype(np.float32)))
    optimizer = torch.optim.Adam([vectors], betas=(0.9, 0.99))
    batches = len(pairs) // BATCH
    steps = EPOCHS * batches
    targets = torch.arange(BATCH)
    for step in range(steps):
        if step % batches == 0:
            order = random.permutation(len(pairs))[: batches * BATCH].reshape(batches, BATCH)
        chosen = order[step % batches]
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
    )
    return functional.normalize(sums)


if __name__ == "__main__":
    main()
