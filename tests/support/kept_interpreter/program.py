"""The process that forks: `python program.py SOCKET_NUMBER COMMAND`.

It imports all of wherein once, as the installed command would. Each request then comes over the socket: JSON behind its
length, with four descriptors (input, output, errors and where to answer). The child takes them, the folder, the
environment, the umask and the words as its own, and does what stands in the installed command. Its number and its wait
status are answered, a line each.

It ends as an interpreter does: what is unreachable is collected, threads are waited for, the functions of `atexit` are
called, output is flushed. Modules alone are not taken down, for that is a third of what a forked command would cost.
"""

import atexit
import gc
import json
import os
import selectors
import socket
import struct
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as `run` itself sets it; a process with threads must not fork
os.environ["RQ_KEY_PREFIX"] = "wherein-farm:{default}"  # as farm/engine.py sets it before it imports RQ
LENGTH = struct.Struct("!I")
IMPORTED_LATE = (
    "filelock",
    "hiredis",
    "httpx2",
    "importlib.readers",
    "platformdirs.unix",
    "redis",
    "rich.console",
    "rich.markdown",
    "rich.progress",
    "rich.syntax",
    "simsimd",
    "ssl",
)
"""What functions of wherein import, of the Python library and of others."""


def import_everything() -> None:
    import wherein
    import wherein_server

    for package in (wherein, wherein_server):
        root = Path(package.__path__[0])
        for file in sorted(root.rglob("*.py")):  # some folders are packages without a file that says so
            if file.stem not in ("__init__", "__main__"):
                import_module(".".join((package.__name__, *file.relative_to(root).with_suffix("").parts)))
    for name in IMPORTED_LATE:
        import_module(name)
    assert len(list(Path("/proc/self/task").iterdir())) == 1, "a process of several threads must not fork"


def serve(asking: socket.socket) -> dict[str, Any] | None:
    """Fork until nobody asks any more: None; in a child: its request, which it has become already."""
    waiting = selectors.DefaultSelector()
    waiting.register(asking, selectors.EVENT_READ)
    children: dict[int, tuple[int, socket.socket]] = {}
    while True:
        for key, _ in waiting.select():
            if key.fd != asking.fileno():
                number, answer = children.pop(key.fd)
                waiting.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(number, 0)
                answer.sendall(f"{status}\n".encode())
                answer.close()
                continue
            head, descriptors, _, _ = socket.recv_fds(asking, LENGTH.size, 4)
            if not head:
                return None
            request = json.loads(exactly(asking, LENGTH.unpack(head)[0]))
            answer = socket.socket(fileno=descriptors.pop())
            if not (number := os.fork()):
                for _, other in children.values():
                    other.close()
                for descriptor in children:
                    os.close(descriptor)
                waiting.close()
                asking.close()
                answer.close()
                become(request, descriptors)
                return request
            for descriptor in descriptors:
                os.close(descriptor)
            answer.sendall(f"{number}\n".encode())
            watched = os.pidfd_open(number)
            children[watched] = number, answer
            waiting.register(watched, selectors.EVENT_READ)


def exactly(asking: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = asking.recv(count - len(found))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Have what a process of its own would have been given."""
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["folder"])
    os.umask(request["umask"])
    for name in list(os.environ):
        if name not in request["environment"]:
            del os.environ[name]
    os.environ.update(request["environment"])
    sys.argv[:] = [COMMAND, *request["arguments"]]
    for number, (name, mode, errors) in enumerate(
        (
            ("stdin", "r", "surrogateescape"),
            ("stdout", "w", "surrogateescape"),
            ("stderr", "w", "backslashreplace"),
        )
    ):
        stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def main() -> NoReturn:
    from wherein_server.cli.main import run

    import_everything()
    gc.collect()
    gc.freeze()
    try:
        request = serve(socket.socket(fileno=int(sys.argv[1])))
    except KeyboardInterrupt:  # of a terminal: the tests are over
        request = None
    if request is None:
        sys.exit()
    try:
        run()
    except SystemExit as end:
        code = end.code
    gc.collect()
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    COMMAND = sys.argv[2]
    main()
