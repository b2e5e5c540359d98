"""Understands a query: its intent, its terms, the identifiers and filters in it."""

import re
import tomllib
from dataclasses import field, replace
from functools import cache
from itertools import chain, pairwise

from wherein import tokens
from wherein.errors import ConfigError, NothingToLookFor
from wherein.one_form import one_form
from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.search.foreign.english import with_english
from wherein.search.inline_filters import take_filters
from wherein.search.intent import Intent, Shares, shares
from wherein.search.messages import message_words
from wherein.search.operators import Operator, asked_operator
from wherein.search.pasted import pasted_lines
from wherein.search.report_parts import Parts, parts_of
from wherein.search.synonyms import Synonym, synonyms_of
from wherein.search.traces import Frame, frames, without
from wherein.store.protocol import Filters

MOST_TERMS = 48
"""Distinct terms that are looked up. A pasted page says what it is about long before."""

MOST_WORDS = 512
"""Words that are embedded."""

MOST_CHARACTERS = 20_000
"""Of a query. Of a longer one, the beginning and the end are read, half of this each: a trace may say what it is about
in either."""

MOST_OF_SHORT = 40
"""Words. A longer text is read in several ways (`long.py`)."""

MOST_TOKENIZED = 8_000
"""Characters, from the beginning and the end: they hold more than the words that are embedded and the terms that are
looked up."""

LONGEST_TITLE = 200
"""Characters."""

LEAST_SAID = 12
"""Words of sentences, such as "the" and "when", before and after the places in a text, from which it explains them.
Logs and error messages have few."""

