"""Random values assigned to something called a secret, and passwords in addresses."""

import re
from collections.abc import Iterator

from wherein.secrets.candidates import occurrences
from wherein.secrets.commands import is_somebodys
from wherein.secrets.randomness import is_placeholder, looks_random
from wherein.secrets.rules import rules

AHEAD = 120
"""Bytes before a value, on its line, in which its name must stand."""

LONGEST = 400
"""Bytes of a value. What is longer is data."""

LEAST_IN_ADDRESS = 5
"""Bytes of a password in an address; shorter ones are a manual's."""

_OF_VALUES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_.~-"
_OF_NAMES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
_ALONE = re.compile(rb"""[ \t"'`]*""")
_PAIRED = re.compile(rb"""[ \t]{0,60}["'`]?value["'`]?[ \t]{0,5}[:=][ \t"'`]{0,20}""")
"""What stands ahead of a value whose name is on the line above: `- name: TOKEN`."""
_GO_ON = (b"(", b"[", b",", b":", b"=", b"\\", b"+", b">")
"""At the end of a line whose value stands on the next."""
_AFTER_VALUE = re.compile(rb"[A-Za-z0-9+/=_.~-]{0,400}")

TO_VALUE = rb"""[\w.\-]{0,40}                               # the rest of the name
    (?:[\\"'`\])]{0,4}(?:\s{0,20}:\s{0,5}[\w<>\[\]&*.?|']{1,40})? # the end of its quotes, its type
        \s{0,20}(?:===?|=>|:=|!==?|[=:,(>]|<-)\s{0,20}\(?\s{0,20} # assigned, compared, given
      |["']?[ \t]{1,5}[\w<>\[\]&*.?|]{1,40}[ \t]{0,20}=[ \t]{0,20}  # `string =` of Go, `value=` of XML
"""

_BETWEEN = re.compile(
    TO_VALUE
    + rb"""|[ \t]{1,20}
      |[\\"'`\])]{0,4}\s{0,20}(?:\|\|=?|\?\?=?|\?:|(?<=\s)or(?=\s))\s{0,20}\(? # given where there is none
      |\s{0,5}\{[ ]{0,2}get(?:[ ]{0,2}=>|;[\w ;]{0,40}\}\s{0,5}=)\s{0,5}     # a property of C# or PHP
      |["'`]?,?\s{1,40}["'`]?value["'`]?[ \t]{0,5}[:=]\s{0,5})              # name: TOKEN, value: x
    (?:\{[ ]?(?=["'`]))?                                               # ={"x"} of JSX
    (?:\w{0,3}[\#@]{0,3}(?=["'`]))?\\?(?:["'`]{0,3}|\[\[)           # prefix and quote of a string
    (?:(?:Bearer|Basic|Token|token|bearer|basic)[ ]{1,3})?
    """,
    re.VERBOSE,
)

_ADDRESS = re.compile(
    rb"""://(?P<user>[^\s/:@"'`<>{}$%()]{0,64}):(?P<secret>[^\s/@"'`<>{}$()\[\]\\]{3,100})@(?P<host>[\w\[.-]{1,100})"""
)
_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_VARIED = re.compile(rb"[0-9!#$&*+=^~]")
_DIGITS_AND_SIGNS = re.compile(rb"[^a-z]+")


def assigned(data: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Start and end of the value that a run of letters and digits is of, where it looks random and is a secret's."""
    begin = _line_of_name(data, start)
    if not any(map(data[begin:start].lower().__contains__, rules().stems)):
        return None
    first = begin + len(data[begin:start].rstrip(_OF_VALUES))
    tail = _AFTER_VALUE.match(data, end)
    last = tail.end() if tail else end
    # name=value is one run of such characters
    equals = data.rfind(b"=", first, start)
    first = equals + 1 if equals >= 0 else first
    value = data[first:last]
    if value.endswith(b"..."):
        return None
    value = value.rstrip(b".")
    if len(value) > LONGEST or data[last : last + 1] in (b"(", b"[", b"{") or not looks_random(value):
        return None
    if any(_is_of(data, name, begin, first) for name in rules().names.finditer(data, begin, first)):
        return first, first + len(value)
    return None


def _is_of(data: bytes, name: re.Match[bytes], begin: int, value: int) -> bool:
    """Whether a value is assigned to what bears the name of a secret."""
    if not _BETWEEN.fullmatch(data, name.end(), value):
        return False
    whole = begin + len(data[begin : name.start()].rstrip(_OF_NAMES))
    lower = data[whole:value].lower()
    return not any(word in lower for word in rules().public)


def _line_of_name(data: bytes, value: int) -> int:
    """Where the line of a value begins, or the one above where it stands alone; at most AHEAD bytes ahead."""
    least = max(value - AHEAD, 0)
    line = data.rfind(b"\n", least, value) + 1
    alone = line and _ALONE.fullmatch(data, line, value) and data[least : line - 1].rstrip()[-1:] in _GO_ON
    if alone or (line and _PAIRED.fullmatch(data, line, value)):
        line = data.rfind(b"\n", least, line - 1) + 1
    return max(line, least)


def in_addresses(data: bytes) -> Iterator[tuple[int, int]]:
    """Passwords in URLs, but for those that manuals and tests write."""
    for at in occurrences(data, b"://"):
        found = _ADDRESS.match(data, at)
        if found is None:
            continue
        secret = _ESCAPE.sub(b"", found["secret"])
        lower = secret.lower()
        words = set(filter(None, _DIGITS_AND_SIGNS.split(lower)))
        plain = words <= rules().manual_passwords or lower == found["user"].lower() or is_placeholder(secret)
        varied = _VARIED.search(secret) or not (secret.islower() or secret.isupper())
        if (
            (varied or is_somebodys(secret, plain=True))
            and not plain
            and len(secret) >= LEAST_IN_ADDRESS
            and b"example" not in found["host"].lower()
        ):
            yield found.span("secret")
