"""The connection to the client: two threads wait for its pipes, so the event loop never does."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from typing import BinaryIO

from wherein_server.lsp.framing import BadFrame, read_message

FLUSH_SECONDS = 0.3
"""At the end, how long a client may take to read the last answers."""

_log = logging.getLogger(__name__)


class Connection:
    """Reads messages and hands them to the loop; writes what it is given, in order.

    The threads are daemons: a pipe that nobody writes to or reads from must not keep the process alive.
    """

    def __init__(self, source: BinaryIO, sink: BinaryIO, *, trusted: bool) -> None:
        self._source = source
        self._sink = sink
        self._trusted = trusted
        """whether what is no message may be skipped; on a port it may be a web page's request: the end"""
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="lsp-write", daemon=True)

    def start(
        self,
        on_message: Callable[[object], None],
        on_bad: Callable[[BadFrame], None],
        on_end: Callable[[], None],
    ) -> None:
        """Begin; the callbacks are called in the running loop."""
        loop = asyncio.get_running_loop()

        def read_all() -> None:
            skipping = False
            while True:
                try:
                    message = read_message(self._source)
                except BadFrame as bad:
                    if not skipping:
                        loop.call_soon_threadsafe(on_bad, bad)
                    skipping = True
                    if self._trusted:
                        continue
                    break
                except (EOFError, OSError, ValueError):  # ValueError: the stream was closed
                    break
                skipping = False
                loop.call_soon_threadsafe(on_message, message)
            loop.call_soon_threadsafe(on_end)

        threading.Thread(target=_quietly(read_all), name="lsp-read", daemon=True).start()
        self._writer.start()

    def write(self, data: bytes) -> None:
        """Queue bytes to be sent."""
        self._outgoing.put(data)

    def close(self) -> None:
        """Send what is queued, waiting no longer than FLUSH_SECONDS."""
        self._outgoing.put(None)
        self._writer.join(FLUSH_SECONDS)

    def _write_all(self) -> None:
        try:
            while (data := self._outgoing.get()) is not None:
                self._sink.write(data)
                if self._outgoing.empty():
                    self._sink.flush()
            self._sink.flush()
        except (OSError, ValueError):
            _log.debug("the client no longer reads")


def _quietly(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        except RuntimeError:  # the loop has ended before the stream did
            _log.debug("the loop is closed")

    return run
