"""`wherein serve` as a process, over three small repositories."""

from pathlib import Path

import pytest

from cart import CART, STOCK
from running_servers import Server, index_all

SHOP = {
    "src/shop/cart.py": CART,
    "src/shop/stock.py": STOCK,
    "tests/test_cart.py": """\
from shop.cart import Cart


def test_the_total_of_a_cart_is_what_its_items_cost():
    assert Cart(None).total() == 0
""",
    "lib/paying.py": """\
class Way:
    def charge(self, cents):
        return False


class Card(Way):
    def charge(self, cents):
        return cents < 100


def settle(way: Way):
    return way.charge(5)


def swipe(card: Card):
    return card.charge(5)
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
    return index_all(tmp_path_factory.mktemp("library"), dict(zip(NAMES, (SHOP, GATE, VAULT), strict=True)))


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
