"""Code of a cart and its stock, on which servers are tried."""

CART = '''\
"""Carts hold what will be paid."""

from shop.stock import Stock


class Cart:
    """What somebody is about to buy."""

    def __init__(self, stock: Stock) -> None:
        self.stock = stock
        self.items: list[str] = []

    def add(self, item: str) -> None:
        """Put an item in, which the stock keeps for us from now on."""
        self.stock.reserve(item)
        self.items.append(item)

    def total(self) -> int:
        """What all items cost together, in cents."""
        return sum(price_of(item) for item in self.items)


def price_of(item: str) -> int:
    """What a single item costs."""
    return len(item) * 100
'''

STOCK = '''\
class Stock:
    def reserve(self, item: str) -> None:
        """Keep an item for a customer."""
'''
