"""Commit messages as questions: the project's bookkeeping is removed, and messages that ask for no place are left
out."""

import tomllib
from functools import cache
from typing import Any

from wherein.packaged import files

LONGEST = 1_000
"""Characters of a subject that are looked at."""


def long_question_of(message: str) -> str:
    """The whole of a long message without its trailers; "" for one that is short, or asks for no place."""
    paragraphs = message.strip().split("\n\n")
    while len(paragraphs) > 1 and all(map(_is_trailer, paragraphs[-1].split("\n"))):
        paragraphs.pop()
    asked = "\n\n".join(paragraphs).strip()
    if not _told()["shortest_message"] <= len(asked) <= _told()["longest_message"]:
        return ""
    first = _without_kind(paragraphs[0][:LONGEST]).split()
    return asked if first and _bare(first[0]) not in _told()["openings"] else ""


def _is_trailer(line: str) -> bool:
    """`Signed-off-by: …`, `Fixes #12`, and what goes on in the next line."""
    name = line.partition(":")[0]
    words = line.split()
    return (
        line[:1].isspace()
        or not words
        or (name != line and name.replace("-", "").isalpha())
        or (_bare(words[0]) in _told()["references"] and any(_is_number(word) for word in words[1:]))
    )


def question_of(message: str) -> str:
    """What the subject of a message asks for, in its own words; "" if it asks for no place in the code."""
    subject = " ".join(message.strip().partition("\n\n")[0].split("\n"))
    words = _without_kind(subject[:LONGEST]).split()
    if not words or _bare(words[0]) in _told()["openings"]:
        return ""
    if any(_bare(word) in _told()["words"] for word in words):
        return ""
    kept = _without_references(words)
    if not _told()["shortest"] <= len(kept) <= _told()["longest"]:
        return ""
    return " ".join(kept).strip(" .:;,-")


def _without_kind(subject: str) -> str:
    """Without `[area]`, `fix(area)!:` and their like in front. What such a bracket tells of a place stays out too: it
    is the project's own word for it."""
    subject = subject.strip()
    if subject.startswith("["):
        subject = subject.partition("]")[2].strip()
    head, colon, rest = subject.partition(":")
    if colon and len(head) <= 40:
        kind = head.partition("(")[0].strip(" !").lower()
        if kind in _told()["kinds"]:
            return rest
        if kind in _told()["openings"]:
            return ""
    return subject


def _without_references(words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        if _is_number(word):
            while kept and _bare(kept[-1]) in _told()["references"]:
                kept.pop()
            continue
        kept.append(word)
    return kept


def _is_number(word: str) -> bool:
    """`#12`, `(#12)`, `GH-12`, but no plain number, which may be part of the sentence."""
    inner = word.strip("()[].,:;")
    mark, digits = (inner[:1], inner[1:]) if inner.startswith("#") else (inner[:3].lower(), inner[3:])
    return mark in ("#", "gh-") and digits.isdecimal()


def _bare(word: str) -> str:
    return word.strip("()[].,:;!\"'`").lower()


@cache
def _told() -> dict[str, Any]:
    data = tomllib.loads(files("wherein.evaluation").joinpath("messages.toml").read_text("utf-8"))
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in data.items()}
