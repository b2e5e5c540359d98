"""The tokenizer: one for indexing and querying, for code and prose.

Text falls into runs of letters, digits and `_`, with the marks that letters bear. A run is split where its style says
so (`parseHTTPResponse2`, `parse_http_response_2`): its parts, lower-cased, are its *words*. For lexical search the
words are stemmed, and a run of several words is also a term as a whole (`parsehttpresponse2`). So an exact name weighs
more than its parts, and every style of writing a name finds every other.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

import Stemmer

from wherein.remembered import Remembered

TOKENIZER_VERSION = "2"
"""Part of an index's header; change it whenever the terms of any text change."""

STEMMER_VERSION: str = Stemmer.version()
"""Also part of the header: Snowball's English stems `interval` to `interv` in 2, but not in 3."""

LONGEST_RUN = 64
"""Characters. Longer runs are data (keys, hashes, base64), not names."""

LONGEST_UNSPACED = 1_000
"""Characters of a run in a script without blanks between words: a sentence, or a few."""

MOST_PARTS = 12
"""Runs of more parts are hashes and encoded data, too; pairs of unspaced letters do not count."""

CACHED_RUNS = 4_000
CACHED_STEMS = 30_000
"""How many distinct runs, a kilobyte each, and words are remembered: of queries, paths and names. Indexing remembers
its runs itself. A server grows by what it remembers of new names, for as long as it runs."""

_JOINERS = "\u00ad\u200c\u200d"
"""Stand within words, and are not seen: soft hyphens, and what joins letters or keeps them apart."""
_MARKS = ("\u0300", "\U0001e950")
"""Between these are all characters of the category of marks that letters bear, but for selectors of variants."""
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF))
"""Thai and Lao, Burmese, Khmer, Tai: without blanks between words, as from 0x2E80 on (CJK)."""
_SILENT = (10, 35, 200)
"""Marks of the combining classes 10 to 35 (Hebrew and Arabic vowels, which most texts leave out) and from 200 on
(accents that no letter with an accent stands for) are not kept; all others belong to their words, as in Hindi and Thai.
"""
END = "\0"
"""Stands behind the runs of each of several texts."""
_ASCII_BLANKED = bytes(
    byte if chr(byte).isalnum() or byte == ord("_") else ord(" ") for byte in range(128)
).ljust(256)
"""For ASCII text, all but its runs made blank: two thirds of the time that the expression takes."""
_ENDS_KEPT = END.encode("ascii") + _ASCII_BLANKED[1:]
_PARTS = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ODD = re.compile(rf"[{_JOINERS}]|[^\w\0-\u02ff]")
"""What may stand within a word though it is no letter."""
_ASCII_PLAIN = re.compile(r"[a-z]+\Z|[A-Z]?[a-z]+\Z|[A-Z]+\Z")

_stemmer = Stemmer.Stemmer("english", 0)
_stemming = threading.Lock()


class Tokens(NamedTuple):
    """What a text says, twice: as plain words for embedding and as terms for lexical search."""

    words: list[str]
    """lower-cased identifier parts, in order"""
    terms: list[str]
    """stemmed words, each multi-part run followed by its whole, in order"""


def tokenize(text: str) -> Tokens:
    """Words and terms of a text."""
    entries = _entries(text)
    return Tokens(
        list(chain.from_iterable(map(_words_of, entries))), list(chain.from_iterable(map(_terms_of, entries)))
    )


def words(text: str) -> list[str]:
    """Lower-cased identifier parts of a text."""
    return list(chain.from_iterable(map(_words_of, _entries(text))))


def count_words(text: str) -> int:
    """How many `words` a text has; of an identifier in a sixth of the time, where it was never read."""
    if text.isascii() and text.isidentifier() and len(text) <= LONGEST_RUN:
        count = len(_PARTS.findall(text))
        return count if count <= MOST_PARTS else 0
    return len(words(text))


def terms(text: str) -> list[str]:
    """Terms of a text for lexical search."""
    return list(chain.from_iterable(map(_terms_of, _entries(text))))


def _entries(text: str) -> "list[Entry]":
    return list(map(_known.__getitem__, _runs(text)))


def _runs(text: str) -> list[str]:
    if text.isascii():
        return text.encode("ascii").translate(_ASCII_BLANKED).decode("ascii").split()
    return _run_pattern(_within_words(text)).findall(text)


def runs_of_all(texts: Sequence[str]) -> list[str]:
    """The runs of all texts, in order, with END behind those of each."""
    between = f" {END} "
    together = between.join((*texts, ""))
    if together.isascii() and together.count(END) == len(texts):
        return together.encode("ascii").translate(_ENDS_KEPT).decode("ascii").split()
    return [run for text in texts for run in (*_runs(text), END)]


def is_one_run(text: str) -> bool:
    """Whether there is one word in it, and besides at most punctuation."""
    return len(_entries(text)) == 1


def fold(name: str) -> str:
    """An identifier without its style: `Foo_bar`, `fooBar` and `FOO_BAR` all give `foobar`."""
    if name.isascii():
        return name.replace("_", "").lower()
    return unicodedata.normalize("NFKC", name).replace("_", "").casefold()


