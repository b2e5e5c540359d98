"""A model that this machine has not seen is tried out in a process of its own: one that takes all memory, or for ever,
takes none of ours."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from wherein.embedding.onnx.folder import unreadable
from wherein.embedding.onnx.given.folder import GivenFolder, look_at
from wherein.errors import ConfigError, WhereinError
from wherein.interpreter import interpreter, running
from wherein.store.protocol import Embeddings

MOST_SECONDS = 120.0

ROOM = 4_000_000_000
"""Bytes of addresses beside six times the network's size."""


def tried(folder: GivenFolder, text: str) -> Embeddings:
    """What the model makes of a text, of shape (1, dimension). ConfigError where it cannot be used here."""
    command = [*running(__name__), str(folder.path)]
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


def main() -> None:
    """In that process: the vector of a text from standard input, and whether a text as long as the window, of the last
    piece, goes through."""
    path = Path(sys.argv[1])
    try:
        folder = look_at(path)
        _limit(len(folder.network))
        from wherein.embedding.onnx.given.embedder import GivenNetwork

        network = GivenNetwork(folder)
        network.run([network.tokens.pieces - 1] * folder.window)
        vector = network.run(network.tokens.of(sys.stdin.buffer.read().decode("utf-8", "replace")))
        answer: object = {"vector": [float(number) for number in vector]}
    except WhereinError as error:
        answer = {"error": error.message, "remedy": error.remedy}
    except MemoryError:
        wrong = unreadable(path, "it takes too much memory")
        answer = {"error": wrong.message, "remedy": wrong.remedy}
    sys.stdout.write(json.dumps(answer))


def _limit(size: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    most = ROOM + 6 * size
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
