"""Tries out a model that is new to this machine, in a process of its own, so that one which takes all memory or never
ends does no harm."""

import json
import subprocess

import numpy as np

from wherein.embedding.onnx.folder import unreadable
from wherein.embedding.onnx.given.folder import GivenFolder
from wherein.errors import ConfigError
from wherein.interpreter import interpreter, running
from wherein.store.protocol import Embeddings

PROCESS = "wherein.embedding.onnx.given.trial_process"

MOST_SECONDS = 120.0


def tried(folder: GivenFolder, text: str) -> Embeddings:
    """What the model makes of a text, of shape (1, dimension). Raises ConfigError if it cannot be used here."""
    command = [*running(PROCESS), str(folder.path)]
    try:
        done = subprocess.run(
            command,
            executable=interpreter(),
            input=text.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise unreadable(folder.path, f"it took more than {MOST_SECONDS:.0f} s for two texts") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise unreadable(folder.path, "it took too much memory, or broke what runs it") from None
    if "error" in answer:
        raise ConfigError(answer["error"], remedy=answer["remedy"])
    row = np.array([answer["vector"]], np.float32)
    if folder.dimension is not None and row.shape[1] != folder.dimension:
        raise unreadable(folder.path, f"its vectors have {row.shape[1]} dimensions, not {folder.dimension}")
    return row
