"""Imports what the extra installs, when it is used."""

import os
from importlib import import_module
from types import ModuleType

from wherein.errors import ConfigError
from wherein.extras import install_command

QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
}
"""Nothing is told about us, and nothing printed."""


def imported(name: str) -> ModuleType:
    """A package of the extra. Raises ConfigError if it is not installed, or cannot be imported."""
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise _unusable(name, error) from error
        raise ConfigError(
            f"Models of sentence-transformers need {name}, which is not installed.",
            remedy=install_command("transformers"),
        ) from None
    except (ImportError, OSError, RuntimeError) as error:  # a library of the system, or of a GPU, is missing
        raise _unusable(name, error) from error


def _unusable(name: str, error: Exception) -> ConfigError:
    first = " ".join(str(error).split())[:200]
    return ConfigError(
        f"{name} is installed but cannot be used: {first}.", remedy=install_command("transformers")
    )
