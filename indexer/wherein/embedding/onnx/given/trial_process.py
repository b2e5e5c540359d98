"""The process that tries out a model that is new to this machine: it gets a folder and a text, and returns the text's
vector as JSON."""

import json
import sys
from pathlib import Path

from wherein.embedding.onnx.folder import unreadable
from wherein.embedding.onnx.given.embedder import GivenNetwork
from wherein.embedding.onnx.given.folder import look_at
from wherein.errors import WhereinError

ROOM = 4_000_000_000
"""Bytes of addresses beside six times the network's size."""


def main() -> None:
    """Tell the vector of a text from standard input, and whether a text as long as the window, of the last
    piece, goes through."""
    path = Path(sys.argv[1])
    try:
        folder = look_at(path)
        _limit(len(folder.network))
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
