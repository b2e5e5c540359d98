"""Names and texts in one form of Unicode, for comparison: some systems and keyboards write a letter and its accent as
one character, some as two."""

import unicodedata


def one_form(text: str) -> str:
    """As NFC has it: one character where there is such a one. What is stored and shown stays as it was written."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
