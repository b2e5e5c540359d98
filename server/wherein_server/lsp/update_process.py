"""The process that indexes for the language server: one JSON request a line in, JSON events a line out.

It is a process of its own for three reasons: the server's interpreter stays free to answer, cancelling is ending it,
and a parser that crashes takes nothing else with it. It ends with the server, whatever happens to that.
"""

import json
import os
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TextIO

from wherein.errors import WhereinError
from wherein.indexing.priority import step_back
from wherein.redaction import without_passwords
from wherein.status import Progress

NICENESS = 10
"""Searches go first: on two busy cores, while 7,000 chunks were indexed, nine of ten took at most 34 and 70 ms with it
(two runs), 40 and 120 without; indexing took as long. Its workers stand further back; it does not, for it alone reads a
saved file: with others' work on both cores that was found after 1.6 s (at most 2.6), with 19 after 4.2 (9.3)."""


def main() -> None:
    """Answer requests until the input ends."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints must not break the events
    step_back(NICENESS)
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    from wherein.config.load import load_settings
    from wherein.config.locations import project_root
    from wherein.opening import open_index

    def update(request: dict[str, Any]) -> dict[str, Any]:
        place = Path(os.fsdecode(bytes.fromhex(request["place"])))
        own = None if request["restricted"] else project_root(place)
        settings = load_settings(own, request["overrides"])

        def progress(step: Progress) -> None:
            _send(events, {"progress": asdict(step)})

        with open_index(place, settings=settings) as index:
            report = index.update(progress, wait=False, force=request["force"])
            if index.note:
                _send(events, {"note": index.note})
            return {"report": asdict(report)}

    while True:
        request = requests.get()
        try:
            _send(events, update(request))
        except WhereinError as error:
            told = {"kind": type(error).__name__, "message": error.message, "remedy": error.remedy}
            _send(events, {"error": told})
        except Exception as error:
            sys.stderr.write(without_passwords(traceback.format_exc()))
            _send(
                events, {"error": {"kind": "", "message": f"{type(error).__name__}: {error}", "remedy": ""}}
            )


def _read(requests: "SimpleQueue[dict[str, Any]]") -> None:
    """Requests, as they come; the end of the input is the end of everything, also of an update half done: what it
    has written is whole, and the next one goes on from there."""
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)


def _send(events: TextIO, event: dict[str, Any]) -> None:
    try:
        events.write(json.dumps(event) + "\n")
        events.flush()
    except OSError:  # nobody is there any more
        os._exit(0)


if __name__ == "__main__":
    main()
