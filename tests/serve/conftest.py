"""`wherein serve` as a process, over three small repositories."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

import wherein
from cart import CART, STOCK
from kept_interpreter import stand_in
from wherein.config.settings import Settings

COMMAND = Path(sys.executable).parent / "wherein"

SHOP = {
    "src/shop/cart.py": CART,
    "src/shop/stock.py": STOCK,
    "tests/test_cart.py": """\
from shop.cart import Cart


def test_the_total_of_a_cart_is_what_its_items_cost():
    assert Cart(None).total() == 0
""",
    "README.md": "# Shop\n\nA shop.\n\n## Paying\n\nBy card.\n",
}
GATE = {
    "gate.go": """\
package gate

// Open lets a visitor through the gate.
func Open(visitor string) bool {
	return len(visitor) > 0 // <script>alert(1)</script>
}
"""
}
VAULT = {
    "vault.py": "def open_vault(code):\n    '''Open the vault with the total of its codes.'''\n    return code\n"
}

NAMES = ("github.com/acme/shop", "git.example.com/acme/gate", "github.com/secret/vault")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """A data folder with three repositories in it."""
    top = tmp_path_factory.mktemp("library")
    (top / "home").mkdir()
    settings = Settings(data_dir=top / "data")
    commands = {"GIT_CONFIG_NOSYSTEM": "1", "HOME": str(top / "home"), "PATH": os.environ["PATH"]}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for name, files in zip(NAMES, (SHOP, GATE, VAULT), strict=True):
        folder = top / name.rpartition("/")[2]
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        for arguments in (
            ["init", "--quiet"],
            ["remote", "add", "origin", f"https://{name}"],
            ["add", "--all"],
            [*who, "commit", "--quiet", "--message", "all"],
        ):
            subprocess.run(["git", *arguments], cwd=folder, env=commands, check=True)
        with wherein.open_index(folder, settings=settings) as index:
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


@pytest.fixture(scope="session")
def start():
    """start(data_dir, "--login", …): a server, ended with the tests."""
    running: list[Server] = []

    def begin(data_dir: Path, *options: str, **environment: str) -> Server:
        running.append(Server(data_dir, *options, **environment))
        return running[-1]

    yield begin
    for each in running:
        code, said = each.stop()
        assert "Traceback" not in said, said
        assert code in (0, 130)


@pytest.fixture(scope="session")
def served(library, start):
    """One that lets everybody in who sits at this machine."""
    return start(library)
