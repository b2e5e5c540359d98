"""The process that indexes for the language server: JSON requests in, JSON events out, one per line.

It is a process of its own for three reasons: the server's interpreter stays free to answer, cancelling is ending it,
and a parser that crashes takes nothing else with it. It ends with the server, whatever happens to that.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TextIO

from wherein.allocator import give_memory_back
from wherein.errors import WhereinError
from wherein.following import Following
from wherein.git.running import leave
from wherein.indexing.priority import step_back
from wherein.measured.recording import record_as
from wherein.redaction import without_passwords
from wherein.status import Progress, UpdateReport

if TYPE_CHECKING:
    from wherein.index import Index

NICENESS = 10
"""Searches go first: on two busy cores, while 7,000 chunks were indexed, nine of ten took at most 34 and 70 ms with it
(two runs), 40 and 120 without; indexing took as long. Its workers stand further back; it does not, for it alone reads a
saved file: with others' work on both cores that was found after 1.6 s (at most 2.6), with 19 after 4.2 (9.3)."""


def main() -> None:
    """Answer requests until the input ends."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints must not break the events
    give_memory_back()
    step_back(NICENESS)
    record_as("lsp")
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    updates = Updates(events)
    while True:
        request = requests.get()
        try:
            _send(events, {"report": asdict(updates.update(request))})
        except WhereinError as error:
            told = {"kind": type(error).__name__, "message": error.message, "remedy": error.remedy}
            _send(events, {"error": told})
        except Exception as error:
            sys.stderr.write(without_passwords(traceback.format_exc()))
            _send(
                events, {"error": {"kind": "", "message": f"{type(error).__name__}: {error}", "remedy": ""}}
            )


class Updates:
    """The updates of one repository, the last one's index kept open for files that somebody tells of (`Following`)."""

    def __init__(self, events: TextIO) -> None:
        self._events = events
        self._request: dict[str, Any] = {}
        self._following = Following(self._opened, self._updated)

    def update(self, request: dict[str, Any]) -> UpdateReport:
        """What a request asks for. Raises WhereinError."""
        same = not request["force"] and _opened_for(request) == _opened_for(self._request)
        self._request = request
        files = request["files"] if same else None
        report = self._following.update(
            None if files is None else [os.fsdecode(bytes.fromhex(each)) for each in files]
        )
        if note := self._following.note:
            _send(self._events, {"note": note})
        return report

    def _updated(self, index: "Index", told: Collection[str] | None) -> UpdateReport:
        return index.update(self._progress, wait=False, force=self._request["force"], told=told)

    def _opened(self) -> "Index":
        from wherein.config.load import load_settings
        from wherein.config.locations import project_root
        from wherein.opening import open_index

        place = Path(os.fsdecode(bytes.fromhex(self._request["place"])))
        own = None if self._request["restricted"] else project_root(place)
        return open_index(place, settings=load_settings(own, self._request["overrides"]))

    def _progress(self, step: Progress) -> None:
        _send(self._events, {"progress": asdict(step)})


def _opened_for(request: dict[str, Any]) -> tuple[object, ...]:
    return request.get("place"), request.get("restricted"), request.get("overrides")


def _read(requests: "SimpleQueue[dict[str, Any]]") -> None:
    """Requests, as they come; the end of the input is the end of everything, also of an update half done: what it
    has written is whole, and the next one goes on from there."""
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    leave(0)


def _send(events: TextIO, event: dict[str, Any]) -> None:
    try:
        events.write(json.dumps(event) + "\n")
        events.flush()
    except OSError:  # nobody is there any more
        leave(0)


if __name__ == "__main__":
    main()
