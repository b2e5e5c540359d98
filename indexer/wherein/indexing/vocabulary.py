"""The runs of many texts as numbers, so that arrays do what would otherwise be an interpreter's step for each.

A run (see `tokens`) is analysed when it is met first. From then on it is a number, by which its terms, its words and
the pieces of these are looked up for all runs of a batch at once.
"""

from __future__ import annotations

import threading
from array import array
from typing import TYPE_CHECKING

import numpy as np

from wherein.profile import term_hash
from wherein.tokens import END, analysed, runs_of_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from wherein.embedding.embedder import Embedder

MOST_RUNS = 200_000
"""Distinct runs with a number; the 32 benchmark repositories together have about 400,000. 90 bytes each."""


class Vocabulary(dict[str, int]):
    """Run → its number. For one thread."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self.embedder = embedder
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._streams: list[str] = []
        self._terms_of_run, self._words_of_run, self._pieces_of_word = _Lists(), _Lists(), _Lists()
        self._hashes = array("I")
        self._terms = _Numbers(lambda term: self._hashes.append(term_hash(term)))
        self._words = _Numbers(lambda word: self._pieces_of_word.append(self.embedder.pieces(word)))
        self._add(END, (), ())
        self._streams[self[END]] = "\n"

    def begin(self) -> None:
        """Numbers that were given so far may be given to others from now on, lest they become too many."""
        if len(self) > MOST_RUNS:
            self._forget()

    def __missing__(self, run: str) -> int:
        return self._add(run, *analysed(run))

    def only_words(self, words: Sequence[str]) -> int:
        """The number of what has these words, and no terms."""
        run = f"{END} {' '.join(words)}"  # which is none of a text, and not END where there are no words
        return self.get(run) or self._add(run, words, ())

    def _add(self, run: str, words: Sequence[str], terms: Sequence[str]) -> int:
        try:
            self._streams.append(f"{' '.join(terms)} " if terms else "")
            self._terms_of_run.append(map(self._terms.__getitem__, terms))
            self._words_of_run.append(map(self._words.__getitem__, words))
            self[run] = number = len(self)
        except BaseException:  # half of it is no use: the next batch begins anew
            self._forget()
            raise
        return number

    def numbered(self, texts: Sequence[str]) -> tuple[NDArray[np.intc], list[str]]:
        """The runs of all texts with END behind each, and the terms of each, joined by blanks."""
        numbers = list(map(self.__getitem__, runs_of_all(texts)))
        together = "".join(map(self._streams.__getitem__, numbers))
        return np.array(numbers, np.intc), together.replace(" \n", "\n").split("\n")[:-1]

    def ends(self, runs: NDArray[np.intc]) -> NDArray[np.intp]:
        """Where END stands."""
        return np.flatnonzero(runs == self[END])

    def terms(self, runs: NDArray[np.intc]) -> tuple[NDArray[np.intc], NDArray[np.intc]]:
        """The terms of all runs, in order, as numbers; and how many each run has."""
        return self._terms_of_run.at(runs)

    def words(self, runs: NDArray[np.intc]) -> tuple[NDArray[np.intc], NDArray[np.intc]]:
        """The same of words."""
        return self._words_of_run.at(runs)

    def pieces(self, words: NDArray[np.intc]) -> tuple[NDArray[np.intc], NDArray[np.intc]]:
        """The pieces of words, as numbers of the embedder; and how many each word has."""
        return self._pieces_of_word.at(words)

    def hashes(self) -> NDArray[np.uint32]:
        """By the numbers of terms."""
        return np.array(self._hashes, np.uint32)


class _Numbers(dict[str, int]):
    """Words → numbers from 0, given as they are asked for; each new word is told once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, word: str) -> int:
        self._tell(word)
        self[word] = number = len(self)
        return number


class _Lists:
    """Lists of numbers, which are looked up many at once."""

    def __init__(self) -> None:
        self._all = array("i")
        self._ends = array("i", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, numbers: Iterable[int]) -> None:
        """One more list, whose place is the number of those before."""
        self._all.extend(numbers)
        self._ends.append(len(self._all))

    def at(self, which: NDArray[np.intc]) -> tuple[NDArray[np.intc], NDArray[np.intc]]:
        """The lists at these places in a row, and the length of each."""
        ends = np.asarray(self._ends)  # these share memory with what cannot grow meanwhile
        starts = ends[which]
        sizes = ends[1:][which] - starts
        places = np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        places += np.arange(len(places), dtype=np.intc)
        return np.asarray(self._all)[places], sizes


_own = threading.local()


def vocabulary(embedder: Embedder) -> Vocabulary:
    """This thread's."""
    held: Vocabulary | None = getattr(_own, "vocabulary", None)
    if held is None or held.embedder is not embedder:
        held = _own.vocabulary = Vocabulary(embedder)
    return held
