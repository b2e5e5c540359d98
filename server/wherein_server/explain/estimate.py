"""How many tokens a text is, without the model's tokenizer."""

import re

BYTES_PER_TOKEN = 2.5
"""Code. Mistral's tokenizers have medians of 4.1 and 3.4 bytes a token for Python, 3.5 and 3.0 for C, 2.8 and 2.3 for
JSON: an estimate that is too high costs a snippet, one that is too low an overflow."""

BYTES_PER_DENSE_TOKEN = 1.3
"""Hexadecimal, base64 and the like, measured the same way."""

LEAST_DENSE_RUN = 32
"""Characters. Runs of letters and digits as long as this, with a digit in them, are hardly ever names."""

TOKENS_PER_SNIPPET = 24
"""The heading and the fence around a snippet."""

_RUN = re.compile(rf"[A-Za-z0-9+/=_-]{{{LEAST_DENSE_RUN},}}")
_DIGIT = re.compile(r"[0-9]")


def estimate_tokens(text: str) -> int:
    """An upper estimate for Mistral's tokenizers."""
    dense = sum(len(run) for run in _RUN.findall(text) if _DIGIT.search(run))
    size = len(text.encode("utf-8", "replace"))
    return round((size - dense) / BYTES_PER_TOKEN + dense / BYTES_PER_DENSE_TOKEN) + 1
