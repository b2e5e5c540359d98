"""Passwords given to a name: in quotes, in a tag, or on a line of a file whose values are not quoted."""

import re
from collections.abc import Iterator

from wherein.secrets.assignments import TO_VALUE
from wherein.secrets.candidates import occurrences
from wherein.secrets.columns import in_columns
from wherein.secrets.commands import is_somebodys
from wherein.secrets.phrases import is_phrase
from wherein.secrets.randomness import looks_chosen
from wherein.secrets.rules import Unquoted, rules

LONGEST_HEAD = 80
"""Bytes of a line ahead of a name whose value stands without quotes."""

LONGEST_PREFIX = 5
"""Bytes of a word that a name is grown together with."""

_QUOTED = re.compile(
    TO_VALUE
    + rb"""|[ \t]{1,20})
    (?:\w{1,3}(?=["'`]))?\\?(?P<quote>["'`])(?P<value>[^\s"'`\\]{8,100})\\?(?P=quote)
    """,
    re.VERBOSE,
)
_BARE = re.compile(
    rb"""[\w.\-]{0,40}(?:[ \t]{0,20}[=:]|>)[ \t]{0,20}
    (?P<value>[^\s"'`\\<>{}()\[\]|,;]{8,100})(?=[\s,;<"']|$)
    """,
    re.VERBOSE,
)
_CODE = re.compile(rb"[.:]\w{1,60}[.:]|\w\(|^[$%@&]|::|->|//")
"""In a bare value: a path of names, a call, a variable."""

