"""Opens the embedding model that the settings choose."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.embedding.names import BUILTIN, DEEP, MPNET
from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass

if TYPE_CHECKING:
    from wherein.config.settings import Settings
    from wherein.embedding.embedder import Embedder
    from wherein.embedding.texts import TextEmbedder


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be used now, for `wherein model list`."""

    name: str
    """as the setting `model` names it"""
    id: str
    dimension: int
    licence: str
    description: str
    bytes: int
    folder: Path


def open_embedder(model: str | None = None) -> "Embedder":
    """The embedder for a `model` setting: None or "builtin" is the packaged one.

    Raises ConfigError if there is no such model, or its files cannot be read.
    """
    if model and model != BUILTIN:
        raise ConfigError(
            f"There is no embedding model {model!r}; wherein {BUILTIN} is the only one.",
            remedy="wherein model list",
        )
    return _packaged()


def open_text_embedder(settings: "Settings") -> "TextEmbedder | None":
    """The deep tier's embedder for the setting `deep_model`; None if there is to be none.

    Only this imports what a model needs, or asks a server. Raises ConfigError if there is no such model or what runs it
    is not installed, EndpointUnreachable if its server cannot be asked, ConsentMissing if code would leave the machine
    without the user's consent.
    """
    if settings.deep_model is None:
        return None
    if settings.deep_model == DEEP:
        from wherein.embedding.onnx.embedder import open_packaged

        return open_packaged()
    if settings.deep_model == MPNET:
        from wherein.embedding.onnx.mpnet.open import open_mpnet

        return open_mpnet(settings.data_dir)
    kind, _, name = settings.deep_model.partition(":")
    if kind == "endpoint" and name:
        from wherein.embedding.endpoint.open import open_endpoint

        return open_endpoint(name, settings)
    if kind == "transformers" and name:
        from wherein.embedding.transformers.open import open_transformers

        return open_transformers(name, settings)
    if kind == "onnx" and name:
        from wherein.embedding.onnx.given.open import open_given

        return open_given(name, settings)
    raise ConfigError(
        f"There is no deep model {settings.deep_model!r}: it is {DEEP}, {MPNET}, endpoint:MODEL, transformers:NAME or "
        "onnx:/FOLDER.",
        remedy="wherein model list",
    )


@cache
def _packaged() -> "Embedder":
    """Opened once per process: its vocabulary takes 10 ms, and every index shares the words that it has met."""
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
