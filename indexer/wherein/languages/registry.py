"""Languages, as described by their folders here (FORMAT.md), found by path and by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wherein.errors import ConfigError
from wherein.languages.bindings import binding
from wherein.languages.recovery import Recovery, described, joined

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar
    from tree_sitter import Query

_FOLDER = Path(__file__).parent
_FALLBACK = "text"
_SETS = frozenset(
    {"comments", "attributes", "constructors", "ignored_qualifiers", "own_object", "own_package"}
)
"""Keys whose lists are kept as sets; all others as tuples, in their order."""


@dataclass(frozen=True)
class Language:
    """One folder's .toml. The grammar and the query are loaded when they are first needed."""

    name: str
    chunker: str
    aliases: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    shebangs: tuple[str, ...] = ()
    contents: str = ""
    """regular expression that tells this language's files from others with the same extension"""
    grammar: str = ""
    """module of the grammar's wheel; empty for formats that need none"""
    grammar_function: str = "language"
    inherits: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """what begins a part of a file, for formats without a grammar"""
    container_end: str = ""
    """regular expression of the line that ends a container, if indentation says nothing"""
    separator: str = "."
    name_separators: tuple[str, ...] = field(default=())
    comments: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    constructors: frozenset[str] = frozenset()
    merge_clauses: bool = False
    """whether functions of one name that follow one another are one definition: signature and equations, clauses"""
    ignored_qualifiers: frozenset[str] = frozenset()
    own_object: frozenset[str] = frozenset()
    """how a method refers to its own object"""
    own_package: frozenset[str] = frozenset()
    """how code refers to its own package"""
    implicit_self: bool = False
    """whether a method may call another method of its object by the bare name"""
    imports: str = ""
    """regular expression of what brings in names from other files"""
    explicit_imports: bool = False
    """whether a bare name from another file must be imported by name"""
    implicit_interfaces: bool = False
    """whether a class implements an interface just by its methods, and nowhere says which"""
    module_receivers: bool = False
    """whether an imported word that something is called on is a module, never an object"""
    frontmatter: str = ""
    """the language between `---` at the top of a file, if that is code"""
    capital_objects: bool = False
    """whether variables may begin with a capital, as classes do"""
    recovery: Recovery = field(default_factory=Recovery)
    """this folder's rules for what the grammar cannot read"""

    @cached_property
    def loaded_grammar(self) -> Grammar:
        """The grammar."""
        from tree_sitter import Language as Grammar

        return Grammar(getattr(binding(self.grammar), self.grammar_function)())

    @cached_property
    def query(self) -> Query:
        """The .scm query, with captures `@comment` and `@attribute` added for those node types."""
        from tree_sitter import Query

        parts = [_query_source(name) for name in (self.name, *self.inherits)]
        parts += [f"({kind}) @comment" for kind in sorted(self.comments)]
        parts += [f"({kind}) @attribute" for kind in sorted(self.attributes)]
        return Query(self.loaded_grammar, "\n".join(parts))

    @cached_property
    def second_reader(self) -> Recovery | None:
        """The rules for what the grammar cannot read, including inherited ones; None if there are none."""
        inherited = (get(name).recovery for name in self.inherits if _file(name).is_file())
        return joined([self.recovery, *inherited])

    @cached_property
    def calls(self) -> Query | None:
        """The query of calls.scm; None if there is none."""
        from tree_sitter import Query

        parts = [_query_source(name, "calls") for name in (self.name, *self.inherits)]
        return Query(self.loaded_grammar, "\n".join(parts)) if any(parts) else None

    @cached_property
    def name_splitter(self) -> re.Pattern[str]:
        """Splits a captured name into its parts."""
        return re.compile("|".join(map(re.escape, self.name_separators or (self.separator,))))

    @cached_property
    def import_pattern(self) -> re.Pattern[str] | None:
        """`imports`, compiled; None if there is none."""
        return re.compile(self.imports, re.MULTILINE) if self.imports else None

    def recognises(self, head: str) -> bool:
        """Whether the beginning of a text looks like this language's `contents`."""
        return bool(self.contents) and re.search(self.contents, head, re.MULTILINE) is not None


