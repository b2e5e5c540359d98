"""What a definition calls, and what calls it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from wherein.call import Call
from wherein.chunking.outline import CLASS_KINDS
from wherein.search.calls.declared import made_from
from wherein.search.calls.resolve import Resolved, family, home_of, is_abstract, last_word, resolve
from wherein.search.calls.sites import Site
from wherein.search.file_text import Files, IndexedFile, covering, lines_of, same_definition
from wherein.search.rank.places import is_noise
from wherein.search.showing import whole_text
from wherein.store.protocol import Candidate, Filters, Retrieval, Store
from wherein.tokens import terms

MOST_NAMED = 60
"""Definitions of one name that are weighed. Of a name with more, a call says too little."""

MOST_MENTIONS = 400
"""Chunks that mention a name and may call it."""

MOST_FILES = 300
MOST_CHARACTERS = 1_500_000
"""Files parsed to find callers, at most. `Append` in abseil-cpp, a bad case, takes 0.4 s."""

FIRST_FILES = 20
"""Read together, before it is known how large they are; then twice as many each time, so that a far store is asked five
times at most."""

MOST_ELSEWHERE = 3
"""Other definitions told, that calls are taken for."""

Calling = tuple[Site, Candidate, IndexedFile]
"""A call, the chunk that it stands in, and the file."""


class Callers(NamedTuple):
    """Who calls a definition."""

    calls: list[Call]
    unread: int
    """files that mention it and were too many to be looked at"""
    elsewhere: tuple[str, ...]
    """see `Calls`"""


class _Found(NamedTuple):
    """A call that was found, and what told that it means the definition."""

    calling: Calling
    evidence: int
    through: str


def _order(found: _Found) -> tuple[bool, bool, int]:
    """Tests last, and before them calls that are made to something else."""
    return is_noise(found.calling[1].path), bool(found.through), -found.evidence


class CallGraph:
    """Calls in one view, found when they are asked for: nothing of it is stored. Each step is taken for all definitions
    that are asked about, so that a store far away is asked a few times however many files there are."""

    def __init__(self, store: Store, view: str, repository: str, files: Files) -> None:
        self._store = store
        self._view = view
        self._repository = repository
        self._files = files
        self._named: dict[tuple[str, str], list[Candidate]] = {}
        self._made: dict[tuple[str, str, str], bool] = {}

    def tells(self, chunk: Candidate) -> bool:
        """Whether the calls of its language are known at all."""
        return self._files[chunk.path].language.calls is not None

    def callees(self, chunks: Sequence[Candidate], limit: int) -> list[list[Call]]:
        """The definitions that each definition calls, those with the most evidence first, then in order of the calls;
        of a class, what its methods call outside of it."""
        self._files.read(chunk.path for chunk in chunks)
        made = [list(self._made_by(chunk)) for chunk in chunks]
        self._name(calling for callings in made for calling in callings)
        called = [self._called(chunk, callings)[:limit] for chunk, callings in zip(chunks, made, strict=True)]
        self._files.read(each.definition.path for pairs in called for each, _ in pairs)
        return [[self._whole(each, site) for each, site in pairs] for pairs in called]

    def callers(self, asked: Iterable[tuple[Candidate, frozenset[str] | None]], limit: int) -> list[Callers]:
        """The definitions that call each definition, those with the most evidence first, tests last, a caller once.
        With names: only under these of its names."""
        wanted = [_Wanted(chunk, names or _called_as(chunk)) for chunk, names in asked]
        self._files.read(each.chunk.path for each in wanted)
        self._find_mentions(wanted)
        self._read_mentions(wanted)
        made = [list(self._made_to(each)) for each in wanted]
        self._name(calling for callings in made for calling in callings)
        return [self._callers(each, callings, limit) for each, callings in zip(wanted, made, strict=True)]

    def _made_by(self, chunk: Candidate) -> Iterator[Calling]:
        """The calls in a definition."""
        file = self._files[chunk.path]
        pieces = file.inside(chunk) if chunk.kind in CLASS_KINDS else file.pieces(chunk)
        for site in file.sites:
            if (caller := covering(pieces, site.line)) is not None:
                yield site, caller, file

    def _called(self, chunk: Candidate, callings: Iterable[Calling]) -> list[tuple[Resolved, Site]]:
        """What the calls in a definition mean, without what is in it."""
        file = self._files[chunk.path]
        pieces = file.inside(chunk) if chunk.kind in CLASS_KINDS else file.pieces(chunk)
        within = {piece.start_line for piece in pieces}
        found: dict[tuple[str, str], tuple[Resolved, Site]] = {}
        for calling in callings:
            for each in self._resolve(*calling):
                target = each.definition
                if is_abstract(target, calling[0].name):
                    continue  # it stands for whatever has it
                itself = target.path == chunk.path and (
                    target.start_line in within or same_definition(target, chunk)
                )
                key = (target.path, target.qualified_name)
                if not itself and (key not in found or found[key][0].evidence < each.evidence):
                    found[key] = (each, calling[0])
        made = {
            (path, name.rpartition(".")[0])
            for path, name in found
            if found[path, name][0].definition.kind == "constructor"
        }
        ranked = [
            pair for key, pair in found.items() if key not in made
        ]  # the constructor tells more than its class
        ranked.sort(key=lambda pair: -pair[0].evidence)
        return ranked

    def _find_mentions(self, wanted: Sequence[_Wanted]) -> None:
        """The files that may call each definition, its own first."""
        mentioned = {
            asked: self._mentioning(*asked) for asked in dict.fromkeys(each.asked for each in wanted)
        }
        ids = list({one.id: None for some in mentioned.values() for one in some})
        texts = dict(zip(ids, self._store.texts(ids), strict=True)) if ids else {}
        holding: dict[tuple[object, object], list[str]] = {}
        for each in wanted:
            key = each.names, each.asked
            if key not in holding:
                called = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(each.names)))})(?!\w)")
                found = (one.path for one in mentioned[each.asked] if called.search(texts[one.id]))
                holding[key] = list(dict.fromkeys(found))
            each.paths = sorted(holding[key], key=lambda path: path != each.chunk.path)

    def _mentioning(self, words: tuple[str, ...], languages: tuple[str, ...]) -> list[Candidate]:
        """The chunks with some words, tests last."""
        if not words:
            return []
        filters = Filters(languages=languages)
        request = Retrieval(view=self._view, terms=words, filters=filters, limit=MOST_MENTIONS)
        return sorted(
            self._store.retrieve(request).candidates, key=lambda each: (is_noise(each.path), -each.lexical)
        )

    def _read_mentions(self, wanted: Sequence[_Wanted]) -> None:
        """The first of those files, as far as there are not too many or too large ones."""
        start, end = 0, FIRST_FILES
        while left := [
            each for each in wanted if each.characters <= MOST_CHARACTERS and each.paths[start:end]
        ]:
            self._files.read(path for each in left for path in each.paths[start:end])
            for each in left:
                for path in each.paths[start:end]:
                    if each.characters <= MOST_CHARACTERS:
                        each.files.append(self._files[path])
                        each.characters += len(each.files[-1].text)
            start, end = end, min(MOST_FILES, 2 * end + FIRST_FILES)

    def _made_to(self, wanted: _Wanted) -> Iterator[Calling]:
        """The calls that may mean a definition by their name."""
        own = self._files[wanted.chunk.path].pieces(wanted.chunk)
        for file in wanted.files:
            for site in file.sites:
                if site.name not in wanted.names:
                    continue
                caller = file.at(site.line)
                if caller is None or (caller.path == wanted.chunk.path and covering(own, site.line)):
                    continue
                yield site, caller, file

    def _callers(self, wanted: _Wanted, callings: Iterable[Calling], limit: int) -> Callers:
        """The calls that do mean a definition."""
        found: dict[tuple[str, tuple[int, int]], _Found] = {}
        others: Counter[str] = Counter()
        for calling in callings:
            site, caller, _ = calling
            for each in self._resolve(*calling):
                through = ""
                if each.definition.path != wanted.chunk.path or not same_definition(
                    each.definition, wanted.chunk
                ):
                    others[f"{each.definition.path}:{each.definition.start_line}"] += 1
                    through = self._through(wanted.chunk, each.definition, site.name)
                    if not through:
                        continue
                key = caller.path, lines_of(caller)
                one = _Found(calling, each.evidence, through)
                if key not in found or _order(one) < _order(found[key]):
                    found[key] = one
        ranked = sorted(found.values(), key=_order)
        calls = [
            Call(
                whole_text([caller], [file.text_of(caller)], self._repository, score=each.evidence),
                site.name,
                site.line,
                each.through,
            )
            for each in ranked[:limit]
            for site, caller, file in (each.calling,)
        ]
        elsewhere = () if calls else tuple(place for place, _ in others.most_common(MOST_ELSEWHERE))
        return Callers(calls, len(wanted.paths) - len(wanted.files), elsewhere)

    def _through(self, chunk: Candidate, called: Candidate, name: str) -> str:
        """The method of an interface, or of a class above, that is called, where a definition may be what runs then."""
        if chunk.kind != "method" or chunk.symbol != name:
            return ""
        file, home = self._files[chunk.path], home_of(called, name)
        own, other = last_word(home_of(chunk, name)), last_word(home)
        key = chunk.path, own, other
        if key not in self._made:
            self._made[key] = made_from(file.text, own, other)
        if not self._made[key] and not (file.language.implicit_interfaces and is_abstract(called, name)):
            return ""
        return f"{home}{file.language.separator}{name}"

    def _name(self, callings: Iterable[Calling]) -> None:
        """Find what has the names of calls."""
        lacking = {
            (site.name, caller.language): family(caller.language)
            for site, caller, _ in callings
            if (site.name, caller.language) not in self._named
        }
        if not lacking:
            return
        families = set(lacking.values())
        names = list(dict.fromkeys(name for name, _ in lacking))
        filters = Filters(languages=tuple(sorted({language for each in families for language in each})))
        most = MOST_NAMED * len(families)
        answers = self._store.definitions(self._view, names, filters, most)
        found = dict(zip(names, answers, strict=True))
        for (name, language), languages in lacking.items():
            fitting = [each for each in found[name] if each.language in languages]
            self._named[name, language] = fitting[:MOST_NAMED]

    def _resolve(self, site: Site, caller: Candidate, file: IndexedFile) -> list[Resolved]:
        return resolve(site, caller, file, self._named[site.name, caller.language], self._repository)

    def _whole(self, called: Resolved, site: Site) -> Call:
        file = self._files[called.definition.path]
        pieces = file.pieces(called.definition)
        texts = [file.text_of(piece) for piece in pieces]
        return Call(whole_text(pieces, texts, self._repository, score=called.evidence), site.name, site.line)


@dataclass
class _Wanted:
    """A definition whose callers are looked for."""

    chunk: Candidate
    names: frozenset[str]
    """that it is called by"""
    paths: list[str] = field(default_factory=list)
    """of the files that hold one of them, the likeliest first"""
    files: list[IndexedFile] = field(default_factory=list)
    """those of them that are looked at"""
    characters: int = 0
    """of these"""

    @cached_property
    def asked(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What mentions of it are found by: the terms of its names, and the languages."""
        words = dict.fromkeys(terms(name)[-1] for name in sorted(self.names) if terms(name))
        return tuple(words), family(self.chunk.language)


def _called_as(chunk: Candidate) -> frozenset[str]:
    """The names a definition is called by: a constructor by its class's as well."""
    names = {chunk.symbol, *chunk.names}
    if chunk.kind == "constructor":
        head = chunk.qualified_name.removesuffix(chunk.symbol).rstrip(".:#/")
        names.add(re.split(r"\W+", head)[-1])
    return frozenset(names - {""})
