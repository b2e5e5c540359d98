"""What a definition calls, and who calls it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wherein.call import Call
from wherein.chunking.outline import CLASS_KINDS
from wherein.search.calls.file_text import Files, IndexedFile, same_definition
from wherein.search.calls.resolve import Resolved, family, resolve
from wherein.search.calls.sites import Site
from wherein.search.rank.places import is_noise
from wherein.search.showing import whole_text
from wherein.store.protocol import Candidate, Filters, Retrieval, Store
from wherein.tokens import terms

MOST_NAMED = 60
"""Definitions of one name that are weighed. Of a name with more, a call says too little."""

MOST_MENTIONS = 400
"""Chunks that mention a name and may call it."""

MOST_FILES = 40
MOST_CHARACTERS = 1_500_000
"""Files parsed to find callers, at most. `Append` in abseil-cpp, a bad case, takes 0.4 s."""


class CallGraph:
    """Calls in one view, found when they are asked for: nothing of it is stored."""

    def __init__(self, store: Store, view: str, repository: str) -> None:
        self._store = store
        self._view = view
        self._repository = repository
        self._files = Files(store, view)
        self._named: dict[tuple[str, str], list[Candidate]] = {}
        self.unread = 0
        """files that mention the name last asked about, and were too many to be looked at"""

    def tells(self, chunk: Candidate) -> bool:
        """Whether the calls of its language are known at all."""
        return self._files[chunk.path].language.calls is not None

    def callees(self, chunk: Candidate, limit: int) -> list[Call]:
        """The definitions that a definition calls, those with the most evidence first, then in order of the calls; of a
        class, what its methods call outside of it."""
        file = self._files[chunk.path]
        pieces = file.inside(chunk) if chunk.kind in CLASS_KINDS else file.pieces(chunk)
        found: dict[tuple[str, str], tuple[Resolved, Site]] = {}
        for site in file.sites:
            caller = _covering(pieces, site.line)
            if caller is None:
                continue
            for each in self._resolve(site, caller, file):
                target = each.definition
                itself = target.path == chunk.path and _is_among(target, chunk, pieces)
                key = (target.path, target.qualified_name)
                if not itself and (key not in found or found[key][0].evidence < each.evidence):
                    found[key] = (each, site)
        made = {
            (path, name.rpartition(".")[0])
            for path, name in found
            if found[path, name][0].definition.kind == "constructor"
        }
        ranked = [
            pair for key, pair in found.items() if key not in made
        ]  # the constructor tells more than its class
        ranked.sort(key=lambda pair: -pair[0].evidence)
        return [self._whole(each, site) for each, site in ranked[:limit]]

    def callers(self, chunk: Candidate, limit: int, names: frozenset[str] | None = None) -> list[Call]:
        """The definitions that call a definition, those with the most evidence first, tests last; a caller once.
        `names`: only under these of its names."""
        own = self._files[chunk.path].pieces(chunk)
        names = names or _called_as(chunk)
        found: dict[tuple[str, str, int], tuple[Candidate, int, Site]] = {}
        for file in self._mentioning(names, chunk):
            for site in file.sites:
                if site.name not in names:
                    continue
                caller = file.at(site.line)
                if caller is None or (caller.path == chunk.path and _covering(own, site.line)):
                    continue
                for each in self._resolve(site, caller, file):
                    if each.definition.path != chunk.path or not same_definition(each.definition, chunk):
                        continue
                    key = (caller.path, caller.qualified_name, 0 if caller.symbol else caller.start_line)
                    if key not in found or found[key][1] < each.evidence:
                        found[key] = (caller, each.evidence, site)
        ranked = sorted(found.values(), key=lambda each: (is_noise(each[0].path), -each[1]))
        return self._present(ranked, limit)

    def _mentioning(self, names: frozenset[str], chunk: Candidate) -> list[IndexedFile]:
        """The files that may call a definition, its own first."""
        self.unread = 0
        wanted = tuple(dict.fromkeys(terms(name)[-1] for name in names if terms(name)))
        if not wanted:
            return []
        filters = Filters(languages=family(chunk.language))
        request = Retrieval(view=self._view, terms=wanted, filters=filters, limit=MOST_MENTIONS)
        mentioned = self._store.retrieve(request).candidates
        mentioned.sort(key=lambda each: (each.path != chunk.path, is_noise(each.path), -each.lexical))
        called = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")
        texts = self._store.texts([each.id for each in mentioned])
        found = (each.path for each, text in zip(mentioned, texts, strict=True) if called.search(text))
        paths = list(dict.fromkeys(found))
        files, characters = [], 0
        for path in paths[:MOST_FILES]:
            files.append(self._files[path])
            characters += len(files[-1].text)
            if characters > MOST_CHARACTERS:
                break
        self.unread = len(paths) - len(files)
        return files

    def _resolve(self, site: Site, caller: Candidate, file: IndexedFile) -> list[Resolved]:
        key = (site.name, caller.language)
        if key not in self._named:
            filters = Filters(languages=family(caller.language))
            self._named[key] = self._store.definitions(self._view, site.name, filters, MOST_NAMED)
        return resolve(site, caller, file, self._named[key])

    def _whole(self, called: Resolved, site: Site) -> Call:
        file = self._files[called.definition.path]
        pieces = file.pieces(called.definition)
        texts = [file.text_of(piece) for piece in pieces]
        return Call(whole_text(pieces, texts, self._repository, score=called.evidence), site.name, site.line)

    def _present(self, found: Iterable[tuple[Candidate, int, Site]], limit: int) -> list[Call]:
        first = list(found)[:limit]
        texts = self._store.texts([definition.id for definition, _, _ in first])
        return [
            Call(whole_text([definition], [text], self._repository, score=evidence), site.name, site.line)
            for (definition, evidence, site), text in zip(first, texts, strict=True)
        ]


def _called_as(chunk: Candidate) -> frozenset[str]:
    """The names a definition is called by: a constructor by its class's as well."""
    names = {chunk.symbol, *chunk.names}
    if chunk.kind == "constructor":
        head = chunk.qualified_name.removesuffix(chunk.symbol).rstrip(".:#/")
        names.add(re.split(r"\W+", head)[-1])
    return frozenset(names - {""})


def _is_among(target: Candidate, chunk: Candidate, pieces: Iterable[Candidate]) -> bool:
    """Whether what is called is the caller itself, or in it."""
    return same_definition(target, chunk) or any(target.start_line == piece.start_line for piece in pieces)


def _covering(pieces: Iterable[Candidate], line: int) -> Candidate | None:
    return next((piece for piece in pieces if piece.start_line <= line <= piece.end_line), None)
