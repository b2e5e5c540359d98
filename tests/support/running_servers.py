"""`wherein serve` as a process, and the repositories that it serves."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import wherein
from installed_command import COMMAND
from kept_interpreter import stand_in
from wherein.config.settings import Settings


def git(folder: Path, *arguments: str) -> None:
    """Run it as Ada, with no other configuration."""
    commands = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder), "PATH": os.environ["PATH"]}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, env=commands, check=True)


def index_all(top: Path, repositories: Mapping[str, Mapping[str, str]]) -> Path:
    """The data folder in which repositories of these names and files are indexed; they lie in `top`, by the last part
    of their names."""
    for name, files in repositories.items():
        folder = top / name.rpartition("/")[2]
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        git(folder, "init", "--quiet")
        git(folder, "remote", "add", "origin", f"https://{name}")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "all")
        with wherein.open_index(folder, settings=Settings(data_dir=top / "data")) as index:
            index.update(processes=0)
    return top / "data"


class Server:
    """A running server."""

    def __init__(self, data_dir: Path, *options: str, **environment: str) -> None:
        usual = {
            name: value for name, value in os.environ.items() if not name.startswith(("LC_", "WHEREIN_"))
        }
        self.environment = usual | {"LANG": "C.UTF-8", "WHEREIN_DATA_DIR": str(data_dir)} | environment
        self.process = subprocess.Popen(
            [str(stand_in(COMMAND)), "serve", "--port", "0", *options],
            env=self.environment,
            cwd=data_dir,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self.said = self.process.stderr.readline().decode()
        found = re.search(r"https?://[^/]*:(\d+)/", self.said)
        assert found, self.said + self.process.stderr.read().decode()
        self.port = int(found[1])
        self.address = found[0]

    def ask(
        self, path: str, /, method: str = "GET", body: object = None, headers=None, source=None, **query
    ) -> tuple[int, dict, object]:
        """Status, headers, and the answer: JSON, or text."""
        if query:
            path += "?" + urlencode(query, doseq=True)
        bound = (source, 0) if source else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=bound)
        try:
            sent = dict(headers or {})
            data = None
            if body is not None:
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                sent.setdefault("Content-Type", "application/json")
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            kept = {name.lower(): value for name, value in answer.getheaders()}
            is_json = kept.get("content-type", "").startswith("application/json")
            return answer.status, kept, json.loads(text) if is_json else text
        finally:
            connection.close()

    def get(self, path: str, /, **query) -> dict:
        """An answer that is there."""
        status, _, answer = self.ask(f"/api/v1/{path}", **query)
        assert status == 200, answer
        return answer

    def raw(self) -> socket.socket:
        """A connection on which anything may be sent."""
        return socket.create_connection(("127.0.0.1", self.port), 60)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code, and what else it said."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            _, said = self.process.communicate(timeout=60)
        finally:
            self.process.kill()
        return self.process.returncode, said.decode()