def detect(path: str, head: str = "") -> Language:
    """The language of a file by its name, its extension or its `#!` line; `text` if none of them says.

    `head` is the beginning of its text: the first line is enough for `#!`; a few kB tell C++ headers from C's.
    """
    tables = _tables()
    filename = path.rpartition("/")[2]
    if (named := tables.by_filename.get(filename)) is not None:
        return named
    for pattern, globbed in tables.by_glob:
        if fnmatchcase(filename, pattern):
            return globbed
    dot = filename.find(".")
    while dot >= 0:
        if claimants := tables.by_extension.get(filename[dot:].lower()):
            return _choose(claimants, head)
        dot = filename.find(".", dot + 1)
    if head.startswith("#!") and (run := _by_shebang(head)) is not None:
        return run
    return tables.by_name[_FALLBACK]


def possible(path: str) -> Sequence[Language]:
    """The languages that a file may have, judging by its name; if it says nothing, those of scripts."""
    tables = _tables()
    named = detect(path)
    if named is not tables.by_name[_FALLBACK]:
        claims = [each for each in tables.by_extension.values() if named in each]
        return sorted({named, *(each for some in claims for each in some)}, key=lambda each: each.name)
    return list(dict.fromkeys(tables.by_shebang.values()))


def get(name: str) -> Language:
    """The language of exactly that name. Raises KeyError. A parsing process reads no other language's file."""
    return _described(name)


def names() -> list[str]:
    """The names of all languages, sorted."""
    return sorted(_tables().by_name)


def resolve(name_or_alias: str) -> str:
    """The name for a name or alias in any case. Raises ConfigError, which names the nearest ones."""
    tables = _tables()
    wanted = name_or_alias.strip().lower()
    if wanted in tables.by_name:
        return wanted
    if wanted in tables.by_alias:
        return tables.by_alias[wanted]
    import difflib

    near = difflib.get_close_matches(wanted, [*tables.by_name, *tables.by_alias], n=3)
    remedy = " or ".join(near) if near else f"one of {', '.join(names())}"
    raise ConfigError(f"{name_or_alias!r} is not a language that wherein knows.", remedy=remedy)


def beginning(with_letters: str) -> list[str]:
    """Names of the languages of which a name or an alias begins with this, in any case."""
    tables, wanted = _tables(), with_letters.strip().lower()
    found = [name for name in tables.by_name if name.startswith(wanted)]
    found += [name for alias, name in tables.by_alias.items() if alias.startswith(wanted)]
    return sorted(set(found))


@dataclass(frozen=True)
class _Tables:
    by_name: dict[str, Language]
    by_alias: dict[str, str]
    by_filename: dict[str, Language]
    by_glob: list[tuple[str, Language]]
    by_extension: dict[str, list[Language]]
    by_shebang: dict[str, Language]


@cache
def _tables() -> _Tables:
    tables = _Tables({}, {}, {}, [], {}, {})
    for file in sorted(_FOLDER.glob("*/*.toml")):
        language = _described(file.stem)
        tables.by_name[language.name] = language
        tables.by_alias.update(dict.fromkeys(language.aliases, language.name))
        for filename in language.filenames:
            if any(character in filename for character in "*?["):
                tables.by_glob.append((filename, language))
            else:
                tables.by_filename[filename] = language
        for extension in language.extensions:
            tables.by_extension.setdefault(extension, []).append(language)
        tables.by_shebang.update(dict.fromkeys(language.shebangs, language))
    return tables


@cache
def _described(name: str) -> Language:
    file = _file(name)
    if not file.is_file():
        raise KeyError(name)
    keys: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    for key, value in keys.items():
        if isinstance(value, list):
            keys[key] = frozenset(value) if key in _SETS else tuple(value)
        elif key == "recovery":
            keys[key] = described(value)
    return Language(**keys)


def _file(name: str) -> Path:
    return _FOLDER / name / f"{name}.toml"


def _query_source(name: str, query: str = "") -> str:
    file = _FOLDER / name / f"{query or name}.scm"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _choose(claimants: list[Language], head: str) -> Language:
    if len(claimants) == 1:
        return claimants[0]
    recognised = next((language for language in claimants if language.recognises(head)), None)
    return recognised or next((language for language in claimants if not language.contents), claimants[0])


def _by_shebang(head: str) -> Language | None:
    words = head.partition("\n")[0][2:].split()
    programs = [word.rpartition("/")[2] for word in words if not word.startswith("-") and "=" not in word]
    if programs[:1] == ["env"]:
        del programs[0]
    if not programs:
        return None
    by_shebang = _tables().by_shebang
    return by_shebang.get(programs[0]) or by_shebang.get(programs[0].rstrip("0123456789."))
