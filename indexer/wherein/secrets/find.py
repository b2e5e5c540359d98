"""Single secrets in a text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from wherein.secrets.assignments import assigned, in_addresses
from wherein.secrets.candidates import long_runs
from wherein.secrets.commands import on_command_lines
from wherein.secrets.named import passwords
from wherein.secrets.private_keys import private_keys, private_web_keys
from wherein.secrets.randomness import LEAST_ENTROPY, entropy, is_placeholder
from wherein.secrets.rules import rules

LITERAL_AHEAD = 64
LITERAL_WITHIN = 8
"""Bytes before a run, and in it, in which a format's literal is looked for."""

_JOINING = tuple(bytes([sign]) for sign in b"./=~:$%+&")
"""One of these stands ahead of the run where a format goes on from other characters."""


GOING_ON = tuple(bytes([sign]) for sign in b"./+=")
"""With one of these behind the run, some formats go on."""
TOKEN_AHEAD = 24
"""Bytes before a run in which a token may have begun whose format has such a sign near its beginning."""

_BEGUN = re.compile(rb"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))[A-Za-z0-9]")
_DIGIT = re.compile(rb"[0-9]")

MOST_WORDS = 50_000
LONGEST_WORD = 64
_words: set[bytes] = set()
"""Runs that are none of a secret: the long names of a repository come again and again, nine of ten times."""


class Secret(NamedTuple):
    """Where a secret is: offsets in characters, and the rule that found it."""

    start: int
    end: int
    rule: str


def find(text: str, language: str = "") -> list[Secret]:
    """The secrets in a text, by where they begin; a private key is one for each of its lines. Takes linear time.

    The language's name says whether values there may be without quotes, as they may if no language is given.
    """
    data = text.encode("latin-1", "replace")  # one byte a character, whatever it is: offsets are the same
    found = sorted(_found(data, language))
    secrets: list[Secret] = []
    for secret in found:
        if not secrets or secret.start >= secrets[-1].end:
            secrets.append(secret)
        elif secret.rule == "private-key":
            secrets[-1] = secret._replace(start=secrets[-1].start, end=max(secret.end, secrets[-1].end))
        elif secret.end > secrets[-1].end:
            secrets[-1] = secrets[-1]._replace(end=secret.end)
    return secrets


def _found(data: bytes, language: str) -> Iterator[Secret]:
    for start, end in long_runs(data, rules().shortest_run):  # a thousand of them in 200 kB: most end here
        run = data[start:end]
        if run in _words and data[end : end + 1] not in GOING_ON:
            continue
        if _DIGIT.search(run) or rules().tokens.match(data, start):
            yield from _at_run(data, start, end)
        elif len(run) <= LONGEST_WORD:
            if len(_words) >= MOST_WORDS:
                _words.clear()
            _words.add(run)
    if b"PRIVATE KEY" in data or b"PuTTY-User-Key-File" in data:
        for span in private_keys(data):
            yield Secret(*span, "private-key")
    if b'"kty"' in data:
        for span in private_web_keys(data):
            yield Secret(*span, "private-key")
    lower = data.lower()
    for span in passwords(data, lower, language):
        yield Secret(*span, "assigned-password")
    for span in on_command_lines(data, lower):
        yield Secret(*span, "password-on-command-line")
    for span in in_addresses(data):
        yield Secret(*span, "password-in-address")


def _at_run(data: bytes, start: int, end: int) -> Iterator[Secret]:
    """What a long run of letters and digits is of."""
    known = rules()
    token = known.tokens.match(data, start)
    if token is None and data[start - 1 : start] == b"\\":  # the n of \n
        token = known.tokens.match(data, start + 1)
    if token is None and data[start - 1 : start] in GOING_ON:
        token = _begun_before(data, start)
    if token is not None and token.lastgroup:
        if _is_varied(token[0]):
            yield Secret(*token.span(), known.token_names[token.lastgroup])
        return
    if value := assigned(data, start, end):
        yield Secret(*value, "assigned-secret")
    if data[start - 1 : start] not in _JOINING:
        return
    for literal in known.literals.finditer(data, max(start - LITERAL_AHEAD, 0), start + LITERAL_WITHIN):
        rule = known.by_literal[literal.lastgroup or ""]
        for begin in range(max(literal.start() - rule.ahead, 0), literal.start() + 1):
            found = rule.pattern.match(data, begin)
            if found and _is_varied(found[0]):
                yield Secret(*found.span("secret" if "secret" in found.groupdict() else 0), rule.name)
                break


def _begun_before(data: bytes, start: int) -> re.Match[bytes] | None:
    """The token whose beginning is too short to be such a run, and goes on behind another sign (`dp.pt.…`)."""
    for begun in _BEGUN.finditer(data, max(start - TOKEN_AHEAD, 0), start):
        if (token := rules().tokens.match(data, begun.start())) and token.end() > start:
            return token
    return None


def _is_varied(token: bytes) -> bool:
    return entropy(token) >= LEAST_ENTROPY and not is_placeholder(token)
