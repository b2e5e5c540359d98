"""An HTTP server that ends when it is told to, even if clients stay connected."""

import signal
from types import FrameType

import uvicorn

from wherein_server.cli.exits import Exit
from wherein_server.cli.interrupts import LATEST, end_at_latest

END_SECONDS = 5
"""That answers have to end after the server was told to."""


class HttpServer(uvicorn.Server):
    """Ends as a command does: a termination is its ordinary end. Its configuration should say END_SECONDS."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal."""
        super().handle_exit(sig, frame)
        if sig == signal.SIGTERM:
            self._captured_signals.remove(sig)
        end_at_latest(Exit.DONE if sig == signal.SIGTERM else Exit.INTERRUPTED, END_SECONDS + LATEST)
