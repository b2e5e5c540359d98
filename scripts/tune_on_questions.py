"""Tune the static model on questions that were written by reading functions: the last step of making it.

    env/bin/python scripts/tune_on_questions.py --base build/tuned --clones DIR

The vectors learn, by contrast among functions of the same repositories, that a question is close to the function that
it was written for. Takes some three minutes on one core, most of them to read the clones. Seeds, order and the
number of threads are fixed: every run on one machine writes the same bytes.
"""

import argparse
import os
import random
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # sums in parallel have no fixed order

import model_folder
import numpy as np
import torch
from torch.nn import functional
from tune_model import Bags, bags, embed

import written
from wherein import tokens
from wherein.embedding.wordpiece import WordPieces

EPOCHS = 12
"""Of as many draws as there are functions, three for each: one for each question, on average."""
REPOSITORIES, OF_EACH = 16, 48
"""In a batch: a function is told from its neighbours, and from strangers. 8 and 32 repositories do alike."""
LEARNING_RATE = 3e-3
"""For rows of length 6. Reciprocal place among the definitions of five repositories, before and after: .525, .617; with
1e-3 and four epochs .531, with 1e-2 .575 to .582 (10,404 functions)."""
TEMPERATURE = 0.05
NAMED = 0.6
"""Share of the functions that are seen with their path and, twice, their name, as an index does."""
BACK = 0.3
"""Weight of finding the question by the function, beside the function by the question."""
WORDS = 250
"""Of a function's code; an index reads 300."""
SEED = 1


def main() -> None:
    """Read the base, the questions and their functions, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    default = Path(__file__).parents[1] / "indexer/wherein/embedding/data"
    parser.add_argument("--base", type=Path, required=True, help="what tune_model.py wrote")
    parser.add_argument("--clones", type=Path, required=True, help="git directories of the repositories")
    parser.add_argument("--out", type=Path, default=default, help="folder to write (default: the package's)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    pieces, base = model_folder.read(arguments.base)
    card = tomllib.loads((arguments.base / "model.toml").read_text("utf-8"))
    functions = list(written.read(arguments.clones))
    vectors = tune(base, pieces, functions)
    asked = {
        "functions": len(functions),
        "repositories": len({function.repository for function in functions}),
        "base_id": card["model"]["id"],
        "torch": version("torch"),
    }
    description = card["model"]["description"] + ", then on questions written for functions"
    made = {name: card[name] for name in ("tools", "inputs", "training")} | {"questions": asked}
    model_folder.write(arguments.out, pieces, vectors, description, made)


def tune(base: np.ndarray, pieces: Sequence[str], functions: Sequence[written.Written]) -> np.ndarray:
    """The tuned vectors, of the shape of `base`."""
    known = WordPieces({piece: row for row, piece in enumerate(pieces)})
    codes = [tokens.words("\n".join(function.code))[:WORDS] for function in functions]
    labels = [function.place.split() + 2 * tokens.words(function.name) for function in functions]
    bodies = bags(codes, known)
    named = bags([label + code for label, code in zip(labels, codes, strict=True)], known)
    asked = bags([tokens.words(text) for function in functions for text in function.questions], known)
    of_repository = defaultdict(list)
    for number, function in enumerate(functions):
        of_repository[function.repository].append(number)
    vectors = torch.nn.Parameter(torch.from_numpy(base.astype(np.float32)))
    optimizer = torch.optim.Adam([vectors], betas=(0.9, 0.99))
    chance = random.Random(SEED)
    steps = EPOCHS * 3 * len(functions) // (REPOSITORIES * OF_EACH)
    for step in range(steps):
        batch = np.array(written.draw(of_repository, REPOSITORIES, OF_EACH, chance, power=1))
        question = np.array([3 * number + chance.randrange(3) for number in batch])
        scores = embed(asked, question, vectors) @ _functions(named, bodies, batch, vectors, chance).T
        right = torch.arange(len(batch))
        loss = functional.cross_entropy(scores / TEMPERATURE, right)
        loss = loss + BACK * functional.cross_entropy(scores.T / TEMPERATURE, right)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step} of {steps}: loss {loss.item() / (1 + BACK):.3f}", flush=True)
    return vectors.detach().numpy()


def _functions(
    named: Bags, bodies: Bags, batch: np.ndarray, vectors: torch.Tensor, chance: random.Random
) -> torch.Tensor:
    """Their embeddings, NAMED of them with path and name."""
    with_name = torch.tensor([chance.random() < NAMED for _ in batch])
    return torch.where(with_name.unsqueeze(1), embed(named, batch, vectors), embed(bodies, batch, vectors))


if __name__ == "__main__":
    main()
