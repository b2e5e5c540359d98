"""Contents from git's store, through one process that is kept."""

import subprocess
import time
from threading import Event, Lock, Thread

from wherein.git.blob import content_of
from wherein.git.command import Git
from wherein.git.running import end, let_go, waits_for_pipe

MOST_SECONDS = 60.0
"""For one object. The largest that is asked for takes milliseconds."""

_TICK = 1.0


class BlobReader:
    """Reads blobs through one process of git, started with the first. Good for several threads."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._deadline = 0.0
        self._ended = Event()

    def read(self, name: str, limit: int) -> bytes:
        """The content of an object by its full id; raises OSError if it cannot be had, has more bytes than `limit`, or
        has another id: git believes the names of packed objects."""
        with self._lock:
            self._deadline = time.monotonic() + MOST_SECONDS
            try:
                content = self._ask(name, limit)
            except (OSError, ValueError) as error:
                self._end()
                raise OSError(f"git cannot read the object {name}") from error
            finally:
                self._deadline = 0.0
        if content_of(name, content) is not content:
            raise OSError(f"the object {name} is damaged")
        return content

    def close(self) -> None:
        """End the process. A later read starts another."""
        with self._lock:
            self._end()

    def _ask(self, name: str, limit: int) -> bytes:
        if self._process is None:
            self._process = self._git.process(
                "cat-file", "--batch", stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._ended = Event()
            Thread(target=self._watch, args=(self._process, self._ended), daemon=True).start()
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(f"{name}\n".encode("ascii"))
        asking.flush()
        _, _, size = answering.readline().split()
        if int(size) > limit:
            raise OSError("it is too large")
        content = answering.read(int(size))
        if len(content) < int(size) or answering.read(1) != b"\n":
            raise OSError("the answer ended early")
        return content

    def _watch(self, process: "subprocess.Popen[bytes]", ended: Event) -> None:
        """End a process that does not answer in time; who waits for it then reads the end of its output."""
        while not ended.wait(_TICK):
            deadline = self._deadline
            if deadline and (time.monotonic() > deadline or waits_for_pipe(process)):
                end(process)
                return

    def _end(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            self._ended.set()
            end(process)
            let_go(process)
