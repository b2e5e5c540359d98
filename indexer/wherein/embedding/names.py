"""The names that settings use for the models that come with wherein, or that it can fetch itself."""

BUILTIN = "builtin"
"""The setting that names the packaged model; an unset model means the same."""

DEEP = "deep"
"""The setting `deep_model` that names the packaged transformer."""

MPNET = "mpnet"
"""The one that names the larger transformer, which `wherein model pull` brings."""
