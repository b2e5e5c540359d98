"""A proxy between clients and real servers that breaks all connections after a number of commands."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


class CuttingProxy:
    """Lets commands through to a server's unix socket, one at a time of each connection, and counts them."""

    def __init__(self, server: Path) -> None:
        self.port = 0
        self._first = server
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self.begin()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def begin(self, after: int | None = None, then: Callable[[], Path | None] = lambda: None) -> None:
        """Count anew, and cut `after` so many commands: the last of them is carried out and not answered. From then on
        clients are led to where `then` says, or nowhere."""
        with self._lock:
            self.commands, self._after, self._then = 0, after, then
            self._server: Path | None = self._first

    @contextmanager
    def running(self) -> Iterator["CuttingProxy"]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
            threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
            yield self
            listener.shutdown(socket.SHUT_RDWR)
        self._cut()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            with self._lock:
                path = self._server
            if path is None:
                return
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(str(path))
                both = {client, server}
                with self._lock:
                    self._open |= both
                try:
                    self._lead(client, server)
                finally:
                    with self._lock:
                        self._open -= both

    def _lead(self, client: socket.socket, server: socket.socket) -> None:
        asked, answered = client.makefile("rb"), server.makefile("rb")
        while command := _read(asked):
            server.sendall(command)
            answer = _read(answered)
            with self._lock:
                self.commands += 1
                cut = self.commands == self._after
                if cut:
                    self._server = None
            if cut:
                self._cut()
                path = self._then()
                with self._lock:
                    self._server = path
                return
            client.sendall(answer)

    def _cut(self) -> None:
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


def _read(stream: BinaryIO) -> bytes:
    """One command or answer of the protocol, as it came; empty at the end."""
    line = stream.readline()
    if line[:1] in (b"$", b"=") and not line.startswith(b"$-"):
        return line + stream.read(int(line[1:]) + 2)
    if line[:1] in (b"*", b"~", b">", b"%") and not line.startswith(b"*-"):
        return line + b"".join(_read(stream) for _ in range(int(line[1:]) * (2 if line[:1] == b"%" else 1)))
    return line
