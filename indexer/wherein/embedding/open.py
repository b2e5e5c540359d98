"""Which embedding models there are, and how one is chosen."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConfigError

if TYPE_CHECKING:
    from wherein.embedding.embedder import Embedder

BUILTIN = "builtin"
"""The setting that names the packaged model; an unset model means the same."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be used now, for `wherein model list`."""

    name: str
    """what the setting `model` calls it"""
    id: str
    dimension: int
    licence: str
    description: str
    bytes: int
    folder: Path


def open_embedder(model: str | None = None) -> "Embedder":
    """The embedder of a `model` setting: None or "builtin" is the one in the package.

    Raises ConfigError when there is no such model, or when its files cannot be read.
    """
    if model and model != BUILTIN:
        raise ConfigError(
            f"There is no embedding model {model!r}; wherein {BUILTIN} is the only one.",
            remedy="See `wherein model list`.",
        )
    return _packaged()


@cache
def _packaged() -> "Embedder":
    """Opened once a process: its vocabulary takes 10 ms, and the words that it has met are known to every index."""
    from wherein.embedding.static import StaticEmbedder

    return StaticEmbedder()


def list_models() -> list[Model]:
    """All models that `open_embedder` opens."""
    from wherein.embedding.static import PACKAGED, read_card

    card = read_card(PACKAGED)
    return [
        Model(
            name=BUILTIN,
            id=card.id,
            dimension=card.dimension,
            licence=card.licence,
            description=card.description,
            bytes=sum(file.stat().st_size for file in PACKAGED.iterdir() if file.is_file()),
            folder=PACKAGED,
        )
    ]
