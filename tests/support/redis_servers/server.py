"""One Redis process: on a unix socket and a loopback port, with a folder of its own, ended by its process id."""

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import redis

from redis_servers.programs import Program, stack

STARTED_WITHIN = 30.0
"""Seconds, on a machine that is busy with other tests."""

_END_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
"""The server dies with a test process that is killed."""

DURABLE = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "hash-max-listpack-value": "8192",
}
"""What compose.yaml and the docs recommend."""


class RedisServer:
    """A server that runs from `start` to `stop`; its data stay in its folder in between."""

    def __init__(
        self,
        program: Program | None = None,
        *,
        settings: Mapping[str, str] = DURABLE,
        port: int | None = None,
        user: str | None = None,
        password: str | None = None,
    ) -> None:
        self.program = program or stack()
        self.settings = dict(settings)
        self.folder = Path(tempfile.mkdtemp(prefix="wherein-redis-"))  # short: a socket's path is ≤ 107 bytes
        self.socket = self.folder / "redis.sock"
        self.port = port or free_port()
        self.user, self.password = user, password
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.kill()  # nobody needs what a shutdown would still save
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def url(self) -> str:
        return f"unix://{self._login}{self.socket}"

    @property
    def tcp_url(self) -> str:
        return f"redis://{self._login}127.0.0.1:{self.port}"

    @property
    def _login(self) -> str:
        return f"{self.user or ''}:{self.password}@" if self.password else ""

    def client(self, **options: Any) -> "redis.Redis":
        """A plain client with the server's own login; close it, or use it with `with`."""
        login = {"username": self.user, "password": self.password} if self.password else {}
        return redis.Redis(unix_socket_path=str(self.socket), protocol=2, **login | options)

    def start(self, *, wait: bool = True) -> Self:
        """Start, or start again on the same data, and wait until it has loaded them."""
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "unixsocket": str(self.socket),
            "dir": str(self.folder),
            "logfile": "server.log",
            "enable-debug-command": "local",
            **self.settings,
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", *_words(value))]
        with (self.folder / "stderr.log").open("wb") as said:
            self.process = subprocess.Popen(
                [*_END_WITH_PARENT, *self.program.arguments, *arguments],
                env=self.program.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                process_group=0,  # Ctrl-C of a terminal reaches pytest only, which stops it in order
            )
        if wait:
            wait_until(self.answers, within=STARTED_WITHIN, what=self.log)
        return self

    def answers(self) -> bool:
        """Whether it is up and has loaded its data. AssertionError when it has ended."""
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            with self.client(retry=None) as client:
                return bool(client.ping())
        except (redis.AuthenticationError, redis.exceptions.MasterDownError):
            return True
        except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
            return False

    def log(self) -> str:
        """What it said, for the message of a failed test."""
        files = (self.folder / name for name in ("server.log", "stderr.log"))
        return "\n".join(file.read_text(errors="replace")[-4000:] for file in files if file.exists())

    def stop(self) -> None:
        """Shut down as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would: kill -9."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it answer nobody, as a network that swallows packets does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """End `freeze`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.send_signal(signal.SIGCONT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None


def free_port() -> int:
    """A loopback port that nobody listens on, with its cluster bus port (10,000 above) in range."""
    for _ in range(100):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port + 10_000 <= 65_535:
            return port
        with socket.socket() as probe:  # the system's own choices may all lie too high
            port -= 20_000
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


def wait_until(
    happens: Callable[[], bool], *, within: float, what: Callable[[], str] | str = "it did not happen"
) -> None:
    """Return as soon as `happens()`; AssertionError with `what` after `within` seconds."""
    end = time.monotonic() + within
    while not happens():
        assert time.monotonic() < end, what if isinstance(what, str) else what()
        time.sleep(0.02)


def _words(value: str) -> list[str]:
    return value.split() or [""]
