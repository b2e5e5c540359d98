"""A small repository whose calls and documents are known."""

import pytest

from misbehaving_server import MisbehavingServer
from wherein.config.language_model import LlmSettings
from wherein.config.settings import Settings
from wherein_server.explain.endpoint.endpoint import Endpoint

FILES = {
    "src/shop/cart.py": '''\
"""What a customer is about to buy."""

from shop.prices import price_of
from shop.stock import Stock


class Cart:
    """Things and how many of each."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.things: dict[str, int] = {}

    def add(self, thing: str, count: int = 1) -> None:
        """Put things in; refuses what is not in stock."""
        self.stock.reserve(thing, count)
        self.things[thing] = self.things.get(thing, 0) + count

    def total(self) -> int:
        """What all things cost together, in cents."""
        return sum(price_of(thing) * count for thing, count in self.things.items())
''',
    "src/shop/prices.py": '''\
"""What things cost."""

PRICES = {"tea": 250, "cup": 900}


def price_of(thing: str) -> int:
    """The price in cents; unknown things cost nothing."""
    return PRICES.get(thing, 0)
''',
    "src/shop/stock.py": '''\
"""What is there."""


class OutOfStock(Exception):
    """Fewer are there than wanted."""


class Stock:
    """Counts of things."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def reserve(self, thing: str, count: int) -> None:
        """Take things off the shelf."""
        if self.counts.get(thing, 0) < count:
            raise OutOfStock(thing)
        self.counts[thing] -= count
''',
    "src/shop/checkout.py": '''\
"""Paying."""

from shop.cart import Cart


def pay(cart: Cart, paid: int) -> int:
    """The change."""
    return paid - cart.total()
''',
    "tests/test_cart.py": """\
from shop.cart import Cart
from shop.stock import Stock


def test_total():
    assert Cart(Stock()).total() == 0
""",
    "README.md": "# Shop\n\n## Totals\n\n`Cart.total` adds up the prices of all things in cents.\n",
}


@pytest.fixture
def shop(repo):
    repo.commit(FILES)
    return repo


@pytest.fixture
def index(shop, open_index):
    opened = open_index(shop)
    opened.update(processes=0)
    return opened


@pytest.fixture
def endpoint_at(tmp_path):
    """endpoint_at(URL, first_token_timeout=1, …): an endpoint without discovery."""

    def make(url: str, *, model: str = "mistral-recital", window: int | None = 16_384, **llm) -> Endpoint:
        settings = Settings(llm=LlmSettings(base_url=url, **llm), data_dir=tmp_path)
        return Endpoint(url, model, window, settings)

    return make


@pytest.fixture
def settings_for(tmp_path):
    """settings_for(base_url=…): settings with a data folder of their own."""

    def make(*, offline: bool = False, **llm) -> Settings:
        return Settings(data_dir=tmp_path / "data", offline=offline, llm=LlmSettings(**llm))

    return make


@pytest.fixture
def misbehaving(httpserver):
    return MisbehavingServer(httpserver)
