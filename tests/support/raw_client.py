"""A client of the bare protocol: it sends what it is told to, right or wrong, and keeps all that comes back."""

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

CAPABILITIES = {
    "window": {"workDoneProgress": True},
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}},
}


class Failed(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]
        self.message = error["message"]
        self.data = error.get("data")


class RawClient:
    """Talks with one server through a pair of binary streams."""

    def __init__(self, source, sink, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self.source, self.sink, self.process = source, sink, process
        self.settings: dict[str, Any] = {}
        """what is answered to workspace/configuration"""
        self.on_request: dict[str, Callable[[Any], Any]] = {
            "workspace/configuration": lambda params: [self.settings for _ in params["items"]],
            "window/workDoneProgress/create": lambda params: None,
            "client/registerCapability": lambda params: None,
            "window/showMessageRequest": lambda params: None,
        }
        self.notes: list[dict[str, Any]] = []
        """notifications, and requests of the server, as they came"""
        self.strays: queue.Queue[dict[str, Any]] = queue.Queue()
        """errors without an id"""
        self.answers: dict[Any, queue.Queue[dict[str, Any]]] = {}
        self._next = 0
        self._lock = threading.Lock()
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    # what is sent

    def send_bytes(self, data: bytes) -> None:
        with self._lock:
            self.sink.write(data)
            self.sink.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: Any = None, identity: Any = None) -> Any:
        """Send a request; its id."""
        if identity is None:
            self._next += 1
            identity = self._next
        self.answers[identity] = queue.Queue()
        self.send({"jsonrpc": "2.0", "id": identity, "method": method, "params": params})
        return identity

    def attempt(self, method: str, params: Any = None, timeout: float = 60) -> dict[str, Any]:
        """The answer as it comes, with a result or an error."""
        return self.answers[self.begin(method, params)].get(timeout=timeout)

    def wait(self, identity: Any, timeout: float = 60) -> Any:
        answer = self.answers[identity].get(timeout=timeout)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer["result"]

    def request(self, method: str, params: Any = None, timeout: float = 60) -> Any:
        return self.wait(self.begin(method, params), timeout)

    def command(self, name: str, *arguments: Any, timeout: float = 60) -> Any:
        return self.request(
            "workspace/executeCommand", {"command": name, "arguments": list(arguments)}, timeout
        )

    def cancel(self, identity: Any) -> None:
        self.notify("$/cancelRequest", {"id": identity})

    # the life of a session

    def initialize(self, *folders: Path, **params: Any) -> dict[str, Any]:
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folders[0].as_uri() if folders else None,
                "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in folders],
                "capabilities": CAPABILITIES,
                **params,
            },
        )
        self.notify("initialized", {})
        return result

    def indexed(self, timeout: float = 120) -> dict[str, Any]:
        """Wait for the first update, or the one that is running."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            status = self.command("wherein.status")
            if not any(each["updating"] for each in status["indexes"]):
                return status
            time.sleep(0.02)
        raise TimeoutError("indexing does not end")

    def shut_down(self, timeout: float = 10) -> int:
        self.request("shutdown")
        self.notify("exit")
        assert self.process is not None
        return self.process.wait(timeout)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.sink, self.source):
            with suppress(OSError, ValueError):
                stream.close()

    # what comes back

    def progress(self, token: Any) -> list[Any]:
        """The values that came for a token."""
        return [
            note["params"]["value"]
            for note in list(self.notes)
            if note["method"] == "$/progress" and note["params"]["token"] == token
        ]

    def named(self, method: str) -> list[Any]:
        return [note.get("params") for note in list(self.notes) if note["method"] == method]

    def until(self, true: Callable[[], Any], timeout: float = 60) -> Any:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if found := true():
                return found
            time.sleep(0.01)
        raise TimeoutError("it did not happen")

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while (message := self._message()) is not None:
                self._take(message)
        self.ended.set()

    def _message(self) -> Any:
        length = 0
        while True:
            line = self.source.readline()
            if not line:
                return None
            if line == b"\r\n":
                break
            name, _, value = line.partition(b":")
            assert name == b"Content-Length", line  # nothing else may ever be on the wire
            length = int(value)
        return json.loads(self.source.read(length))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message:
            self.notes.append(message)
            if "id" in message:
                answer = self.on_request[message["method"]](message.get("params"))
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
        elif message["id"] is None:
            self.strays.put(message)
        else:
            self.answers[message["id"]].put(message)
