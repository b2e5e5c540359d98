"""One llama-server process on a loopback port of its own, ended by its process id."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Self

import pytest

from llama_server.program import llama_server
from llama_server.recital import Recital

STARTED_WITHIN = 60.0
"""Seconds, on a machine that is busy with other tests."""

_END_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
"""The server dies with a test process that is killed."""


class LlamaServer:
    """A server that runs from `start` to `stop`. Skips the test where the program cannot be had."""

    def __init__(
        self,
        recital: Recital,
        *,
        name: str = "mistral-recital",
        window: int = 16_384,
        options: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.window = window
        self.options = options
        self.recital = recital
        self.folder = Path(tempfile.mkdtemp(prefix="wherein-llama-"))
        self.base_url = ""
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def port(self) -> int:
        return int(self.base_url.removesuffix("/v1").rpartition(":")[2])

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def start(self, port: int = 0) -> Self:
        """Start, and wait until it answers."""
        try:
            program = llama_server()
        except LookupError as reason:
            pytest.skip(f"There is no llama-server to test with: {reason}.")
        model = self.recital.write(self.folder / "model.gguf")
        arguments = ["--model", str(model), "--alias", self.name, "--ctx-size", str(self.window)]
        arguments += [
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--offline",
            "--no-ui",
            "--threads",
            "1",
            "--slots",
        ]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*_END_WITH_PARENT, *program, *arguments, *self.options], stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + STARTED_WITHIN
        while not (
            listening := re.search(r"listening on (http://127\.0\.0\.1:\d+)", self.log)
        ) or not self._healthy(listening[1]):
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)
        self.base_url = f"{listening[1]}/v1"
        return self

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        """End the process and wait for it."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(with_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None

    def pause(self) -> None:
        """Let it hang: connections are taken, nothing is answered."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after `pause`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def busy_slots(self) -> int:
        """How many requests it works on now."""
        import json

        with urllib.request.urlopen(f"{self.base_url.removesuffix('/v1')}/slots", timeout=10) as answer:
            return sum(slot["is_processing"] for slot in json.load(answer))

    def _healthy(self, url: str) -> bool:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
