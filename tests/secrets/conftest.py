"""Secrets are made when a test runs: none stands in this repository."""

import random
import string

import pytest

ALPHABETS = {
    "base62": string.ascii_letters + string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "base36": string.ascii_lowercase + string.digits,
    "hex": "0123456789abcdef",
    "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
}


@pytest.fixture
def by_chance():
    """by_chance(40, "hex"): characters as a generator of keys makes them; others with each call."""
    chance = random.Random(7)

    def made(length: int, alphabet: str = "base62") -> str:
        letters = ALPHABETS[alphabet]
        digits = [letter for letter in letters if letter.isdigit()]
        value = [chance.choice(letters) for _ in range(length)]
        for place in (
            length // 3,
            length // 2,
            2 * length // 3,
        ):  # few are without, and those are not told from words
            value[place] = chance.choice(digits)
        return "".join(value)

    return made


@pytest.fixture
def pem(by_chance):
    """pem("RSA"): a private key of many lines in its armour."""

    def made(kind: str = "RSA", lines: int = 25) -> str:
        label = f"{kind} PRIVATE KEY".strip()
        body = "\n".join(by_chance(64, "base64") for _ in range(lines))
        return f"-----BEGIN {label}-----\n{body}\n{by_chance(30, 'base64')}==\n-----END {label}-----\n"

    return made
