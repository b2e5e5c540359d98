"""Clients of a real server whose commands go through one at a time, in an order that a test decides."""

import random
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

STUCK = 30.0
"""Seconds in which every client asks something or ends."""


class Stepping:
    """Stands before a server's unix socket; each client has a socket of its own, and asks one thing at a time."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._changed = threading.Condition()
        self._asking: dict[str, tuple[bytes, threading.Event]] = {}
        self._ended: set[str] = set()
        self._free = False
        self._listening: list[socket.socket] = []

    def url(self, name: str) -> str:
        """Where the client `name` asks."""
        path = self._folder / f"{name}.sock"
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(path))
        listening.listen()
        self._listening.append(listening)
        threading.Thread(target=self._accept, args=(name, listening), daemon=True).start()
        return f"unix://{path}"

    def run(
        self,
        clients: Mapping[str, Callable[[], object]],
        order: random.Random,
        after: Callable[[str, bytes], object],
    ) -> dict[str, BaseException | None]:
        """Run each client in a thread to its end, letting through a command of one of them at a time; how each ended.

        `after` is called after each command, with who asked and the command's name, while all stand still.
        """
        ended: dict[str, BaseException | None] = {}

        def run_one(name: str, act: Callable[[], object]) -> None:
            try:
                act()
                ended[name] = None
            except BaseException as error:  # the test looks at it
                ended[name] = error
            with self._changed:
                self._ended.add(name)
                self._changed.notify_all()

        threads = [threading.Thread(target=run_one, args=each, daemon=True) for each in clients.items()]
        for thread in threads:
            thread.start()
        try:
            while (chosen := self._chosen(clients.keys(), order)) is not None:
                after(*chosen)
        finally:
            with self._changed:
                self._free = True
                for _, granted in self._asking.values():
                    granted.set()
        for thread in threads:
            thread.join(STUCK)
            assert not thread.is_alive(), "a client did not end"
        return ended

    def close(self) -> None:
        """Listen no more."""
        for listening in self._listening:
            listening.close()

    def _chosen(self, names: Any, order: random.Random) -> tuple[str, bytes] | None:
        with self._changed:
            assert self._changed.wait_for(lambda: names <= self._asking.keys() | self._ended, STUCK), (
                f"neither asks nor ended: {names - self._asking.keys() - self._ended}"
            )
            if not self._asking:
                return None
            name = order.choice(sorted(self._asking))
            command, granted = self._asking.pop(name)
        done = threading.Event()
        with self._changed:
            self._done = done
        granted.set()
        assert done.wait(STUCK), "the server does not answer"
        return name, command

    def _accept(self, name: str, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=self._serve, args=(name, client), daemon=True).start()

    def _serve(self, name: str, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._server))
            asked, answered = client.makefile("rb"), server.makefile("rb")
            while command := _read(asked):
                granted = threading.Event()
                with self._changed:
                    if self._free:
                        granted.set()
                    else:
                        self._asking[name] = command.split(b"\r\n")[2].upper(), granted
                        self._changed.notify_all()
                granted.wait()
                server.sendall(command)
                answer = _read(answered)
                with self._changed:
                    if not self._free:
                        self._done.set()
                client.sendall(answer)


def _read(stream: BinaryIO) -> bytes:
    """One command or answer of the protocol, as it came; empty at the end."""
    line = stream.readline()
    if line[:1] == b"$" and not line.startswith(b"$-"):
        return line + stream.read(int(line[1:]) + 2)
    if line[:1] == b"*" and not line.startswith(b"*-"):
        return line + b"".join(_read(stream) for _ in range(int(line[1:])))
    return line
