"""Filters inside a query: `path:src/** lang:python kind:function scope:code -path:tests/`."""

import re
from collections.abc import Callable, Sequence

from wherein.errors import ConfigError
from wherein.scopes import checked_scopes
from wherein.store.protocol import Filters

KINDS = (
    *("function", "method", "constructor", "macro"),
    *("class", "struct", "interface", "trait", "impl", "enum", "namespace", "type", "constant", "module"),
    *("section", "cue", "cell", "rule", "table", "key", "target", "text"),
)
"""What `Chunk.kind` may be."""

MEANT = {"function": ("function", "method", "constructor"), "method": ("method", "constructor")}
"""What people mean by a kind that is kept to: who asks for functions wants those in classes, too."""


def meant_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """The kinds of chunk that kinds to keep to stand for."""
    return tuple(dict.fromkeys(each for kind in kinds for each in MEANT.get(kind, (kind,))))


def checked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Kinds in lower case; ConfigError for one that no chunk has."""
    wanted = tuple(kind.strip().lower() for kind in kinds)
    for kind in wanted:
        if kind not in KINDS:
            import difflib

            near = difflib.get_close_matches(kind, KINDS, n=2)
            known = " or ".join(near) if near else f"one of {', '.join(sorted(KINDS))}"
            raise ConfigError(f"{kind!r} is not a kind of result.", remedy=known)
    return wanted


_FILTER = re.compile(r"(?<!\S)(-?)(path|lang|kind|scope):(\"[^\"]+\"|[^\s:\"]\S*)")
_KNOWN = frozenset({"path", "-path", "lang", "kind", "scope"})


def take_filters(text: str, given: Filters) -> tuple[str, Filters]:
    """What is left of a query without the filters in it, and these joined to those given. Raises ConfigError for a
    kind, a scope or a language that there is not."""
    found: dict[str, list[str]] = {name: [] for name in _KNOWN}

    def take(negative: str, key: str, value: str) -> str:
        found[negative + key].append(value)
        return " "

    free = rewritten(text, take).strip()
    return free, Filters(
        languages=given.languages + _resolved(found["lang"]),
        kinds=given.kinds + meant_kinds(checked_kinds(found["kind"])),
        paths=given.paths + tuple(found["path"]),
        exclude=given.exclude + tuple(found["-path"]),
        scopes=given.scopes + checked_scopes(found["scope"]),
    )


def rewritten(text: str, read: Callable[[str, str, str], str]) -> str:
    """A query with each filter in it replaced by what `read` makes of its sign, key and value (without quotes)."""

    def replaced(match: re.Match[str]) -> str:
        sign, key, value = match.groups()
        return read(sign, key, value.strip('"')) if sign + key in _KNOWN else match[0]

    return _FILTER.sub(replaced, text)


def quoted(value: str) -> str:
    """A value as it may stand in a query."""
    return f'"{value}"' if any(character.isspace() for character in value) or value.startswith(":") else value


def _resolved(languages: list[str]) -> tuple[str, ...]:
    if not languages:
        return ()
    from wherein.languages.registry import resolve

    return tuple(resolve(language) for language in languages)
