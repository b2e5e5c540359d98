"""Where the hub's models are on this machine, and how one is fetched: only when the user asks for it."""

import logging
import os
from pathlib import Path
from typing import Any

from wherein.embedding.transformers.install import imported
from wherein.errors import ConfigError, WhereinError

WANTED = ("README.md", "*.json", "*.txt", "*.model", "*.safetensors", "*.safetensors.index.json")
"""Nothing that could be a program, no pickle, and no second form of the weights."""

UNWANTED = ("onnx/*", "openvino/*", "original/*", "*/openvino*")

logging.getLogger("huggingface_hub").setLevel(logging.ERROR)


class HubUnreachable(WhereinError):
    """The hub cannot be asked, or does not have what was asked for."""


def folder_of(name: str) -> Path:
    """The folder of a model: itself, or of NAME or NAME@REVISION as it was pulled. Raises ConfigError if it is not
    here."""
    if is_path(name):
        return Path(name).expanduser().absolute()
    found = _snapshot(name, local_files_only=True)
    if found is None:
        raise ConfigError(
            f"The model {name} is not on this machine.", remedy=f"wherein model pull transformers:{name}"
        )
    return found


def pull(name: str, *, show: bool = False) -> Path:
    """Fetch a model from the hub, or what is new of it; `show` how far it is, on a terminal. Raises HubUnreachable."""
    if is_path(name):
        raise ConfigError(f"{name} is a folder of yours: there is nothing to pull.")
    bars: Any = imported("huggingface_hub.utils")
    (bars.enable_progress_bars if show else bars.disable_progress_bars)()
    found = _snapshot(name, local_files_only=False)
    if found is None:
        raise HubUnreachable(
            f"The hub cannot be reached, or has no model {name}.",
            remedy="check the name and the network; HF_ENDPOINT and HF_TOKEN are honoured",
        )
    return found


def is_path(name: str) -> bool:
    """Whether a name is that of a folder."""
    return name.startswith((".", "~", "/", os.sep)) or Path(name).is_absolute()


def _snapshot(name: str, *, local_files_only: bool) -> Path | None:
    hub: Any = imported("huggingface_hub")
    repository, _, revision = name.partition("@")
    try:
        return Path(
            hub.snapshot_download(
                repository,
                revision=revision or None,
                allow_patterns=list(WANTED),
                ignore_patterns=list(UNWANTED),
                local_files_only=local_files_only,
            )
        )
    except (OSError, ValueError, RuntimeError, TypeError, KeyError):  # the last two: what answers is no hub
        return None
