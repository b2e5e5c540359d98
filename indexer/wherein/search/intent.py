"""What a query asks for: judged from the whole sentence, and held softly if the sentence leaves it open."""

import math
import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from wherein import tokens
from wherein.packaged import files
from wherein.quick_dataclass import dataclass


class Intent(StrEnum):
    """What a query asks for. It decides how the evidence is weighed and how much variety helps."""

    SYMBOL = "symbol"
    """a definition, by its name: one identifier and nothing else"""
    ACTION = "action"
    """the place where something is done: "decide which verb to use", "where are redirects followed"; the answer is a
    function, and its neighbours in the file are good second guesses"""
    TOPIC = "topic"
    """what belongs to a subject: "command group dispatch", "how routing works"; the answer is one or several files"""


Shares = Mapping[Intent, float]
"""How likely a query asks for each; the shares sum to 1."""

LONGEST = 15
"""Words; beyond this, length says nothing more."""

MOST_READ = 400
"""Words, and the last one: a text that says more is one or several sentences all the same."""

_SCOPE = re.compile(
    r"\s*(?:[\[(][^\])]{1,40}[\])]\s*)?(?:[\w./*+#-]{1,60}(?:[ ,][\w./*+#-]{1,60}){0,2}\s?(?:: | - )\s*)?"
)
"""A scope before the sentence: "[core]", "parser:"."""
_CODE = re.compile(r"`|\(\)|\w_\w|[a-z][A-Z]|::|--\w")


def shares(text: str) -> Shares:
    """How likely a query in prose asks for an action, and for a topic. A logistic regression over questions of people
    and commit subjects weighs its cues (benchmarks/fit_intents.py)."""
    weights = _data()["weights"]
    odds = sum(weights.get(name, 0.0) * value for name, value in cues(text).items())
    action = 1 / (1 + math.exp(-odds))
    return {Intent.ACTION: action, Intent.TOPIC: 1 - action}


@cache
def idle_terms() -> frozenset[str]:
    """Terms that say nothing about the code in "how does … work", if other words say what is meant."""
    return frozenset(tokens.terms(" ".join(_vocabulary().workings)))


def cues(text: str) -> dict[str, float]:
    """What the form of a query tells, each from 0 to 1: how it begins, which words make it a sentence, how long it
    is."""
    vocabulary = _vocabulary()
    # halves of a surrogate pair are nothing to a stemmer
    text = text.encode("utf-8", "replace").decode("utf-8")
    start = _SCOPE.match(text)
    rest = text[start.end() :] if start else text
    rest = rest or text
    said = rest.split()
    said[MOST_READ:-1] = []
    words = [word for each in said if (word := each.strip(".,:;!?'\"`()[]").lower())] or [""]
    first, second = (*words, "")[:2]
    stem = tokens.stem(first)
    how = first == "how"
    asked = second in vocabulary.auxiliaries and words[-1] not in vocabulary.workings
    verb, noun = first in vocabulary.verbs, first in vocabulary.nouns
    held = frozenset(words)
    return {
        "always": 1.0,
        "how": float(how and not asked),
        "how_does": float(how and asked),
        "question": float(not how and first in vocabulary.questions),
        "verb": float(verb and not noun),
        "verb_or_noun": float(noun),
        "past": float(first.endswith("ed") and stem in vocabulary.stems),
        "gerund": float(first.endswith("ing")),
        "verb_inside": float(any(tokens.stem(word) in vocabulary.verb_stems for word in words[1:])),
        "clause": float(not vocabulary.clauses.isdisjoint(held)),
        "article": float(not vocabulary.articles.isdisjoint(held)),
        "to": float("to" in held),
        "length": min(len(words), LONGEST) / LONGEST,
        "code": float(bool(_CODE.search(rest))),
        "scope": float(rest != text),
    }


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    verbs: frozenset[str]
    nouns: frozenset[str]
    questions: frozenset[str]
    auxiliaries: frozenset[str]
    workings: frozenset[str]
    clauses: frozenset[str]
    articles: frozenset[str]
    verb_stems: frozenset[str]
    """of verbs that are no nouns as well"""
    stems: frozenset[str]


@cache
def _vocabulary() -> _Vocabulary:
    found = {name: frozenset(words.split()) for name, words in _data()["words"].items()}

    def stems(words: frozenset[str]) -> frozenset[str]:
        return frozenset(map(tokens.stem, words))

    return _Vocabulary(
        **found,
        verb_stems=stems(found["verbs"] - found["nouns"]),
        stems=stems(found["verbs"] | found["nouns"]),
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("wherein.search").joinpath("intent.toml").read_text("utf-8"))
