"""The protocol on standard input and output: one message per line."""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue

from wherein.git.running import leave
from wherein_server.mcp.protocol import INVALID_REQUEST, PARSE_ERROR, Message, Session
from wherein_server.mcp.toolbox import Toolbox
from wherein_server.mcp.workspace import Workspace

MOST_BYTES = 4_000_000
"""Of one message. A longer one is passed over to its end and told; it is not kept meanwhile."""

READ_BYTES = 1 << 16

_log = logging.getLogger(__name__)


def serve(
    roots: Sequence[Path], overrides: Mapping[str, object], *, everything: bool, ask_roots: bool
) -> None:
    """Answer until standard input ends and what was asked is answered."""
    source, sink = _own_streams()
    writing = threading.Lock()

    def send(message: Message) -> None:
        line = json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"
        with writing:
            _write(sink, line)

    boxes = {slow: Toolbox(Workspace(roots, overrides), everything) for slow in (False, True)}
    lines = {slow: _Line() for slow in boxes}
    session = Session(send, boxes.__getitem__, lambda work, slow: lines[slow].put(work), ask_roots=ask_roots)
    for frame in frames(source):
        if frame is None:
            session.refuse(None, INVALID_REQUEST, f"A message may have {MOST_BYTES:,} bytes at most.")
        elif frame.strip():
            try:
                message = json.loads(frame)
            except (ValueError, RecursionError):
                session.refuse(None, PARSE_ERROR, "This is not JSON.")
            else:
                session.receive(message)
    for line in lines.values():
        line.end()


def frames(source: int) -> Iterator[bytes | None]:
    """The lines of a stream; None for one that is too long. What the end cuts off is no message."""
    kept = bytearray()
    passing = False
    while data := os.read(source, READ_BYTES):
        *whole, rest = data.split(b"\n")
        for piece in whole:
            if passing:
                passing = False
                continue
            kept += piece
            if len(kept) > MOST_BYTES:
                yield None
            else:
                yield bytes(kept)
            kept.clear()
        if not passing:
            kept += rest
            if len(kept) > MOST_BYTES:
                kept.clear()
                passing = True
                yield None


class _Line:
    """Work done in order by one thread, which begins with the first."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="wherein-mcp", daemon=True)
            self._thread.start()
        self._queue.put(work)

    def end(self) -> None:
        """Wait until all is done."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                work()
            except OSError:  # the client is gone: so is who would read the answer
                leave(0)
            except Exception:  # what is asked next must not wait for ever
                _log.exception("after an answer")


def _write(sink: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(sink, view) :]


def _own_streams() -> tuple[int, int]:
    """The two ends of the wire, kept from whatever else reads standard input or prints."""
    source, sink = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    if sys.platform == "win32":
        import msvcrt

        for end in (source, sink):
            msvcrt.setmode(end, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink
