"""Which definition a call means, by the evidence of names: evidence.toml lists it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache

from wherein.languages import registry
from wherein.languages.registry import Language
from wherein.packaged import files
from wherein.quick_dataclass import dataclass
from wherein.search.calls.declared import declares, is_parameter
from wherein.search.calls.modules import is_around, is_root_package, modules, package_name
from wherein.search.calls.sites import Site
from wherein.search.file_text import IndexedFile
from wherein.search.rank.places import is_noise
from wherein.store.protocol import Candidate
from wherein.tokens import fold, words

CALLABLE = frozenset(
    {
        "function",
        "method",
        "constructor",
        "macro",
        "class",
        "struct",
        "enum",
        "interface",
        "trait",
        "type",
        "constant",
    }
)
"""Kinds that a call can mean."""
GROUPED = frozenset({"constant", "type", "enum"})
"""Kinds whose further names can be called from outside: those of a function are its own."""
ABSTRACT = frozenset({"interface", "trait"})
"""Kinds whose further names are methods that others have: a call means one where its object is told to be that."""
LIKE = 3
"""Letters of an abbreviation, at least."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A definition that a call may well mean."""

    definition: Candidate
    evidence: int


@dataclass(frozen=True, slots=True)
class _Evidence:
    own_object: int
    same_file: int
    receiver_is_home: int
    receiver_is_like: int
    imported: int
    same_folder: int
    only_one: int
    least: int
    least_alone: int
    least_common: int
    most_equal: int
    common: frozenset[str]
    parents: frozenset[str]


@cache
def _evidence() -> _Evidence:
    data = tomllib.loads(files("wherein.search.calls").joinpath("evidence.toml").read_text("utf-8"))
    return _Evidence(
        **data["weight"],
        **data["limit"],
        common=frozenset(map(fold, data["common"]["names"])),
        parents=frozenset(data["parents"]["names"]),
    )


@cache
def family(language: str) -> tuple[str, ...]:
    """The languages whose code calls each other freely: JavaScript and TypeScript, C and C++."""
    own = {language, *registry.get(language).inherits}
    return tuple(name for name in registry.names() if own & {name, *registry.get(name).inherits})


def resolve(
    site: Site, caller: Candidate, file: IndexedFile, named: Iterable[Candidate], repository: str
) -> list[Resolved]:
    """The definitions among `named` (all of the call's name, in its language's family) that the call in `caller` means.

    Usually one; overloads and definitions with the same evidence together; none where the evidence is thin.
    """
    known = _evidence()
    noisy = is_noise(caller.path)
    possible = [
        each
        for each in named
        if each.kind in CALLABLE
        and (site.name == each.symbol or (each.kind in GROUPED | ABSTRACT and site.name in each.names))
        and (noisy or not is_noise(each.path))  # code does not call its tests
        and not (_of_parent(site) and _home(each) == _home(caller) != "")
    ]
    found = [Resolved(each, _weigh(site, caller, file, each, repository)) for each in possible]
    found = [
        each
        for each in found
        if not is_abstract(each.definition, site.name) or each.evidence >= known.receiver_is_like
    ]
    alone = len({(each.definition.path, each.definition.qualified_name) for each in found}) == 1
    best = max((each.evidence for each in found), default=0)
    least = known.least_alone if alone else known.least
    if site.receiver and fold(site.name) in known.common:
        least = known.least_common
    if best < least:
        return []
    equal = [each for each in found if each.evidence == best]
    if len(equal) > 1 and not (site.receiver and best <= known.receiver_is_like):
        near = [_nearness(each.definition, file) for each in equal]
        equal = [each for each, nearness in zip(equal, near, strict=True) if nearness == max(near)]
    most = known.most_equal if best >= known.receiver_is_like else 1
    meant = {(each.definition.path, _made(each.definition)) for each in equal}
    return equal if len(meant) <= most else []


def _weigh(site: Site, caller: Candidate, file: IndexedFile, definition: Candidate, repository: str) -> int:
    known = _evidence()
    language = registry.get(caller.language)
    own_class, home = _home(caller), home_of(definition, site.name)
    is_method = (definition.kind in ("method", "constructor") or is_abstract(definition, site.name)) and bool(
        home
    )
    receiver = _called_on(site.receiver)
    if site.own or receiver in language.own_object:
        if not is_method:
            return 0
        if home == own_class and (definition.path == caller.path or _folder(definition) == _folder(caller)):
            return known.own_object
        if definition.path == caller.path:
            return known.same_file
        # inherited, or of another part of the same class
        return known.imported if _is_imported(definition, home, file) else known.only_one
    if not receiver:
        return _weigh_bare(caller, file, definition, language, home if is_method else "")
    word = fold(last_word(receiver))
    if not is_method and (
        word in modules(definition.path)
        or (receiver in language.own_package and is_around(definition.path, caller.path))
        or (
            is_root_package(definition.path)
            and word == package_name(repository)
            and _is_module(receiver, file)
        )
    ):
        return known.receiver_is_home
    if not home or (is_method and language.module_receivers and _is_module(receiver, file)):
        return 0  # a free function is called on nothing but its module, and a method on no module
    if word == fold(last_word(home)):
        return known.own_object if definition.path == caller.path else known.receiver_is_home
    if is_method and _is_declared(receiver, last_word(home), caller, file):
        return known.receiver_is_home
    if receiver[:1].isupper() and receiver.isidentifier() and not language.capital_objects:
        return 0  # a class, but not this one
    if _alike(last_word(receiver), last_word(home)):
        return known.receiver_is_like
    if definition.path == caller.path or _folder(definition) == _folder(caller):
        return known.same_folder
    return known.same_folder if _is_imported(definition, home, file) else known.only_one


