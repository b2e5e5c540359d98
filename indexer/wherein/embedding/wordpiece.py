"""Words → rows of a vocabulary, as BERT's WordPiece does it."""

import unicodedata
from collections.abc import Mapping

from wherein.remembered import Remembered

CACHED_WORDS = 200_000
"""Distinct words remembered; the 32 benchmark repositories together have about 40,000."""

CONTINUATION = "##"
"""Marks the pieces of a vocabulary that stand inside a word, not at its start."""

_CJK = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class WordPieces(Remembered[str, tuple[int, ...]]):
    """A mapping from lower-cased words to the rows of their pieces, filled as words are looked up.

    A word falls into the longest piece of the vocabulary that it begins with, and so on with what remains.
    Accents are dropped, each Chinese character is a word of its own, and a character that the vocabulary
    lacks is passed over.
    """

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        super().__init__(self._pieces, CACHED_WORDS)
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary), default=0)

    def _pieces(self, word: str) -> tuple[int, ...]:
        rows: list[int] = []
        for part in (word,) if word.isascii() else _plain(word).split():
            self._split(part, rows)
        return tuple(rows)

    def _split(self, word: str, rows: list[int]) -> None:
        start, mark = 0, ""
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                row = self._vocabulary.get(mark + word[start:end])
                if row is not None:
                    rows.append(row)
                    break
            else:
                end = start + 1
            start, mark = end, CONTINUATION


def _plain(word: str) -> str:
    """Without accents, with blanks around each Chinese character."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(
        f" {character} " if _is_cjk(character) else character
        for character in decomposed
        if unicodedata.category(character) != "Mn"
    )


def _is_cjk(character: str) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in _CJK)
