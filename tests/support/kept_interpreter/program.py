"""The process that forks: `python program.py SOCKET_NUMBER NAME`.

It makes ready, answers who connects to the socket, and ends when the last one that holds it is gone. Each request
(`asking`) becomes a process: the child takes the descriptors, the folder, the environment, the umask and the words as
its own, and does what stands in the installed command, or what a forked command begins in its turn (`nested`).

It ends as an interpreter does: what is unreachable is collected, threads are waited for, the functions of `atexit` are
called, output is flushed. Modules alone are not taken down, for that is a third of what a forked command would cost.
"""

import atexit
import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as `run` itself sets it; a process with threads must not fork
os.environ["RQ_KEY_PREFIX"] = "wherein-farm:{default}"  # as farm/engine.py sets it before it imports RQ
sys.path.insert(0, str(Path(__file__).parent.parent))
from kept_interpreter import nested
from kept_interpreter.asking import LENGTH
from kept_interpreter.large_pages import use_large_pages
from kept_interpreter.ready import make_ready

del sys.path[0]


def serve(asking: socket.socket) -> dict[str, Any] | None:
    """Fork until nobody wants it any more: None; in a child: its request, which it has become already."""
    waiting = selectors.DefaultSelector()
    waiting.register(asking, selectors.EVENT_READ)
    holding: dict[int, socket.socket] = {}
    """The processes of tests, each until it ends."""
    children: dict[int, tuple[int, socket.socket]] = {}
    bound: dict[int, int] = {}
    """Who ends with the one that asked, by the socket that is closed then."""
    while True:
        for key, _ in waiting.select():
            if key.fd in holding:
                waiting.unregister(key.fd)
                holding.pop(key.fd).close()
                if not holding:
                    return None
                continue
            if key.fd in children:
                number, answer = children.pop(key.fd)
                waiting.unregister(key.fd)
                os.close(key.fd)
                _, status = os.waitpid(number, 0)
                if bound.pop(answer.fileno(), 0):
                    waiting.unregister(answer)
                tell(answer, status)
                answer.close()
                break  # what else is ready may be of this one, and is so again
            if key.fd in bound:
                waiting.unregister(key.fd)
                os.kill(bound.pop(key.fd), signal.SIGKILL)
                continue
            answer, _ = asking.accept()
            head, descriptors, _, _ = socket.recv_fds(answer, LENGTH.size, 3)
            try:
                request = json.loads(exactly(answer, LENGTH.unpack(head)[0]))
            except (EOFError, OSError, struct.error):  # who asked was ended
                for each in (*descriptors, answer.detach()):
                    os.close(each)
                continue
            if request["task"] == "hold":
                holding[answer.fileno()] = answer
                waiting.register(answer, selectors.EVENT_READ)
                tell(answer, os.getpid())
                continue
            if not (number := os.fork()):
                for other in (*holding.values(), *(other for _, other in children.values())):
                    other.close()
                for descriptor in children:
                    os.close(descriptor)
                waiting.close()
                for each in (asking, answer):
                    each.close()
                become(request, descriptors)
                return request
            for descriptor in descriptors:
                os.close(descriptor)
            tell(answer, number)
            watched = os.pidfd_open(number)
            children[watched] = number, answer
            waiting.register(watched, selectors.EVENT_READ)
            if request.get("bound"):
                bound[answer.fileno()] = number
                waiting.register(answer, selectors.EVENT_READ)


def tell(answer: socket.socket, number: int) -> None:
    with suppress(OSError):  # who asked was ended
        answer.sendall(f"{number}\n".encode())


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
    os.setpriority(os.PRIO_PROCESS, 0, request["niceness"])
    for name in list(os.environ):
        if name not in request["environment"]:
            del os.environ[name]
    os.environ.update(request["environment"])
    sys.argv[:] = request["arguments"]
    if request["task"] in nested.TASKS:
        os.setpgid(0, 0)  # Ctrl-C is for the command alone
    for number, (name, mode, errors) in enumerate(
        (
            ("stdin", "r", "surrogateescape"),
            ("stdout", "w", "surrogateescape"),
            ("stderr", "w", "backslashreplace"),
        )
    ):
        stream = open(number, mode, 1 if number == 2 else -1, "utf-8", errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def run_script() -> None:
    """`python SCRIPT WORD…`"""
    sys.path.insert(0, str(Path(sys.argv[0]).parent))
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            sys.exit(1)
        sys.exit(end.code or 0)
    except BaseException:
        traceback.print_exc()
        sys.exit(1)


def main() -> NoReturn:
    gc.disable()  # all that is made before the first fork stays
    from wherein_server.cli.main import run

    make_ready()
    asking = socket.socket(fileno=int(sys.argv[1]))
    nested.fork_from(f"\0{sys.argv[2]}")
    gc.collect()
    gc.freeze()
    gc.enable()
    use_large_pages()
    try:
        request = serve(asking)
    except KeyboardInterrupt:  # of a terminal: the tests are over
        request = None
    if request is None:
        sys.exit()
    code: Any = 0
    try:
        (nested.TASKS | {"script": run_script}).get(request["task"], run)()
    except SystemExit as end:
        code = end.code
    gc.collect()
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
