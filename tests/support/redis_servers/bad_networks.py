"""Networks between a client and a server on loopback that do what real ones do at their worst."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def blackhole() -> Iterator[int]:
    """A port whose connections are never made: packets are swallowed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = int(listener.getsockname()[1])
        waiting = []
        for _ in range(4):  # the queue is full then
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            waiting.append(one)
        yield port
        for each in waiting:
            each.close()


@contextmanager
def half_open() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@contextmanager
def dripping(byte: bytes = b"+", every: float = 0.2) -> Iterator[int]:
    """A port that answers, a byte at a time, and never comes to an end."""

    def drip(client: socket.socket) -> None:
        try:
            while True:
                client.sendall(byte)
                time.sleep(every)
        except OSError:
            client.close()

    with _serving(drip) as port:
        yield port


@contextmanager
def delayed(server: int, seconds: float) -> Iterator[int]:
    """A port that leads to the one of a server; what is sent there is on the way for so long."""

    def lead(client: socket.socket) -> None:
        there = socket.create_connection(("127.0.0.1", server))
        threading.Thread(target=_pump, args=(there, client, 0.0), daemon=True).start()
        _pump(client, there, seconds)

    with _serving(lead) as port:
        yield port


def _pump(source: socket.socket, sink: socket.socket, seconds: float) -> None:
    try:
        while data := source.recv(1 << 16):
            time.sleep(seconds)
            sink.sendall(data)
    except OSError:
        pass
    for each in (source, sink):
        each.close()


@contextmanager
def _serving(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