_NAME = rb"(?:(?i:passw(?:or)?d|pwd)[a-z]{0,6}|(?i:passphrase|passcode|pass|pw))(?![A-Za-z])"
_GIVEN = (
    _NAME
    + rb"""
    (?:\\?["'`]?\]?[ \t]{0,20}(?::[ \t]{0,3}[\w<>\[\]&*.?|]{1,40}[ \t]{0,3})?(?:=>|:=|[:=])[ \t]{0,20}
        (?:(?:new[ ])?[A-Z]\w{0,20}(?:(?:::|\.)\w{1,10})?\()?
      |["'][ \t]{1,4}value=
      |(?P<entry>["']?,?\s{1,60}["']?value["']?[ \t]{0,20}[:=][ \t]{0,20})
      |,[ \t]{0,4}(?=["'][^"'\n]{0,100}["']\s?\})                # Erlang's `{password, "x"}`
      |(?P<called>["'`],[ \t]{0,4}|\()|(?P<defined>[ \t]{1,8}))
    """
)
"""A name, and what gives it a value."""
_IN_QUOTES = re.compile(
    _GIVEN
    + rb"""
    [@\w]{0,2}(?P<escaped>\\)?
    (?:(?P<quote>"{3}|'{3}|["`])
        (?P<value>(?:[^"'`\\\n$<>{}()\[\]|/]|(?(escaped)(?!)|\\["'\\])|(?!(?P=quote))["'`]){6,100})\\?(?P=quote)
      |'(?P<single>(?:[^'\\\n$<>{}()\[\]|/]|(?(escaped)(?!)|\\["'\\])|''){6,100})\\?')
    (?!(?!\.(?:to_\w{1,8}|into|encode)\()[\w(+.])
    """,
    re.VERBOSE,
)
_PLAIN = rb"""[^"'`\\\n$<>{}()\[\]|/]{6,100}"""
_IN_OTHER_QUOTES = re.compile(
    _GIVEN
    + rb"""
    (?:\[(?P<level>={0,4})\[\n?(?P<lua>"""
    + _PLAIN
    + rb""")\](?P=level)\]
      |b?r?(?P<hashes>\#{1,4})"(?P<rust>"""
    + _PLAIN
    + rb""")"(?P=hashes)
      |(?:u8|[uUL])?R"(?P<mark>\w{0,16})\((?P<cpp>"""
    + _PLAIN
    + rb""")\)(?P=mark)"
      |(?:%[qQ]|qq?[ ]?)[(\[{<|!/](?P<perl>"""
    + _PLAIN
    + rb""")[)\]}>|!/]
      |''(?P<nix>"""
    + _PLAIN
    + rb""")''
      |(?P<dollars>\$\w{0,16}\$)(?P<sql>"""
    + _PLAIN
    + rb""")(?P=dollars))
    """,
    re.VERBOSE,
)
"""Strings that one kind of quote does not end: Lua, Rust and Swift, C++, Ruby and Perl, Nix, PostgreSQL."""
_VALUES = ("value", "single", "lua", "rust", "cpp", "perl", "nix", "sql")
_QUOTES = re.compile(rb"""[\\"'`]""")
_DEFINE = (b"#define ", b"# define ", b"#define\t")
_DEFINES = re.compile(
    rb"""\((?:setq|def|defvar|defconst|defparameter|defonce|define)[ \t]{1,4}[\w*+.!-]{0,40}\Z|:[\w.-]{0,40}\Z"""
)
"""Ahead of a name in Lisps, whose values follow without a sign."""
_CALLS_DEFINE = re.compile(rb"""\bdefine\([ \t]{0,4}["']\w{0,40}\Z""")
"""Of PHP: then the value is one, and not whatever is given to a function."""
_IN_A_TAG = re.compile(_NAME + rb"""["']?>(?P<value>[^<>\n"'`\\${}()]{6,100})</""")
_ON_A_LINE = re.compile(
    _NAME
    + rb"""["']?(?:[ \t]{0,20}(?P<given>[:=])[ \t]{0,20}|[ \t]{1,20})(?P<value>[^\s"'`$&*!|<>{}()\[\]\\][^\n]{5,99})"""
)
_IN_A_BLOCK = re.compile(
    _NAME
    + rb"""["']?:[ \t]{0,20}[|>][+-]?[ \t]{0,20}\r?\n[ \t]{1,40}(?P<value>[^\s"'`$&*!|<>{}()\[\]\\][^\n]{5,99})"""
)
"""YAML's value below its name."""
_OF_AN_ENTRY = re.compile(
    _NAME + rb"""["']?[ \t]{0,20}\r?\n[ \t]{1,40}value:[ \t]{1,20}(?P<value>[\w!@#^&*+=?~-]{6,64})(?=\s|\Z)"""
)
_NAMES_AN_ENTRY = re.compile(
    rb"""\b(?i:name|key|variable)["']?[ \t]{0,20}[:=][ \t]{0,20}["']?[\w.-]{0,40}\Z"""
)
"""An environment's entries, `name: SMTP_PASSWORD` and below it `value: …`, and what is ahead of the name."""
_PAIR = re.compile(_NAME + rb"=(?P<value>[\w!@#^&*+=?~-]{6,64})(?=\s|\Z)")
_IN_A_LIST = re.compile(
    _NAME
    + rb"""["']?(?::[ \t]{1,20}|[ \t]{0,20}=[ \t]{0,20})(?P<value>[\w!@#^&*+=?~-]{6,64})(?=[ \t]{0,20}[,}\n])"""
)
"""YAML's `{user: me, password: …}`, and what is like it."""
_OF_NAMES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
_HEAD = re.compile(rb"""[ \t#;*>-]*(?:(?i:export|set|env|arg)[ \t]{1,4})?[\w.\-"'/\[\]]*""")
"""Ahead of a name on its line: a sign of a list or a comment, a word of a shell, and the rest of the name."""
_ENDS = {"words": re.compile(rb"[ \t;&|]|\r|\Z"), "lines": re.compile(rb"[ \t]+(?:[#;]|//)|[ \t]*(?:\r|\Z)")}
_RESULT = re.compile(rb"[^\w]*(?:[a-z]+ )?PASS[ \t]*:[ \t]*")
"""`PASS: …` is what programs that run tests say."""
_NO_VALUE = re.compile(rb"""["'`<>{}()\[\]\\]""")
_WORD = re.compile(rb"[\w!@#^&*+=?~\xc0-\xff-]{6,64}")