def _is_declared(receiver: str, home: str, caller: Candidate, file: IndexedFile) -> bool:
    """Whether what is called on is declared to be of a class: where the call stands, or else in its file."""
    variable = last_word(receiver)
    if not file.declares(variable, home):
        return False
    own = file.text_of(caller)
    return variable != receiver or not is_parameter(own, variable) or declares(own, variable, home)


def _weigh_bare(
    caller: Candidate, file: IndexedFile, definition: Candidate, language: Language, home: str
) -> int:
    """The evidence for `f()`."""
    known = _evidence()
    if home and definition.kind != "constructor":
        if not language.implicit_self:
            return 0
        if home == _home(caller):
            return known.own_object
        return known.imported if _is_imported(definition, home, file) else known.only_one
    if definition.path == caller.path:
        return known.same_file
    if language.explicit_imports and definition.symbol.casefold() not in file.imported:
        # a function in a function of another file is out of reach
        return 0 if definition.kind == "function" and _home(definition) else known.only_one
    if _is_imported(definition, home, file):
        return known.imported
    return known.same_folder if _folder(definition) == _folder(caller) else known.only_one


def _is_imported(definition: Candidate, home: str, file: IndexedFile) -> bool:
    return bool(
        file.imported
        & {
            definition.symbol.casefold(),
            last_word(home).casefold(),
            *modules(definition.path, folded=False),
        }
    )


def _nearness(definition: Candidate, file: IndexedFile) -> int:
    """How much of a definition's path stands in the import that may bring it in: tells namesakes apart."""
    parts = {part.partition(".")[0].casefold() for part in definition.path.split("/")}
    symbol, home = definition.symbol.casefold(), last_word(_home(definition)).casefold()
    parts -= {symbol}
    bringing = [line for line in file.imports if symbol in line or home in line or parts & line]
    return max((len(parts & line) for line in bringing), default=0)


def _of_parent(site: Site) -> bool:
    """`super().f()`: what is meant is not in the class itself."""
    return last_word(site.receiver) in _evidence().parents


def _made(definition: Candidate) -> str:
    """What a call makes or runs: a constructor and its class are the same to its caller."""
    return _home(definition) if definition.kind == "constructor" else definition.qualified_name


def is_abstract(definition: Candidate, name: str) -> bool:
    """Whether what has the name is a method that an interface asks for, in whose chunk it stands."""
    return definition.kind in ABSTRACT and definition.symbol != name


def home_of(definition: Candidate, name: str) -> str:
    """The class, or the interface, of what is called by a name."""
    return definition.qualified_name if is_abstract(definition, name) else _home(definition)


def _home(definition: Candidate) -> str:
    """What qualifies a definition in its file: its class."""
    head = definition.qualified_name.removesuffix(definition.symbol) if definition.symbol else ""
    return head.rstrip(".:#/")


def _called_on(receiver: str) -> str:
    """A receiver without arguments at its end: `LayoutReader.new(site)` → `LayoutReader`, `session()` → `session`."""
    text = receiver.rstrip("?!&* .")
    while text.endswith(")"):
        depth = 0
        for at in range(len(text) - 1, -1, -1):
            depth += (text[at] == ")") - (text[at] == "(")
            if depth == 0:
                break
        if at == 0 or depth:
            return text.strip("() ")
        text = text[:at].rstrip("?!&* .").removesuffix(".new")
    return text


@lru_cache(maxsize=20_000)
def last_word(text: str) -> str:
    """The last identifier of an expression: `self._session` → `_session`."""
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    start = end
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return text[start:end]


def _folder(definition: Candidate) -> str:
    return definition.path.rpartition("/")[0]


def _is_module(receiver: str, file: IndexedFile) -> bool:
    return receiver.isidentifier() and receiver.casefold() in file.imported


@lru_cache(maxsize=20_000)
def _alike(variable: str, name: str) -> bool:
    """Whether names tell that a variable holds an object of a class: `session` a ClientSession, `req` a Request."""
    said = words(variable)
    return bool(said) and any(
        word == said[-1] or (len(said[-1]) >= LIKE and word.startswith(said[-1])) for word in words(name)
    )
