"""A setting `deep_model` that names several models, to be blended."""

import re

from wherein.errors import ConfigError

MOST = 3
"""Each embeds every chunk and every question."""

_COMMA = re.compile(r",\s*(?=(?:(?:deep|mpnet)\s*(?:,|$)|onnx:|endpoint:|transformers:))")
"""Between two names: a folder's name may have a comma as well."""


def models_of(setting: str) -> tuple[str, ...]:
    """The models of a setting `deep_model`, each once: mostly one. Raises ConfigError for too many."""
    names = tuple(dict.fromkeys(name.strip() for name in _COMMA.split(setting)))
    if len(names) > MOST:
        raise ConfigError(f"At most {MOST} deep models can be blended, and deep_model names {len(names)}.")
    return names
