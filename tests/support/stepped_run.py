"""`hook run` that stops before any line of its own: `python stepped_run.py FOLDER hook run`.

It reads commands from its input, one a line. `run N` begins a run in a child, which stops before the N-th line of the
functions that deal with others (0: nowhere) and answers `stopped`, or `ended` when it is over but not gone; `on` lets
it go on, which is answered with `ended`; `gone` lets the child exit. All that a run does with a place is to note it in
the file `indexed`.
"""

import os
import sys
from pathlib import Path

import filelock  # noqa: F401 - once, for all children

from wherein.hooks import journal, run, spool

STATE = Path(sys.argv[1])
FILES = (run.__file__, spool.__file__)
FUNCTIONS = ("serve", "waiting", "alone", "step_down", "take", "done")


def said(text: str) -> None:
    os.write(1, text.encode() + b"\n")


def heard() -> str:
    text = b""
    while not text.endswith(b"\n"):
        text += os.read(0, 1) or b"\n"
    return text.decode().strip()


def indexed(place: Path) -> journal.Run:
    with (STATE / "indexed").open("a") as file:
        file.write(f"{place}\n")
    return journal.run_in(place, 0.0, 0.0, "done", "")


def child(stop: int) -> None:
    run.QUIET = 0.0
    run._run = indexed
    seen = 0

    def traced(frame, event, argument):
        nonlocal seen
        if frame.f_code.co_filename not in FILES or frame.f_code.co_name not in FUNCTIONS:
            return None
        if event == "line":
            seen += 1
            if seen == stop:
                said("stopped")
                heard()
        return traced

    sys.settrace(traced)
    run.serve(STATE)
    sys.settrace(None)
    said("ended")
    heard()
    os._exit(0)


while True:
    words = heard().split()
    if not words:
        sys.exit()
    number = os.fork()
    if not number:
        (STATE / "running").write_text(
            f"{os.getpid()}\n"
        )  # as the script writes it before it becomes the run
        child(int(words[1]))
    os.waitpid(number, 0)