_WORD = re.compile(r"[^\W_]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")
_QUOTED = re.compile(r'(?<![\w(=,:\[{<])"([^"\n]+)"(?!\w)')
"""A phrase in prose. Quotes after a bracket, a comma or a colon belong to code, or are quoted by a message."""
_AFTER_SIGN = re.compile(r"[(=,:\[{<]\s+\Z")
_NAME = re.compile(r"[^\W\d]\w*(?:(?:::|->|\.|#|/|:)[^\W\d]\w*)*(?:\(\))?")
_ONE_WORD = re.compile(r"\W*\w+\W*\Z")
SEPARATOR = re.compile(r"::|->|[.#/:]")
_MARKED = re.compile(r"`([^`]+)`")
_SYMBOL: Shares = {Intent.SYMBOL: 1.0}
_STYLED = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|\w_\w|^_+\w|\w(?:::|->|\.|#)\w|\(\)$")


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart."""

    text: str
    """without the filters in it"""
    intents: Shares
    """what it asks for, and how likely"""
    words: tuple[str, ...]
    """for the embedding"""
    terms: tuple[str, ...]
    """distinct, in order, without those that carry nothing"""
    synonyms: tuple[Synonym, ...] = ()
    """of the terms; none for a name, which is looked up as it is"""
    compounds: tuple[str, ...] = ()
    """terms that two neighbouring words would form as one identifier: "lazy loading" gives `lazyloading`, `lazyload`"""
    names: tuple[str, ...] = ()
    """identifiers, qualified as they are written; in a long text first those of its title, then of its prose, of error
    lines, of code"""
    operator: Operator | None = None
    """that it names; it then has no words"""
    word: str = ""
    """the term of a query that is one word, whatever its parts: `parseHTTP` gives `parsehttp`"""
    phrases: tuple[str, ...] = ()
    """what a hit must contain word for word, ignoring case"""
    filters: Filters = field(default_factory=Filters)
    kinds: frozenset[str] = frozenset()
    """kinds of chunk that the words ask for; a preference, not a filter"""
    frames: tuple[Frame, ...] = ()
    """places in it, innermost of a trace first"""
    pasted: tuple[str, ...] = ()
    """the lines of a text of several, without blanks"""
    message: tuple[str, ...] = ()
    """the words of what may be a message printed by a program"""
    title: str = ""
    """how a long text begins: its first line, or sentence; empty for a short one"""
    asking: tuple[str, ...] = ()
    """the words that may ask for tests or documents: those of a long text's title, otherwise all"""
    told: Parts | None = None
    """the parts of a long text"""
    explained: bool = False
    """whether a long text has sentences beside the places in it: the places then count, but do not decide"""

    @property
    def intent(self) -> Intent:
        """What it most likely asks for."""
        return max(self.intents, key=lambda intent: self.intents[intent])

    @property
    def lists(self) -> bool:
        """Whether it has nothing but filters: what they keep is listed."""
        return not self.text

    @property
    def last_names(self) -> tuple[str, ...]:
        """The last part of each of the names."""
        return tuple(SEPARATOR.split(name)[-1] for name in self.names)


def parse(text: str, filters: Filters = Filters()) -> Query:
    """Take a query apart. Raises NothingToLookFor if nothing in it can be looked for, ConfigError for a filter that
    cannot be used."""
    text = one_form(shortened(text).replace("\0", " ").strip())
    free, filters = take_filters(text, filters)
    if not free:
        if filters:
            return Query(text="", intents={Intent.TOPIC: 1.0}, words=(), terms=(), filters=filters)
        raise NothingToLookFor("The query is empty.", remedy='wherein search "what you are looking for"')
    found, whole = frames(free), free
    pasted = pasted_lines(free)
    phrases = (
        () if pasted and found else _phrases(without(free, found))
    )  # `thread "main"`, `File "…", line 1` ask for none
    if pasted and _WORD.search(beside := without(free, found)):
        free = beside
    free = with_english(free)
    title, lines = _title(free), free
    query = _of_words(" ".join(free.replace('"', " ").split()), filters)
    if query.operator is not None:
        return query
    query = replace(query, phrases=phrases, frames=tuple(found), pasted=pasted)
    if len(query.words) <= MOST_OF_SHORT:
        return query if query.intents is _SYMBOL else replace(query, message=message_words(whole))
    told = _told(title, lines)
    asking = tuple(tokens.words(title))
    explained = _is_explained(whole, found)
    return replace(query, names=told.names, title=title, told=told, asking=asking, explained=explained)


def part_of(whole: Query, text: str) -> Query:
    """A part of a long query as a query of its own. What it quotes or limits is not a condition, and its everyday
    phrases are not read (everyday.py): whoever writes that much uses the words of code as well. Raises ConfigError as
    `parse` does."""
    query = _of_words(" ".join(text.replace('"', " ").split()), whole.filters)
    synonyms = tuple(each for each in query.synonyms if not each.looked_up)
    return replace(query, asking=whole.asking, synonyms=synonyms)


def _of_words(free: str, filters: Filters) -> Query:
    """What a text says by its words alone."""
    tokenized = tokens.tokenize(shortened(free, MOST_TOKENIZED))
    if not tokenized.terms:
        tokenized = tokens.tokenize(free)
    if operator := asked_operator(free):
        asked = operator.spellings
        return Query(
            text=free, intents=_SYMBOL, words=(), terms=(), names=asked, operator=operator, filters=filters
        )
    if not tokenized.terms:
        raise without_words(free)
    names = _names(free)
    intents = _intents(free, names)
    in_words = intents is not _SYMBOL
    vocabulary = _vocabulary()
    kinds = frozenset(kind for word in tokenized.words for kind in vocabulary.kinds.get(word, ()) if in_words)
    terms = _distinct_terms(tokenized.terms, in_words)
    return Query(
        text=free,
        intents=intents,
        words=tuple(tokenized.words[:MOST_WORDS]),
        terms=terms,
        synonyms=synonyms_of(terms, tokenized.words) if in_words else (),
        compounds=_compounds(tokenized.words, terms) if in_words else (),
        names=names,
        word=tokenized.terms[-1] if _ONE_WORD.match(free) or tokens.is_one_run(free) else "",
        filters=filters,
        kinds=kinds,
        asking=tuple(tokenized.words[:MOST_WORDS]),
    )


def without_words(text: str) -> NothingToLookFor:
    """The error for a query in which there is nothing to look for."""
    lacking = "word to search for" if _WORD.search(text) else "letters or digits to search for"
    return NothingToLookFor(
        f"The query has no {lacking}.", remedy='wherein search "what you are looking for"'
    )


def terms_of(text: str) -> tuple[str, ...]:
    """The terms of a query; none for one that cannot be read."""
    try:
        return parse(text).terms
    except ConfigError:
        return ()


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """What is read of a query: of one longer than `most` characters, its beginning and its end."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n{text[-half:]}"


def _title(text: str) -> str:
    """The first line with words, without heading marks; of a long line, its first sentence."""
    for line in text.split("\n"):
        words = line.strip("#*=-_> \t")
        if _WORD.search(words):
            return (
                words
                if len(words) <= LONGEST_TITLE
                else _SENTENCE_END.split(words[:LONGEST_TITLE], maxsplit=1)[0]
            )
    return ""


def _phrases(text: str) -> tuple[str, ...]:
    found = (
        match[1]
        for match in _QUOTED.finditer(text)
        if match[1].strip() and not _AFTER_SIGN.search(text, 0, match.start())
    )
    return tuple(dict.fromkeys(found))


def _is_explained(text: str, found: list[Frame]) -> bool:
    if not found:
        return False
    outside = f"{text[: min(frame.start for frame in found)]}\n{text[max(frame.end for frame in found) :]}"
    stop = _vocabulary().stop
    said = parts_of(shortened(outside, MOST_TOKENIZED)).prose
    return sum(term in stop for term in tokens.terms(said)) >= LEAST_SAID


def _told(title: str, text: str) -> Parts:
    told = parts_of(text)
    of_each = (_names(part, alone=False) for part in (title, told.prose, told.errors, told.code))
    return replace(told, names=tuple(dict.fromkeys(chain.from_iterable(of_each))))


def _names(text: str, *, alone: bool | None = None) -> tuple[str, ...]:
    """The identifiers in a query: a word that is `alone`, and in prose what is styled like one or is in backticks."""
    found: dict[str, None] = {}
    matches = dict.fromkeys(_NAME.findall(text))
    alone = len(text.split()) == 1 if alone is None else alone
    marked = {name for span in _MARKED.findall(text) for name in _NAME.findall(span)}
    for match in matches:
        if alone or match in marked or _STYLED.search(match):
            name = match.removesuffix("()")
            found[name] = None
    return tuple(found)


def _intents(text: str, names: tuple[str, ...]) -> Shares:
    return _SYMBOL if len(text.split()) == 1 and names else shares(text)


def _distinct_terms(terms: list[str], in_words: bool) -> tuple[str, ...]:
    vocabulary = _vocabulary()
    telling: dict[str, None] = dict.fromkeys(terms)
    if in_words:
        kept = [term for term in telling if term not in vocabulary.stop]
        telling = dict.fromkeys(kept) or telling
    return tuple(telling)[:MOST_TERMS]


def _compounds(words: list[str], terms: tuple[str, ...]) -> tuple[str, ...]:
    stop = _vocabulary().stop
    found: dict[str, None] = {}
    for first, second in pairwise(words[:MOST_TERMS]):
        stems = tokens.stem(first), tokens.stem(second)
        if not stop.intersection(stems):
            found |= dict.fromkeys((first + second, first + stems[1]))
    return tuple(compound for compound in found if compound not in terms)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    stop: frozenset[str]
    """as terms"""
    kinds: dict[str, tuple[str, ...]]


@cache
def _vocabulary() -> _Vocabulary:
    data = tomllib.loads(files("wherein.search").joinpath("vocabulary.toml").read_text("utf-8"))
    kinds = {word: tuple(values) for word, values in data["kinds"].items()}
    return _Vocabulary(
        stop=frozenset(tokens.terms(data["stop"])),
        kinds=kinds,
    )
