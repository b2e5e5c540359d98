#!/usr/bin/env python3
"""wherein's static model as a folder that model2vec reads, so that semble can be given the same one.

    PYTHON contenders/convert_model.py OUT [--data DIR]

PYTHON has model2vec (that of semble's environment does). The vectors are the same; words are cut by the tokenizer that
model2vec models come with (BERT's), not by wherein's.
"""

import argparse
from pathlib import Path

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

DATA = Path(__file__).parents[2] / "indexer" / "wherein" / "embedding" / "data"
ADDED = ("[PAD]", "[UNK]")
"""Pieces that the tokenizer must have and that mean nothing: their vectors are 0."""
LONGEST_WORD = 100
"""Characters; a longer one is unknown."""


def convert(data: Path, out: Path) -> None:
    """Write the model of a data folder into `out`."""
    rows = np.load(data / "vectors.npy").astype(np.float32)
    rows *= np.load(data / "scales.npy").astype(np.float32).reshape(-1, 1)
    vectors = np.vstack([np.zeros((len(ADDED), rows.shape[1]), np.float32), rows])
    pieces = [*ADDED, *(data / "vocabulary.txt").read_text("utf-8").splitlines()]
    words = WordPiece(
        {piece: i for i, piece in enumerate(pieces)},
        unk_token=ADDED[1],
        max_input_chars_per_word=LONGEST_WORD,
    )
    tokenizer = Tokenizer(words)
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    StaticModel(vectors, tokenizer, {"normalize": True}, normalize=True).save_pretrained(str(out))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=DATA, help="the model's folder (default: the package's)")
    arguments = parser.parse_args()
    convert(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
