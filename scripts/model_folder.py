"""Reads and writes the folder of a static embedding model (what is in it: indexer/wherein/embedding/data/README.md),
and the card of any model."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

NAME = "wherein-static-minilm"
FILES = ("scales.npy", "vectors.npy", "vocabulary.txt")


def read(folder: Path) -> tuple[list[str], np.ndarray]:
    """Pieces, and their vectors as float32, shape (len(pieces), dimension)."""
    vectors = np.load(folder / "vectors.npy") * np.load(folder / "scales.npy")[:, np.newaxis]
    return (folder / "vocabulary.txt").read_text("utf-8").split(), vectors


def write(
    folder: Path,
    pieces: Sequence[str],
    vectors: np.ndarray,
    description: str,
    made: Mapping[str, Mapping[str, str | int]],
) -> None:
    """Write vectors as int8 with one scale a row, the vocabulary, and the card model.toml; print the card.

    `made` are further tables of the card: what the model was made of and with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float32)
    np.save(folder / "scales.npy", scales)
    np.save(folder / "vectors.npy", np.rint(vectors / scales[:, np.newaxis]).clip(-127, 127).astype(np.int8))
    (folder / "vocabulary.txt").write_text("".join(f"{piece}\n" for piece in pieces), "utf-8", newline="\n")
    dimension = vectors.shape[1]
    model = {
        "dimension": dimension,
        "vocabulary": len(pieces),
        "licence": "Apache-2.0",
        "description": description,
    }
    write_card(folder, f"{NAME}-{dimension}", FILES, model, made)


def write_card(
    folder: Path,
    name: str,
    files: Sequence[str],
    model: Mapping[str, str | int],
    made: Mapping[str, Mapping[str, str | int]],
) -> None:
    """Write model.toml, whose id is the name and a digest of the files' hashes, and print it."""
    outputs = {file: sha256(folder / file) for file in files}
    digest = hashlib.sha256("".join(outputs.values()).encode()).hexdigest()
    tables = {"model": {"id": f"{name}@{digest[:8]}", **model}, **made, "outputs": outputs}
    write_tables(folder / "model.toml", tables)


def write_tables(path: Path, tables: Mapping[str, Mapping[str, str | int]]) -> None:
    """Write tables as TOML, and print them."""
    lines = ["# Written by the scripts that make the model; see README.md beside it."]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f'"{key}" = {_toml(value)}' for key, value in table.items())]
    card = "".join(f"{line}\n" for line in lines)
    path.write_text(card, "utf-8", newline="\n")
    print(card)


def sha256(path: Path) -> str:
    """Of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _toml(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f'"{value}"'
