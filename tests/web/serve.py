"""Two servers for the page's tests: an open one with a language model, and one that asks for a login. It prints their
addresses and a token as JSON, and ends with its standard input."""

import json
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))

from cart import CART, STOCK
from redis_servers import RedisServer
from running_servers import Server, git, index_all
from wherein.config.settings import Settings
from wherein_server.farm.farm import open_farm
from wherein_server.farm.farmfile import FarmFile
from wherein_server.serve.access import Access

LONG = "\n".join(f"def step_{number}(value):\n    return value + {number}\n\n" for number in range(1500))

REPOSITORIES: Mapping[str, Mapping[str, str]] = {
    "github.com/acme/shop": {
        "src/shop/cart.py": CART,
        "src/shop/stock.py": STOCK,
        "tests/test_cart.py": (
            "from shop.cart import Cart\n\n\ndef test_the_total_cost_of_items():\n    assert Cart(None).total() == 0\n"
        ),
        "src/shop/paying.py": (
            "class Way:\n    def charge(self, cents):\n        return False\n\n\n"
            "class Card(Way):\n    def charge(self, cents):\n        return cents < 100\n\n\n"
            "def settle(way: Way):\n    return way.charge(5)\n\n\n"
            "def swipe(card: Card):\n    return card.charge(5)\n"
        ),
        "long.py": LONG,
    },
    "git.example.com/acme/gate": {
        "gate.go": (
            "package gate\n\n// Cost tells what an item costs: <img src=x onerror=alert(1)><script>alert(2)</script>\n"
            "func Cost(item string) int {\n\treturn len(item)\n}\n"
        ),
        "<b>bold</b>.js": "// what every item costs\nexport function costOf(item) {\n  return item.cost;\n}\n",
    },
}

ANSWER = ("It adds up", " what each item costs [1]", ", see <b>bold</b>", " and [2].")


class Model(BaseHTTPRequestHandler):
    """A language model's server that always says the same, word by word."""

    def do_GET(self) -> None:
        """Its list of models."""
        self._send("application/json", json.dumps({"data": [{"id": "tiny"}]}).encode())

    def do_POST(self) -> None:
        """Its answer."""
        self.rfile.read(int(self.headers["content-length"]))
        pieces = [{"choices": [{"delta": {"content": piece}}]} for piece in ANSWER]
        pieces.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        text = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces)
        self._send("text/event-stream", f"{text}data: [DONE]\n\n".encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def farm(data: Path) -> Iterator[str]:
    """The URL of a store with a farm in it that has trouble."""
    with RedisServer() as store:
        opened = open_farm(Settings(data_dir=data, store=store.url), FarmFile())
        for name in REPOSITORIES:
            opened.ledger.add(name, f"https://{name}")
        entry = opened.ledger.named("github.com/acme/shop")
        assert entry is not None
        opened.ledger.want(entry, "1" * 40, "main", "push")
        opened.ledger.noted(
            entry, "gone", "There is no repository at <b>https://github.com/acme/shop</b> any more."
        )
        opened.ledger.client.close()
        yield store.url


@contextmanager
def server(data: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a running server."""
    running = Server(data, *options, **environment)
    try:
        yield running.address.rstrip("/")
    finally:
        running.stop()


def until_clones_are_known(address: str) -> None:
    """The server has looked where the branches are, which it does after its start."""
    for _ in range(600):
        with urllib.request.urlopen(f"{address}/api/v1/repositories") as answer:
            if all(each["newest"] for each in json.load(answer)["repositories"]):
                return
        time.sleep(0.1)


def main() -> None:
    """See the module."""
    with ExitStack() as stack:
        top = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = index_all(top, REPOSITORIES)
        git(top / "gate", "commit", "--quiet", "--allow-empty", "--message", "more")  # which goes on
        model = ThreadingHTTPServer(("127.0.0.1", 0), Model)
        threading.Thread(target=model.serve_forever, daemon=True).start()
        stack.callback(model.shutdown)
        address = f"http://127.0.0.1:{model.server_address[1]}/v1"
        told = {
            "open": stack.enter_context(server(data, WHEREIN_LLM_BASE_URL=address)),
            "farm": stack.enter_context(server(data, WHEREIN_STORE=stack.enter_context(farm(data)))),
            "closed": stack.enter_context(server(data, "--login")),
            "token": Access(data).new_token("ada", ["github.com/acme/*"])[1],
        }
        until_clones_are_known(told["open"])
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