def fold_all(names: Sequence[str]) -> list[str]:
    """Each of them folded: all at once, where all are ASCII."""
    together = END.join(names)
    if together.isascii() and together.count(END) == len(names) - 1:
        return together.replace("_", "").lower().split(END)
    return list(map(fold, names))


def _within_words(text: str) -> str:
    """The marks and joiners that a text holds, sorted."""
    odd = set(_ODD.findall(text))
    return "".join(sorted(filter(_is_within_words, odd))) if odd else ""


def _is_within_words(character: str) -> bool:
    if character in _JOINERS:
        return True
    return _MARKS[0] <= character < _MARKS[1] and unicodedata.category(character)[0] == "M"


@lru_cache(maxsize=500)
def _run_pattern(within: str) -> re.Pattern[str]:
    """Of a text that holds these marks and joiners. An expression of all that there are takes 20 ms to make, in each
    process; most texts hold none."""
    return re.compile(rf"\w+(?:[{within}]+\w*)*" if within else r"\w+")


def stem(word: str) -> str:
    """The English stem of a lower-cased word."""
    return _stems[word]


def _stemmed(word: str) -> str:
    with _stemming:
        return str(_stemmer.stemWord(word))


_stems: Remembered[str, str] = Remembered(_stemmed, CACHED_STEMS)

Entry = tuple[tuple[str, ...], tuple[str, ...]]
"""The words and the terms of a run."""
_words_of, _terms_of = itemgetter(0), itemgetter(1)


def analysed(run: str) -> Entry:
    """Made anew each time: whoever has many texts remembers."""
    if not run.isascii():
        return _analysed_unicode(run)
    if len(run) > LONGEST_RUN:
        return (), ()
    if _ASCII_PLAIN.match(run):
        words = (run.lower(),)
        terms = (_stems[words[0]],)
        return words, words if terms == words else terms
    words = tuple([part.lower() for part in _PARTS.findall(run)])
    if len(words) > MOST_PARTS:
        return (), ()
    if len(words) < 2:
        return words, tuple(map(stem, words))
    stems = [_stems[part] for part in words if len(part) > 1 or part.isdigit()]
    return words, (*stems, "".join(words))


def _analysed_unicode(run: str) -> Entry:
    if len(run) > LONGEST_RUN and not (len(run) <= LONGEST_UNSPACED and any(map(_unspaced, run))):
        return (), ()
    words = tuple(_split(run))
    if not words or (len(words) > MOST_PARTS and sum(not _unspaced(part[0]) for part in words) > MOST_PARTS):
        return (), ()
    stems = [stem(part) for part in words if len(part) > 1 or len(words) == 1 or part.isdigit()]
    if len(words) > 1 and len(run) <= LONGEST_RUN:
        stems.append(_letters(fold(run)))
    return words, tuple(stems)


_known: Remembered[str, Entry] = Remembered(analysed, CACHED_RUNS)


def _split(run: str) -> list[str]:
    parts: list[str] = []
    for piece in unicodedata.normalize("NFKC", run).translate(_unseen).split("_"):
        parts += _split_unicode(piece)
    return parts


_unseen = dict.fromkeys(map(ord, _JOINERS))


def _split_unicode(piece: str) -> list[str]:
    """Case and digit boundaries of any script; scripts without blanks between words give overlapping pairs of
    characters. Marks stay with what they stand on."""
    letters = _with_marks(piece)
    parts: list[str] = []
    start = 0
    for i in range(1, len(letters) + 1):
        if i == len(letters) or _boundary(letters, i):
            part = letters[start:i]
            start = i
            if _unspaced(part[0][0]) and len(part) > 2:
                parts += (_letters(part[j] + part[j + 1]) for j in range(len(part) - 1))
            else:
                parts.append(_letters("".join(part).casefold()))
    return [part for part in parts if part]


def _with_marks(text: str) -> list[str]:
    """The characters of a text, each with the marks that follow it."""
    letters: list[str] = []
    for character in text:
        if letters and unicodedata.category(character)[0] == "M":
            letters[-1] += character
        else:
            letters.append(character)
    return letters


def _letters(text: str) -> str:
    """The letters and digits of a text, with the marks that belong to its words."""
    return text if text.isalnum() else "".join(filter(_is_kept, text))


def _is_kept(character: str) -> bool:
    if character.isalnum():
        return True
    if character.isascii() or unicodedata.category(character)[0] != "M":
        return False
    lowest, highest, accents = _SILENT
    combining = unicodedata.combining(character)
    return not lowest <= combining <= highest and combining < accents


def _boundary(letters: list[str], i: int) -> bool:
    before, here = letters[i - 1][0], letters[i][0]
    if before.isdigit() != here.isdigit() or _unspaced(before) != _unspaced(here):
        return True
    if here.isupper():
        after = letters[i + 1][0] if i + 1 < len(letters) else ""
        return before.islower() or (before.isupper() and after.islower())
    return False


def _unspaced(character: str) -> bool:
    code = ord(character)
    if code < 0x2E80:
        return code >= _UNSPACED[0][0] and any(first <= code <= last for first, last in _UNSPACED)
    return character.isalpha() and not character.isupper() and not character.islower()
