"""What is known about a model, kept in the data folder, so that nobody has to ask a server or load a model before each
search.

A server does not say which model answers to a name, and may be given another one. What it makes of one text tells: a
few of the largest numbers of its vector, by place and sign, are the same for a model however it is run, and never for
two.
"""

import json
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np

from wherein import private
from wherein.embedding.rows import unit_rows
from wherein.quick_dataclass import dataclass
from wherein.store.protocol import Embeddings

FOLDER = "models"
"""In the data folder."""

PROBE = "def parse_configuration(path): read the settings of a file and return them as a dictionary"

TELLING = 8
"""Numbers that a model is known by. Of 768, eight are told from others by 60 bits; noise of 1 % exchanges the eighth
and ninth in one of thirty servers, which then only do not share what they made."""

SAME = 0.97
"""A cosine of two vectors of one text and model; a model and its 8-bit form reach .99, two models of a family .7."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Of one model."""

    probe: Embeddings
    """shape (1, dimension), of length 1: what the model makes of PROBE as a document"""

    @property
    def dimension(self) -> int:
        """Of the vectors as they are kept."""
        return int(self.probe.shape[1])

    @property
    def revision(self) -> str:
        """Stands for the model's weights."""
        row = self.probe[0]
        places = np.sort(np.argsort(-np.abs(row), kind="stable")[:TELLING])
        signed = np.where(row[places] < 0, -places - 1, places + 1)
        return blake2b(signed.astype("<i8").tobytes(), digest_size=4).hexdigest()

    def is_of(self, probe: Embeddings) -> bool:
        """Whether a vector of PROBE is of the same model."""
        return probe.shape == self.probe.shape and float(probe[0] @ self.probe[0]) >= SAME


def remembered(path: Path) -> Facts | None:
    """What was kept; None if nothing was, or it cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        probe = np.array([private.read_json(path)["probe"]], np.float32)
        if probe.ndim == 2 and np.isfinite(probe).all() and probe.any():
            return Facts(unit_rows(probe))
    return None


def remember(path: Path, facts: Facts) -> None:
    """Keep them, if that can be."""
    with suppress(OSError):
        private.folder(path.parent.parent)
        private.folder(path.parent)
        private.write(path, json.dumps({"probe": [round(float(x), 6) for x in facts.probe[0]]}).encode())


def forget(path: Path) -> None:
    """They are not so any more."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def place(data_dir: Path, kind: str, *about: object) -> Path:
    """The file for a model of a kind, and all that its vectors depend on."""
    name = blake2b(repr(about).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return data_dir / FOLDER / f"{kind}-{name}.json"
