"""The embedder of a model of sentence-transformers."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from wherein.embedding import facts
from wherein.embedding.facts import PROBE, Facts
from wherein.embedding.prompts import prompts_for
from wherein.embedding.rows import unit_rows
from wherein.embedding.safetensors import tensors
from wherein.embedding.texts import whole_characters
from wherein.embedding.transformers.folder import ModelFolder
from wherein.embedding.transformers.install import imported
from wherein.errors import ConfigError
from wherein.store.protocol import Embeddings

BATCH = 32
"""Texts that go through the model together."""

CHARACTERS_PER_TOKEN = 24
"""More than code has of them, so that what is cut here is beyond the model's window anyway."""

UNTOLD_WINDOW = 8_192
"""Tokens, where a model does not say."""

AUTOMATIC = "auto"


class TransformersEmbedder:
    """A model that this process runs. It is loaded when it is first asked: that takes seconds."""

    def __init__(
        self,
        name: str,
        folder: ModelFolder,
        *,
        data_dir: Path,
        dimension: int | None = None,
        query_prefix: str | None = None,
        document_prefix: str | None = None,
        device: str = AUTOMATIC,
    ) -> None:
        """`folder` was looked at. Raises ConfigError if the model cannot be loaded, which is tried only if it never
        was."""
        self._name, self._folder, self._device, self._cut = name, folder, device, dimension
        self._prompts = prompts_for(name, query=query_prefix, document=document_prefix, own=folder.prompts)
        self._loading, self._asking = Lock(), Lock()
        self._model: Any = None
        file = facts.place(data_dir, "transformers", folder.revision, dimension, self._prompts)
        known = facts.remembered(file)
        if known is None:
            known = Facts(self._encode([PROBE], self._prompts.document))
            facts.remember(file, known)
        self._facts = known
        self.dimension = known.dimension
        mark = f"+{self._prompts.mark}" if self._prompts.mark else ""
        self.model_id = f"transformers:{_short(name)}@{folder.revision}/{self.dimension}{mark}"

    def documents(self, texts: Sequence[str]) -> Embeddings:
        """Embed what is searched, see `TextEmbedder`."""
        wanted = [place for place, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self.dimension), np.float32)
        if wanted:
            rows[wanted] = self._encode([texts[place] for place in wanted], self._prompts.document)
        return rows

    def query(self, text: str) -> Embeddings:
        """Embed what is asked, see `TextEmbedder`."""
        if not text.strip():
            return np.zeros((1, self.dimension), np.float32)
        return self._encode([text], self._prompts.query)

    def _encode(self, texts: Sequence[str], prefix: str) -> Embeddings:
        model = self._loaded()
        longest = (model.max_seq_length or UNTOLD_WINDOW) * CHARACTERS_PER_TOKEN
        with self._asking:
            try:
                made = model.encode(
                    [whole_characters(text[:longest]) for text in texts],
                    prompt=prefix,
                    batch_size=BATCH,
                    show_progress_bar=False,
                )
            except (RuntimeError, ValueError, IndexError) as error:
                raise self._unusable(error) from error
        rows: Embeddings = np.asarray(made, np.float32)
        if rows.ndim != 2 or not np.isfinite(rows).all():
            raise ConfigError(
                f"The model {self._name} does not return vectors; its files are damaged.",
                remedy="fetch it again, for example with `wherein model pull`",
            )
        return unit_rows(rows, self._cut)

    def _loaded(self) -> Any:  # noqa: ANN401 - a class of a package without types for it here
        with self._loading:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:  # noqa: ANN401
        package = imported("sentence_transformers")
        transformers = imported("transformers")
        transformers.utils.logging.set_verbosity_error()
        transformers.utils.logging.disable_progress_bar()
        try:
            model = package.SentenceTransformer(
                str(self._folder.path),
                device=None if self._device == AUTOMATIC else self._device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
            model.eval()
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, ImportError) as error:
            raise self._unusable(error) from error
        self._check_whole(model)
        return model

    def _check_whole(self, model: Any) -> None:  # noqa: ANN401
        """A library that misses weights makes some up, and says so where nobody reads it."""
        stored = {name for file in self._folder.weights for name in tensors(file)}
        wanted = [name for name, _ in model.named_parameters() if "pooler" not in name]
        missing = [name for name in wanted if not any(_alike(name, other) for other in stored)]
        if missing and len(stored) < len(wanted):  # else they have been renamed since
            raise ConfigError(
                f"The model in {self._folder.path} is damaged: it lacks {len(missing)} of its {len(wanted)} weights.",
                remedy="fetch it again, for example with `wherein model pull`",
            )

    def _unusable(self, error: Exception) -> ConfigError:
        first = " ".join(str(error).split())[:200].rstrip(".")
        return ConfigError(
            f"The model {self._name} cannot be used: {first or type(error).__name__}.",
            remedy="use another one, or fetch it again with `wherein model pull`",
        )


def _alike(wanted: str, stored: str) -> bool:
    """The same weight: in a model within another one it has a longer name."""
    inner = wanted.partition(".")[2]  # without the module's number
    inner = inner.removeprefix("auto_").removeprefix("model.")
    return inner == stored or inner.endswith(f".{stored}") or stored.endswith(f".{inner}")


def _short(name: str) -> str:
    """A folder's own name, a hub's whole one: what is the same for everybody who has the model."""
    return (
        Path(name).name if Path(name).is_absolute() or name.startswith((".", "~")) else name.partition("@")[0]
    )
