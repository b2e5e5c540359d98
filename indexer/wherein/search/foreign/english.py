"""A question in another language, word by word in English, as far as a list of a few hundred words goes.

What is not in the list stays as it is: it may be a name. So does what stands in quotes or backticks, or is styled as an
identifier.
"""

import re
import tomllib
import unicodedata
from functools import cache
from itertools import pairwise

import Stemmer

from wherein.packaged import files
from wherein.quick_dataclass import dataclass

ENGLISH = "en"

MOST_TOGETHER = 4
"""Words of an expression that the lists know."""

SHORTEST_OWN = 6
"""Letters of a word that is looked for as it stands as well."""

MOST_LOOKED_AT = 2_000
"""Characters that tell the language."""

FEWEST = 2
"""Words that nothing but this language has; one, where a letter has an accent."""

BETWEEN = " \t'\u2019-"
"""What may stand between the words of an expression."""

_WORD = re.compile(r"[^\W\d_][\w\u0900-\u0963\u064b-\u0652]*")
"""Letters, with the marks of Devanagari and Arabic, which are no letters to `re`."""
_QUOTED = re.compile(r"\"[^\"\n]*\"|`[^`\n]*`|[A-Za-z0-9_./:#>()-]+")
"""Quotes, and what could be a name or a path."""
_STYLED = re.compile(r"[\"`]|\w[._/:#]\w|->\w|[a-z][A-Z]")
"""What of these is one."""
_ACCENTS = ("\u0300", "\u036f")
_ACCENTED = re.compile("[\u00c0-\u017f]")


@dataclass(frozen=True, slots=True)
class _Language:
    """A language's .toml."""

    stemmer: str
    """Snowball's; empty for one that sets no blanks between words"""
    function: frozenset[str]
    """words that say nothing, plain"""
    words: dict[tuple[str, ...], str]
    """the stems of an expression → English; two words where it stands for two things"""
    pattern: re.Pattern[str]
    """finds the words of a text"""

    def stem(self, word: str) -> str:
        """As expressions are compared."""
        return _stemmed(_plain(word), self.stemmer) if self.stemmer else word


@dataclass(frozen=True, slots=True)
class _Signs:
    """What tells a language, by its code."""

    scripts: dict[str, str]
    """expressions, which Python keeps compiled where they are needed: for no question in English"""
    words: dict[str, frozenset[str]]


def in_english(text: str) -> str:
    """The text, with the words in English that are known in its language; the text itself where it is English."""
    language = _language_of(text)
    if language is None:
        return text
    pieces, at = list[str](), 0
    for kept in _QUOTED.finditer(text):
        if _STYLED.search(kept[0]):
            pieces += [_translated(text[at : kept.start()], language), kept[0]]
            at = kept.end()
    return "".join([*pieces, _translated(text[at:], language)])


def with_english(text: str) -> str:
    """A question as it is looked for: in English; and in its own words, since comments may be written in its language;
    of letters that English has as well, in the longer ones, which English code holds by chance no more."""
    english = in_english(text)
    if english == text:
        return text
    if any(re.search(script, text) for script in _signs().scripts.values()):
        return f"{english} {text}"
    language = _language_of(text)
    assert language is not None
    own = [
        word
        for word in _WORD.findall(_QUOTED.sub(lambda kept: " " if _STYLED.search(kept[0]) else kept[0], text))
        if len(word) >= SHORTEST_OWN and (language.stem(word),) in language.words
    ]
    return " ".join([english, *own])


def _language_of(text: str) -> _Language | None:
    """None for English, and where nothing tells."""
    signs, head = _signs(), text[:MOST_LOOKED_AT]
    if not head.isascii():
        for code, script in signs.scripts.items():
            if re.search(script, head):
                return _described(code)
    words = [_plain(word) for word in _WORD.findall(head)]
    hits = {code: sum(word in own for word in words) for code, own in signs.words.items()}
    english = hits.pop(ENGLISH)
    likeliest = sorted(hits, key=lambda code: -hits[code])
    if hits[likeliest[0]] >= FEWEST + english:
        return _described(likeliest[0])
    if not english and _ACCENTED.search(head):
        for language in map(_described, likeliest):
            if any((language.stem(word),) in language.words for word in words):
                return language
    return None


def _translated(text: str, language: _Language) -> str:
    found = list(language.pattern.finditer(text))
    stems = [language.stem(word[0]) for word in found]
    apart = [bool(text[one.end() : two.start()].strip(BETWEEN)) for one, two in pairwise(found)]
    pieces, at, place = list[str](), 0, 0
    while place < len(found):
        together, english = _longest(stems, apart, place, language)
        word = found[place]
        if english is None:
            english = "" if _plain(word[0]) in language.function else word[0]
        elif not language.stemmer:
            english = f" {english} "
        pieces += [text[at : word.start()], english]
        at = found[place + together - 1].end()
        place += together
    return "".join([*pieces, text[at:]])


def _longest(stems: list[str], apart: list[bool], place: int, language: _Language) -> tuple[int, str | None]:
    """How many words make the longest expression that begins there, and what it means."""
    most = 1
    while place + most < len(stems) and most < MOST_TOGETHER and not apart[place + most - 1]:
        most += 1
    for together in range(most, 0, -1):
        if (english := language.words.get(tuple(stems[place : place + together]))) is not None:
            return together, english
    return 1, None


@cache
def _described(code: str) -> _Language:
    data = tomllib.loads(_file(f"{code}.toml"))
    stemmer, told = data["stemmer"], data["words"]
    if not stemmer:  # at each place the longest that fits
        known = sorted({*told, *data["function"].split()}, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, known)))
        return _Language(
            "", frozenset(data["function"].split()), {(word,): told[word] for word in told}, pattern
        )
    function = frozenset(map(_plain, data["function"].split()))
    words: dict[tuple[str, ...], str] = {}
    for expression, english in told.items():
        stems = tuple(_stemmed(_plain(word), stemmer) for word in _WORD.findall(expression))
        known_as = words.get(stems, "").split()
        words[stems] = " ".join(dict.fromkeys([*known_as, *english.split()]))
    return _Language(stemmer, function, words, _WORD)


@cache
def _signs() -> _Signs:
    data = tomllib.loads(_file("languages.toml"))
    return _Signs(
        data["script"],
        {code: frozenset(map(_plain, words.split())) for code, words in data["words"].items()},
    )


def _file(name: str) -> str:
    return files("wherein.search.foreign").joinpath(name).read_text("utf-8")


def _stemmed(word: str, stemmer: str) -> str:
    return str(Stemmer.Stemmer(stemmer).stemWord(word))


def _plain(word: str) -> str:
    """In lower case and without accents."""
    first, last = _ACCENTS
    parts = unicodedata.normalize("NFKD", word.lower())
    return unicodedata.normalize("NFC", "".join(each for each in parts if not first <= each <= last))
