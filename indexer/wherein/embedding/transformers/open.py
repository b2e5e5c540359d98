"""Settings → an embedder of sentence-transformers."""

from wherein.config.settings import Settings
from wherein.embedding.transformers.embedder import TransformersEmbedder
from wherein.embedding.transformers.folder import look_at
from wherein.embedding.transformers.hub import folder_of


def open_transformers(name: str, settings: Settings) -> TransformersEmbedder:
    """The embedder of `deep_model = "transformers:NAME_OR_FOLDER"`. Nothing is fetched. Raises ConfigError if it is not
    on this machine, damaged, or would run a program."""
    return TransformersEmbedder(
        name,
        look_at(folder_of(name)),
        data_dir=settings.data_dir,
        dimension=settings.deep_dimension,
        query_prefix=settings.deep_query_prefix,
        document_prefix=settings.deep_document_prefix,
        device=settings.deep_device,
    )
