"""Weight files in the format of safetensors, which holds nothing but numbers: what is in one, and the numbers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST_HEADER = 100_000_000
"""Bytes: what the format itself allows."""


def tensors(file: Path) -> dict[str, Any]:
    """What a file of weights says of its tensors. Raises ValueError or OSError if it is none, or not whole."""
    return _header(file)[1]


def read_weights(file: Path) -> dict[str, NDArray[np.float32]]:
    """The tensors of single precision in a file, read from the disk when they are looked at. Raises ValueError or
    OSError if it is none, or not whole."""
    start, header = _header(file)
    mapped = np.memmap(file, np.uint8, "r")
    found: dict[str, NDArray[np.float32]] = {}
    for name, entry in header.items():
        if entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            found[name] = mapped[start + begin : start + end].view("<f4").reshape(entry["shape"])
    return found


def _header(file: Path) -> tuple[int, dict[str, Any]]:
    """Where the numbers begin, and what is said of them."""
    size = file.stat().st_size
    if not file.is_file():
        raise ValueError("it is not a file")
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 0 < length <= min(LARGEST_HEADER, size - 8):
            raise ValueError("it is incomplete")
        try:
            header = json.loads(opened.read(length))
        except RecursionError:
            raise ValueError("it is incomplete") from None
    if not isinstance(header, dict):
        raise ValueError("it is incomplete")
    header.pop("__metadata__", None)
    ends = [each["data_offsets"][1] for each in header.values()]
    if 8 + length + max(ends, default=0) != size:
        raise ValueError("it is incomplete")
    return 8 + length, header
