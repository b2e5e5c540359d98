"""A worker process: batches of files come in on standard input, file versions go out on standard output."""

import gc
import os
import sys
from typing import Any

from wherein.indexing.priority import step_back_further
from wherein.indexing.workers import ignore_interrupts, read_frame, write_frame
from wherein.parsing import limits

COLLECTED_AFTER = 100_000
"""New objects between two looks for cycles, which chunks have none of. Python's own 700 cost 4 % of the time."""


def main() -> None:
    """Say that it is ready (None) or why it is not, then answer batches until the input ends."""
    ignore_interrupts()
    limits.make_mortal()
    step_back_further()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints must not break the frames

    from wherein.embedding.open import open_embedder
    from wherein.indexing.prepare import prepare
    from wherein.parsing import here

    try:
        model = read_frame(sys.stdin.buffer)
    except EOFError:
        return
    try:
        embedder = open_embedder(model)  # type: ignore[arg-type]
    except Exception as error:
        write_frame(answers, error)
        return
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 10, 10)
    write_frame(answers, None)
    while True:
        try:
            request: Any = read_frame(sys.stdin.buffer)
        except EOFError:
            return
        answer: object
        try:
            batch, trusting = request
            with here.parsing(allowed=trusting):
                answer = prepare(batch, embedder)
        except Exception as error:
            answer = error
        write_frame(answers, answer)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # who asked has ended, and there is nobody to be told
        os._exit(0)
