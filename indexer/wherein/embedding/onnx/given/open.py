"""Settings → a folder's embedder."""

from pathlib import Path
from typing import TYPE_CHECKING

from wherein.embedding.onnx.embedder import OnnxEmbedder
from wherein.embedding.onnx.given.embedder import GivenEmbedder
from wherein.embedding.onnx.given.folder import look_at
from wherein.embedding.prompts import prompts_for

if TYPE_CHECKING:
    from wherein.config.settings import Settings
    from wherein.embedding.texts import TextEmbedder


def open_given(name: str, settings: "Settings") -> "TextEmbedder":
    """The embedder of `deep_model = "onnx:/FOLDER"`: of wherein's own form, where it has a model.toml, or of the one
    that others have. Raises ConfigError if it holds no model, a damaged one, or one that could do harm."""
    path = place_of(name)
    if (path / "model.toml").is_file():
        return OnnxEmbedder(path)
    folder = look_at(path)
    prompts = prompts_for(
        path.name,
        query=settings.deep_query_prefix,
        document=settings.deep_document_prefix,
        own=folder.prompts,
    )
    return GivenEmbedder(folder, prompts, data_dir=settings.data_dir, dimension=settings.deep_dimension)


def place_of(name: str) -> Path:
    """The folder that a setting names."""
    return Path(name).expanduser().absolute()
