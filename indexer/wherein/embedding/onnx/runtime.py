"""ONNX Runtime: imported when it is first needed, silent, on the processor, with bounded threads."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.embedding.onnx.folder import ModelFolder, unreadable
from wherein.errors import ConfigError
from wherein.extras import install_command

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MOST_THREADS = 4


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


THREADS = min(MOST_THREADS, _cores())
"""Texts that go through the network at once."""

UNTOLD = "ORT_DISABLE_TELEMETRY"
"""Set before ONNX Runtime is loaded. While 1.32 is loaded it queues an event for its maker's server and writes an id of
the machine into the user's cache; what can be called to turn that off comes too late."""

SILENT = 4
"""Severity: what is fatal alone. All else is told by an exception, in our words."""


def is_installed() -> bool:
    """Whether ONNX Runtime is; it is not loaded for that."""
    return find_spec("onnxruntime") is not None


def lacks_runtime() -> ConfigError:
    """What is said where ONNX Runtime is not installed, with a command for the very environment that runs this."""
    return ConfigError(
        "The deep model needs the Python package onnxruntime, which the extra `deep` installs.",
        remedy=install_command("deep"),
    )


def open_session(model: ModelFolder) -> "InferenceSession":
    """A session for a model's network. Raises ConfigError if there is no ONNX Runtime, or it cannot run the network."""
    session = session_of(model.network, model.folder)
    names = [value.name for value in session.get_inputs()], [value.name for value in session.get_outputs()]
    if names != (["pieces"], ["embeddings"]):
        raise unreadable(model.folder, "its network does not take pieces and give embeddings")
    return session


def session_of(network: bytes, folder: Path) -> "InferenceSession":
    """A session for any network; `folder` is where it is from. Raises ConfigError."""
    os.environ[UNTOLD] = "1"
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise lacks_runtime() from error
    ort.set_default_logger_severity(SILENT)
    ort.disable_telemetry_events()
    options = ort.SessionOptions()
    options.log_severity_level = SILENT
    options.intra_op_num_threads = (
        1  # several texts at once use several cores, without waiting for each other
    )
    options.inter_op_num_threads = 1
    try:
        return ort.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its exceptions share no class but this
        raise unreadable(folder, f"ONNX Runtime {ort.__version__} cannot read its network") from error
