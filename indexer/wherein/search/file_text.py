"""A file as the index holds it, put together from its chunks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from wherein.chunking.outline import WHOLE_KINDS
from wherein.languages import registry
from wherein.languages.registry import Language
from wherein.places import places
from wherein.search.calls.declared import declares
from wherein.search.calls.sites import Site, call_sites, import_lines
from wherein.search.places import nothing_at, other_spelling
from wherein.store.protocol import Candidate, Store


@dataclass
class IndexedFile:
    """One path of a view. What it takes to understand it is done once, when it is asked for."""

    path: str
    chunks: list[Candidate]
    """by line"""
    texts: list[str]
    """of each chunk"""
    _declared: dict[tuple[str, str], bool] = field(default_factory=dict)

    def declares(self, variable: str, name: str) -> bool:
        """Whether it says somewhere that a variable has a type of this name."""
        key = variable, name
        if key not in self._declared:
            self._declared[key] = declares(self.text, variable, name)
        return self._declared[key]

    @cached_property
    def text(self) -> str:
        """All its lines: chunks cover each once."""
        return "\n".join(self.texts)

    @property
    def language(self) -> Language:
        """What it is written in."""
        return registry.get(self.chunks[0].language)

    @cached_property
    def sites(self) -> list[Site]:
        """Its calls."""
        if not self.chunks:
            return []
        return call_sites(self.text, self.language)

    @cached_property
    def imports(self) -> list[frozenset[str]]:
        """The words of each of its imports."""
        return import_lines(self.text, self.language) if self.chunks else []

    @cached_property
    def imported(self) -> frozenset[str]:
        """The words of all its imports."""
        return frozenset().union(*self.imports)

    def at(self, line: int) -> Candidate | None:
        """The chunk that covers a line."""
        return covering(self.chunks, line)

    def pieces(self, chunk: Candidate) -> list[Candidate]:
        """The whole definition that a chunk is a part of, by line."""
        if not chunk.symbol:
            return [chunk]
        first = last = _place(self.chunks, chunk.start_line)
        while first > 0 and _belongs(self.chunks[first - 1], chunk):
            first -= 1
        while last + 1 < len(self.chunks) and _belongs(self.chunks[last + 1], chunk):
            last += 1
        return self.chunks[first : last + 1]

    def inside(self, chunk: Candidate) -> list[Candidate]:
        """A class with all that is defined in it, by line."""
        first, last = lines_of(chunk)
        return [each for each in self.chunks if first <= each.start_line <= last]

    def text_of(self, chunk: Candidate) -> str:
        """The lines of one of its chunks."""
        return self.texts[_place(self.chunks, chunk.start_line)]


def covering(chunks: Sequence[Candidate], line: int) -> Candidate | None:
    """The one of some chunks, by line, that covers a line."""
    place = _place(chunks, line)
    return chunks[place] if place >= 0 and line <= chunks[place].end_line else None


def _place(chunks: Sequence[Candidate], line: int) -> int:
    """Where the last chunk stands that begins at a line or before it; -1 for none."""
    return bisect_right(chunks, line, key=_start) - 1


_start = attrgetter("start_line")


def _belongs(other: Candidate, chunk: Candidate) -> bool:
    """Whether a neighbour is a piece of the same definition, or was cut out of a function because it is long."""
    first, last = lines_of(chunk)
    return (chunk.kind in WHOLE_KINDS and first <= other.start_line <= last) or in_one(other, chunk)


def in_one(other: Candidate, chunk: Candidate) -> bool:
    """Whether neighbours are pieces of one definition. Another of the same name, which overloads it, has other
    lines."""
    if not same_definition(other, chunk):
        return False
    # Of a section of a document the lines are not known.
    return lines_of(other) == lines_of(chunk) or registry.get(chunk.language).chunker != "definitions"


def lines_of(chunk: Candidate) -> tuple[int, int]:
    """First and last line of the whole definition that a chunk of code is a part of; its own of other code."""
    return places(chunk.profile, chunk.start_line).definition or (chunk.start_line, chunk.end_line)


def same_definition(one: Candidate, other: Candidate) -> bool:
    """Whether two chunks of a file are pieces of one definition, or two of one name."""
    return (one.symbol, one.qualified_name, one.kind) == (other.symbol, other.qualified_name, other.kind)


class Files:
    """The files of a view, each read once."""

    def __init__(self, store: Store, view: str) -> None:
        self._store = store
        self._view = view
        self._read: dict[str, IndexedFile] = {}

    def read(self, paths: Iterable[str]) -> None:
        """Read those that were not read yet, all at once."""
        if lacking := dict.fromkeys(path for path in paths if path not in self._read):
            for path, found in self._store.files_of(self._view, lacking).items():
                self._read[path] = IndexedFile(path, found.chunks, found.texts)

    def __getitem__(self, path: str) -> IndexedFile:
        """A file; one without chunks where the view does not show the path."""
        self.read((path,))
        return self._read[path]

    def covering(self, path: str, line: int) -> Candidate:
        """The chunk that covers a line (1-based). ConfigError says what is not there: file or line."""
        found = self[path].at(line)
        if found is None and (other := other_spelling(self._store, self._view, path)) is not None:
            found = self[other].at(line)
        if found is None:
            raise nothing_at(self._store, self._view, path, line)
        return found

    @property
    def texts(self) -> dict[int | str, str]:
        """The lines of the chunks of all that was read, by their ids."""
        files = self._read.values()
        return {chunk.id: text for file in files for chunk, text in zip(file.chunks, file.texts, strict=True)}
