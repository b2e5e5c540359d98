"""A small shop of code that editors are tried on."""

SHOP = {
    "README.md": "# Shop\n\nSells things.\n\n## Payment\n\nCards are charged by the payment module.\n",
    "shop/payment.py": '''\
"""Taking money."""


class CardDeclined(Exception):
    """The bank said no."""


def charge_card(card, amount):
    """Charge a credit card and return the receipt."""
    if amount <= 0:
        raise ValueError("nothing to pay")
    receipt = card.bank.debit(card.number, amount)
    if receipt is None:
        raise CardDeclined(card.number)
    return receipt


def refund(receipt):
    """Give the money of a receipt back."""
    return receipt.bank.credit(receipt.number, receipt.amount)
''',
    "shop/cart.py": '''\
"""What a customer wants to buy."""

from shop.payment import charge_card


class Cart:
    """Things, before they are paid."""

    def __init__(self):
        self.items = []

    def checkout(self, card):
        """Pay for everything in the cart."""
        return charge_card(card, sum(item.price for item in self.items))
''',
}
