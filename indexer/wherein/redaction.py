"""Addresses without their passwords, fit to be shown, however badly they are written.

Whoever knows how a URL is taken apart may show its parts. What cannot be taken apart for certain may hold a password
anywhere, so that nothing of it is shown but its scheme.
"""

import re
from collections.abc import Callable
from functools import cache, partial

HIDDEN = "***"


def _made_once(pattern: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """A pattern that is made when it is needed first: all take 2 ms, which most commands need not spend."""
    return cache(partial(re.compile, pattern, flags))


_SHOWN = _made_once(r"(?:tenant|timeout|vectors|flat_up_to|m|ef_construction|ef_runtime)=[a-z0-9._-]{1,63}")
"""Parameters of a store's URL; the others name files."""

_DATABASE = _made_once(r"(?:/\d{0,5})?")
"""All that may follow the host of a store."""

LONGEST = 2_000
"""Characters of text that an address which does not end may swallow."""

_OF_FILES = ("unix", "sqlite", "file")
_AT = _made_once(r"@(?!\{)")
_SPACE = _made_once(r"\s")

_STORES = r"rediss?(?:\+cluster)?|unix"
_SCHEMES = rf"{_STORES}|valkeys?|sqlite|file|https?|ssh|git|ftp|postgres(?:ql)?|mysql|mongodb|memcached?"

_SOUND = _made_once(
    r"""(?P<scheme>[a-z][a-z0-9+.-]*)://
    (?:(?P<user>[\w.~%!$&*+=-]*)(?P<given>:[^\s/?\#]*)?@)?
    (?P<place>(?:HOST(?:,HOST)*)?)
    (?P<path>/[^\s?\#]*)?
    (?:\?(?P<query>[^\s@\#]*))?""".replace("HOST", r"(?:[\w.-]+|\[[\w.:%]+\])(?::\d{0,5})?"),
    re.VERBOSE | re.IGNORECASE,
)

_BEGINNING = _made_once(rf"\b(?:(?P<known>{_SCHEMES})(?::/*|//+)|[a-z][a-z0-9+.-]{{1,20}}://)", re.IGNORECASE)

_STORE = _made_once(rf"({_STORES})(?::|//)", re.IGNORECASE)

_SCHEME = _made_once(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)

_LOGIN = _made_once(r"(?<![^\s\"'`(=\[/])[\w.+-]{0,64}:\S{1,1000}@(?!\{)")
"""A login without a scheme, or one that is written otherwise."""

_PARAMETER = _made_once(
    r"(?i)([?&;#](?:[a-z0-9]{1,20}[_-]){0,3}(?:password|passwd|pwd|pass|secret|token|auth|api_?key)=)[^\s&;]+"
)

_HEADER = _made_once(r"(?i)\b(authorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token)\s+)[^\s\"']+")
"""As a server that was asked may repeat it."""

_REPEATED = _made_once(r"(?i)(with args beginning with:)[^\n]*?(\.?)(?=\n|\Z)")
"""What a server says of a command that it does not know, which may be the login."""

_EXAMPLE = _made_once(r"(?:://…?|://USER:PASSWORD@…|://HOST(?::\w+)?(?:,HOST:PORT)*)[,.]?")
"""Behind the scheme in a text of ours."""

_END = _made_once(r"[.,;:!?)\]}>\"'`»…]+$")
"""What a sentence puts behind an address."""


def shown_url(url: str) -> str:
    """A URL as it may be shown: `redis://ada:***@host`; `redis://***` where it is not sound, `***` without a scheme."""
    sound = _SOUND().fullmatch(url)
    if sound is not None and _whole(sound):
        return _rebuilt(sound)
    known = re.match(rf"\s*({_SCHEMES})(?::|//)", url, re.IGNORECASE)
    return f"{known[1].lower()}://{HIDDEN}" if known else HIDDEN


def without_passwords(text: str) -> str:
    """A text in which nothing that might be an address tells a password. More may be hidden than was secret."""
    told: list[str] = []
    position = 0
    while found := _BEGINNING().search(text, position):
        end = _end(text, found.start(), found.end())
        told += (_without_logins(text[position : found.start()]), _shown_word(text[found.start() : end]))
        position = end
    shown = _PARAMETER().sub(rf"\1{HIDDEN}", "".join((*told, _without_logins(text[position:]))))
    return _REPEATED().sub(rf"\1 {HIDDEN}\2", _HEADER().sub(rf"\1{HIDDEN}", shown))


def _without_logins(text: str) -> str:
    return _LOGIN().sub(f"{HIDDEN}@", text)


def _whole(sound: re.Match[str]) -> bool:
    """Whether the parts are what they seem: with an @ in the path, all before it may have been a password."""
    scheme, place, path = sound["scheme"].lower(), sound["place"], sound["path"] or ""
    if "@" in path and (place or sound["user"] is not None):
        return False
    if scheme == "unix" and place:  # a socket has no host: what stands there may have been anything
        return False
    return bool(place or (path and scheme in _OF_FILES))


def _rebuilt(sound: re.Match[str]) -> str:
    user, given, query = sound["user"], sound["given"], sound["query"] or ""
    login = ""
    if user is not None:
        # A name alone may be a password whose colon was forgotten.
        named = user if given or "password_file=" in query or user == "git" else HIDDEN
        login = f"{named}{f':{HIDDEN}' if given and given != ':' else ''}@"
    scheme, path = sound["scheme"].lower(), sound["path"] or ""
    if _STORE().match(f"{scheme}:"):
        query = "&".join(each for each in query.split("&") if _SHOWN().fullmatch(each))
        if scheme != "unix" and not _DATABASE().fullmatch(path):
            path = f"/{HIDDEN}"
    asked = f"?{query}" if query else ""
    return f"{scheme}://{login}{sound['place']}{path}{asked}"


def _end(text: str, start: int, rest: int) -> int:
    """Where an address that begins at `start` ends: with its word, or with the last @ that might be its own."""
    end = _word_end(text, rest)
    word = text[start:end]
    sound = _parts(word)
    if _EXAMPLE().fullmatch(word, word.find("://")):
        return end
    if sound is not None and not sound["given"] and not _STORE().match(word):
        return end  # others may go on: a password may hold blanks
    ats = [at.start() for at in _AT().finditer(text, rest, rest + LONGEST)]
    return max(end, _word_end(text, ats[-1])) if ats else end


def _word_end(text: str, start: int) -> int:
    space = _SPACE().search(text, start)
    return space.start() if space else len(text)


def _parts(word: str) -> re.Match[str] | None:
    """A sound URL with what a sentence puts behind it."""
    sound = _SOUND().fullmatch(_END().sub("", word))
    return sound if sound is not None and _whole(sound) else None


def _shown_word(word: str) -> str:
    behind = ending[0] if (ending := _END().search(word)) else ""
    if _EXAMPLE().fullmatch(word, word.find("://")) or _SCHEME().fullmatch(_END().sub("", word)):
        return word
    if (sound := _parts(word)) is not None:
        return _rebuilt(sound) + behind
    return shown_url(word) + behind if "@" in word or _STORE().match(word) else word