def passwords(data: bytes, lower: bytes, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of each. `lower` is the text in small letters."""
    unquoted = rules().unquoted.get(language, "")
    yield from in_columns(data, lower, language, _is_password)
    for stem in rules().password_stems:
        for at in occurrences(lower, stem):
            end = at + len(stem)
            if not lower.startswith(rules().password_words, at) and not _begins_and_ends(data, at, end):
                continue
            if value := _chosen(data, end) or _plain(data, at) or _unquoted(data, at, unquoted):
                yield value


def _begins_and_ends(data: bytes, start: int, end: int) -> bool:
    """Whether a word is none of another word's parts: `pass`, `db_pass`, `dbPass`, but not `bypass` or `passed`."""
    before = data[start - 1 : start]
    apart = (
        not before.isalpha()
        or (before.islower() and data[start : start + 1].isupper())
        or data[max(start - LONGEST_PREFIX, 0) : start].lower().endswith(rules().password_prefixes)
    )
    return apart and not data[end : end + 1].islower()


def _chosen(data: bytes, end: int) -> tuple[int, int] | None:
    """The value of a name that ends there, where it looks as people choose passwords."""
    found = _QUOTED.match(data, end)
    if found is None:
        found = _BARE.match(data, end)
        if found is None or _CODE.search(found["value"]):
            return None
    return found.span("value") if looks_chosen(found["value"]) else None


def _plain(data: bytes, start: int) -> tuple[int, int] | None:
    """What stands in quotes or a tag behind a name that begins there, where it is no word of a manual."""
    found = (
        _IN_QUOTES.match(data, start) or _IN_OTHER_QUOTES.match(data, start) or _IN_A_TAG.match(data, start)
    )
    if found is None:
        return None
    said = found.groupdict()
    group = next(name for name in _VALUES if said.get(name) is not None)
    if said.get("defined") and not _is_defined(data, start):
        return None
    if said.get("entry") and not _NAMES_AN_ENTRY.search(data, max(start - LONGEST_HEAD, 0), start):
        return None
    # what is given to a function may be anything
    sure = (
        not said.get("called") or _CALLS_DEFINE.search(data, max(start - LONGEST_HEAD, 0), start) is not None
    )
    return found.span(group) if _is_password(_QUOTES.sub(b"", found[group]), plain=sure) else None


def _is_defined(data: bytes, start: int) -> bool:
    """Whether a name that begins there is one whose value follows without a sign."""
    line = data.rfind(b"\n", max(start - LONGEST_HEAD, 0), start) + 1
    return (
        data.startswith(_DEFINE, line)
        or _DEFINES.search(data, max(line, start - LONGEST_HEAD), start) is not None
    )


def _is_password(value: bytes, *, plain: bool = True) -> bool:
    """Of one word or several; with `plain`, a word may be of letters alone."""
    if b" " in value:
        return is_phrase(value)
    return _WORD.fullmatch(value) is not None and is_somebodys(value, plain=plain)


def _unquoted(data: bytes, start: int, unquoted: Unquoted) -> tuple[int, int] | None:
    """What is left of the line, behind a name that begins there, where it is a value and no word of a manual."""
    if not unquoted:
        return None
    least = max(start - LONGEST_HEAD, 0)
    if (entry := _OF_AN_ENTRY.match(data, start)) and _NAMES_AN_ENTRY.search(data, least, start):
        return entry.span("value") if _is_password(entry["value"]) else None
    line = data.rfind(b"\n", least, start) + 1
    if (not line and least) or not _HEAD.fullmatch(data, line, start):
        return _among_others(data, max(line, least), start)
    found = _ON_A_LINE.match(data, start)
    if found is None and (found := _IN_A_BLOCK.match(data, start)):
        value = _up_to(_ENDS["lines"], found["value"])
        begin = found.start("value")
        return (begin, begin + len(value)) if not _NO_VALUE.search(value) and _is_password(value) else None
    if found is None:
        return None
    begin, value = found.start("value"), _up_to(_ENDS[unquoted], found["value"])
    if _NO_VALUE.search(value) or (b" " in value and _RESULT.fullmatch(data, line, begin)):
        return None
    if not found["given"] or not _is_password(
        value
    ):  # of what is said about it, or of a command behind it, the first word may be one
        value = _up_to(_ENDS["words"], value)
        if not is_somebodys(value, plain=False) or not _WORD.fullmatch(value):
            return None
    return begin, begin + len(value)


def _among_others(data: bytes, line: int, start: int) -> tuple[int, int] | None:
    """The value of one of several `name=value` or `name: value` on a line."""
    begun = line + len(data[line:start].rstrip(_OF_NAMES))
    if data[line:begun].rstrip(b" \t\"'").endswith((b"{", b",")):
        found = _IN_A_LIST.match(data, start)
        return found.span("value") if found and is_somebodys(found["value"], plain=True) else None
    found = _PAIR.match(data, start)
    if (
        found is None
        or not data[line:begun].endswith((b" ", b"\t"))
        or not is_somebodys(found["value"], plain=False)
    ):
        return None
    return found.span("value")


def _up_to(end: re.Pattern[bytes], value: bytes) -> bytes:
    found = end.search(value)
    return value[: found.start()] if found else value
