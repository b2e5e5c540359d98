"""Opens the model that `wherein model pull mpnet` made."""

from functools import cache
from pathlib import Path

from wherein.embedding import facts
from wherein.embedding.names import MPNET
from wherein.embedding.onnx.embedder import OnnxEmbedder
from wherein.embedding.onnx.folder import UnusableModel
from wherein.errors import ConfigError

PULL = f"wherein model pull {MPNET}"


def place_of(data_dir: Path) -> Path:
    """The model's folder, whether it is there or not."""
    return data_dir / facts.FOLDER / MPNET


def missing() -> ConfigError:
    """What is said where it was never pulled."""
    return ConfigError(f"The model {MPNET} is not on this machine.", remedy=PULL)


def open_mpnet(data_dir: Path) -> OnnxEmbedder:
    """The model, opened once a process. Raises ConfigError if it is not here or damaged, or ONNX Runtime is not."""
    place = place_of(data_dir)
    if not place.is_dir():
        raise missing()
    try:
        return _opened(place)
    except UnusableModel as error:
        raise ConfigError(error.message, remedy=PULL) from None


@cache
def _opened(place: Path) -> OnnxEmbedder:
    return OnnxEmbedder(place)
