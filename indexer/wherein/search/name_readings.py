"""The ways in which people write a definition's name, read as what an index calls it."""

import re

from wherein.quick_dataclass import dataclass
from wherein.store.spellings import JOINTS, fold

MOST_PARTS = 12
"""Of a qualified name; of a longer one, the last."""

_ARGUMENTS = re.compile(r"(?<=[\w?!\]>])\s*\([^()]*\)\s*\Z")
_RECEIVER = re.compile(r"\(\s*[*&]?\s*([\w.:]+)\s*\)(?=[.:])")
_AS_TRAIT = re.compile(r"(?<!\w)<\s*([\w:]+)(?:\s+as\s+[\w:<>, ]+?)?\s*>(?=::)")
_TYPE_ARGUMENTS = re.compile(r"(?<=\w)<[\w\s,.:?*&\[\]]*>(?=\W|\Z)")
_LOCALS = re.compile(r"\.<(?:locals|lambda|anonymous)>|\.prototype(?=\.)|<(?:module|anonymous)>\.?")
_ARITY = re.compile(r"(?<=[\w?!])/\d+\Z")
_KEYWORDS = re.compile(
    r"\A(?:(?:pub(?:\([\w:]+\))?|public|private|protected|internal|static|async|export|default|final|abstract|inline|virtual|"
    r"override|suspend|unsafe|open|sealed|partial|data)\s+)*"
    r"(?:def|func|function\*?|fn|fun|class|struct|interface|trait|enum|module|type|sub|defp?|defmacrop?|defmodule|new|const|let|"
    r"var|val|macro_rules!)\s+"
)
_GO_RECEIVER = re.compile(r"\A\(\s*(?:\w+\s+)?\*?\s*([\w.]+)(?:\[[^\]]*\])?\s*\)\s*(?=\w)")
_HEAD = re.compile(r"[\w$.:#@]*[\w$][?!]?")
"""A definition's name in its own line, after its keywords; arguments, types and bases follow."""
_INDEXED = re.compile(r"(?<=\w)\[[\w\s,.|]+\]\Z")
_BEHIND = re.compile(r"(?<=[\w\])>])\s*(?:[;,{]|(?<!:):)\s*\Z")
_OPERATOR = re.compile(r"\boperator\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a name."""

    name: str
    """as definitions are called"""
    before: tuple[str, ...] = ()
    """what came before it, folded: the module, package, file or class that it should be in"""


def readings(text: str) -> list[Reading]:
    """What a name may mean: first as it is written; then without what is not part of names (arguments, receivers, type
    arguments, arity); then its last parts alone, longest first."""
    cleaned = plain(text)
    found = [Reading(text)] + ([Reading(cleaned)] if cleaned != text else [])
    for each in dict.fromkeys((cleaned, cleaned.replace("$", "."))):
        parts = [part for part in JOINTS.split(each) if part][-MOST_PARTS:]
        if len(parts) < 2 and each == text:
            continue
        folded = tuple(map(fold, parts))
        found += [Reading(".".join(parts[at:]), folded[:at]) for at in range(len(parts))]
    return list(dict.fromkeys(found))


def plain(text: str) -> str:
    """A name without what is no part of it: keywords, arguments, receivers, type arguments, arity."""
    if _OPERATOR.search(text):
        return re.sub(r"\boperator\s+(?=\W)", "operator", text).strip()
    name = _BEHIND.sub("", text.strip())
    bare = _GO_RECEIVER.sub(r"\1.", _KEYWORDS.sub("", name))
    if bare != name and (head := _HEAD.match(bare)):
        name = head[0]
    name = _LOCALS.sub("", _ARGUMENTS.sub("", name))
    name = _AS_TRAIT.sub(r"\1", _RECEIVER.sub(r"\1", name))
    while (shorter := _TYPE_ARGUMENTS.sub("", name)) != name:
        name = shorter
    return _ARITY.sub("", _INDEXED.sub("", name)).strip().lstrip(".:\\/#") or text
