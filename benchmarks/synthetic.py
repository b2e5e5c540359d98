"""Code without end that looks like code: copies of real files under new names, with other words in them.

A larger repository has more of the common words in proportion, and new words of its own (Heaps' law). So each copy
keeps the words that many files have; each of the others stays, becomes another real word of about the same rarity, or
becomes a new one. Syntax stays, for keywords are common words; so do lengths and structure. Nothing is left to chance:
the copies are the same each time.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

COMMON = 0.01
"""A word that this share of the files has, or more, stays."""
EXCHANGED, NEW = 0.35, 0.15
"""Of the other words: those that become another real one, and those that become a new one."""
LARGEST_FILE = 200_000
"""Bytes."""

_WORD = re.compile(r"[A-Za-z][a-z]{3,}")
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxyz", "aeiou"


class Corpus:
    """Files to copy, as they are in the first copy (number 0)."""

    def __init__(self, repositories: Sequence[Path]) -> None:
        """Read all text files of the repositories that are not hidden."""
        self._files: list[tuple[str, str]] = []
        for repository in repositories:
            for file in sorted(repository.rglob("*")):
                relative = file.relative_to(repository)
                if any(part.startswith(".") for part in relative.parts) or not _fit(file):
                    continue
                try:
                    text = file.read_text("utf-8")
                except UnicodeDecodeError:
                    continue
                self._files.append((f"{repository.name}/{relative.as_posix()}", text))
        # a copy is begun in another place than the last ended in, and has some of everything
        self._files.sort(key=lambda file: _chance(file[0]))
        frequency = Counter(
            word for _, text in self._files for word in set(map(str.lower, _WORD.findall(text)))
        )
        common = max(2, int(len(self._files) * COMMON))
        rare = sorted((word for word, n in frequency.items() if n < common), key=lambda w: (frequency[w], w))
        self._place = {word: i for i, word in enumerate(rare)}
        self._rare = rare

    def __len__(self) -> int:
        return len(self._files)

    def files(self) -> Iterator[tuple[str, str]]:
        """Paths and texts, copy after copy, without end."""
        copy = 0
        while self._files:
            words: dict[str, str] = {}

            def other(match: re.Match[str], words: dict[str, str] = words, copy: int = copy) -> str:
                word = match[0]
                lower = word.lower()
                if lower not in words:
                    words[lower] = self._varied(lower, copy)
                found = words[lower]
                return found.capitalize() if word[0].isupper() else found

            for path, text in self._files:
                yield f"copy{copy}/{path}", _WORD.sub(other, text) if copy else text
            copy += 1

    def _varied(self, word: str, copy: int) -> str:
        place = self._place.get(word)
        if place is None:
            return word
        chance = _chance(f"{copy} {word}")
        if chance < EXCHANGED:
            near = place + int((chance / EXCHANGED - 0.5) * 2000)
            return self._rare[min(max(near, 0), len(self._rare) - 1)]
        if chance < EXCHANGED + NEW:
            return _invented(word, f"{copy} {word}")
        return word


def _invented(word: str, seed: str) -> str:
    """A word of the same length and of the same places of vowels."""
    digest = hashlib.blake2b(seed.encode(), digest_size=32).digest()
    letters = zip(word, digest * (len(word) // len(digest) + 1), strict=False)
    return "".join(
        (_VOWELS if c in _VOWELS else _CONSONANTS)[n % (5 if c in _VOWELS else 21)] for c, n in letters
    )


def _chance(seed: str) -> float:
    """Uniform in [0, 1), always the same for a seed."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=6).digest(), "big") / 2**48


def _fit(file: Path) -> bool:
    return file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST_FILE
