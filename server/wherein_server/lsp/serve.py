"""Running the server: on standard input and output, or for one client on a port."""

import asyncio
import gc
import logging
import os
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, NoReturn

from wherein import private
from wherein.errors import ConfigError
from wherein.git.running import leave
from wherein_server.cli.log import LineFormatter
from wherein_server.lsp.connection import Connection
from wherein_server.lsp.features import registered
from wherein_server.lsp.progress import end_all
from wherein_server.lsp.server import WhereinServer

BEGINNING = b"content-"
"""Of the header of every message."""

COLLECTED_AFTER = 700
"""New objects until cycles of them are looked for, as Python has it: this process stays, and its requests leave
some."""

PEEK_SECONDS = 0.01

_log = logging.getLogger(__name__)


def serve_stdio(overrides: Mapping[str, object], folder: Path | None = None) -> NoReturn:
    """Serve the client at the other end of the pipes, and exit."""
    source, sink = _own_pipes()
    _run(Connection(source, sink, trusted=True), WhereinServer(overrides, folder))


def serve_tcp(host: str, port: int, overrides: Mapping[str, object], folder: Path | None = None) -> NoReturn:
    """Wait for one client at a port (0: any that is free; it is told on standard error), serve it, and exit."""
    try:
        listening = socket.create_server((host, port), family=_family(host), backlog=1)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"Cannot listen on port {port} of {host}: {reason}.") from None
    with listening:
        name, number = listening.getsockname()[:2]
        sys.stderr.write(f"wherein: listening at {name}:{number}\n")
        sys.stderr.flush()
        client = _accepted(listening)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = Connection(client.makefile("rb"), client.makefile("wb"), trusted=False)
    _run(connection, WhereinServer(overrides, folder))


def _accepted(listening: socket.socket) -> socket.socket:
    """The first client that begins as one does: not what only looks whether the port is open, nor a web page."""
    while True:
        client, _ = listening.accept()
        if _begins_a_message(client):
            return client
        client.close()


def _begins_a_message(client: socket.socket) -> bool:
    try:
        while True:
            seen = client.recv(len(BEGINNING), socket.MSG_PEEK)
            if not seen or not BEGINNING.startswith(seen.lower()):
                return False
            if len(seen) == len(BEGINNING):
                return True
            time.sleep(PEEK_SECONDS)
    except OSError:
        return False


def log_to(file: Path | None, level: str) -> None:
    """Send the log to a file or to standard error."""
    try:
        if file is not None:
            private.create(file)
        handler: logging.Handler = (
            logging.StreamHandler() if file is None else logging.FileHandler(file, encoding="utf-8")
        )
    except OSError as error:
        raise ConfigError(f"The log file {file} cannot be written: {error.strerror}.") from None
    handler.setFormatter(LineFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # pygls tells every message it sends, code and all, at the level of what we tell of our life
    logging.getLogger("pygls").setLevel(logging.ERROR if level != "debug" else logging.WARNING)
    logging.getLogger("asyncio").setLevel(logging.WARNING)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The client's pipes, under numbers that nobody else knows: what libraries and children print goes to standard
    error, and what they read is empty."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


def _run(connection: Connection, server: WhereinServer) -> NoReturn:
    """Serve until the end, which waits for nobody: threads that still read an index have nothing to lose."""
    code = 1
    try:
        code = asyncio.run(_serve(connection, server))
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        _log.exception("the server is shutting down")
    finally:
        logging.shutdown()
        leave(code)


async def _serve(connection: Connection, server: WhereinServer) -> int:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    registered(server)
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 10, 10)
    gc.enable()
    protocol = server.protocol
    protocol.set_writer(connection)
    protocol.on_exit = end
    connection.start(protocol.receive, protocol.receive_bad, lambda: end(0 if protocol.was_shut_down else 1))
    try:
        code = await ended
    finally:
        server.folders.stop()
        end_all(server)
        connection.close()
        logging.shutdown()
    # asyncio.run would wait for its threads
    leave(code)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
