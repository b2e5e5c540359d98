"""Which chunks may answer a question, and how the server is told.

Chunks do not know which views show them, or each new view would index them again. A reader knows what its view shows:
it asks for more than it needs, and leaves out what is not shown. If that would be too much, the query names the file
versions, which are a TAG of each chunk.
"""

from wherein.quick_dataclass import dataclass
from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Filters
from wherein.store.redis.chunks import chunk
from wherein.store.redis.reading.query import Found
from wherein.store.redis.terms import alphabet
from wherein.store.redis.trees.contents import Contents, version_id

VERSIONS_NAMED = 300
"""So many file versions are always named: a query for their chunks costs no more than one for all (50,000 chunks:
100 versions 1 ms, 500 4 ms, 2,000 16 ms, 8,000 40 ms)."""

VERSIONS_NAMED_LATER = 3_000
"""Where too little of what was found may be shown, up to so many are named: 20 ms for 50,000 chunks, whatever was
found."""

MOST_SPARE = 8
"""At most this many times what is wanted is asked for. If the view shows a smaller share of the store, its versions are
named."""


SCOPES_KEPT = 16
"""Filters whose scope is remembered for what a view shows."""

SPARE = 1.05
FEWEST_SPARE = 8
"""More than the even share is asked for, since what may be found is not spread evenly. If that was too little, one more
question follows."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be found."""

    contents: Contents
    allowed: frozenset[str] | None
    """paths; None: all that the view shows"""
    chunks: int
    """that may be found, before language and kind"""
    versions: int
    """file versions that they are of"""
    condition: str
    """of the server's query language; empty: none. Our own letters and digits only"""
    named: frozenset[str] | None
    """the file versions that the condition names; None: it does not ask for any"""

    @property
    def exact(self) -> bool:
        """Whether the condition lets through only what may be found."""
        return self.named is not None

    def covers(self, other: "Scope") -> bool:
        """Whether the condition lets through all that may be found in another scope of the same filters."""
        return self.named is None or (other.named is not None and other.named <= self.named)

    def path(self, version: bytes) -> str | None:
        """The path of a file version whose chunks may be found; None for another."""
        path = self.contents.versions.get(version)
        return path if self.allowed is None or path in self.allowed else None

    def candidate(self, id: str, found: Found, payload: bytes) -> Candidate:
        """A chunk that may be found."""
        path = self.contents.versions[found.version]
        return chunk.candidate(id, payload, path, self.contents.files[path].blob)

    def asked(self, wanted: int, total: int) -> int:
        """How many to ask the server for, to find `wanted` that may be found."""
        return wanted if self.exact else asked(wanted, self.chunks, total)


def asked(wanted: int, chunks: int, total: int) -> int:
    """How many to ask the server for, to find `wanted` of `chunks` among `total`, if these are spread evenly."""
    if chunks >= total:
        return wanted
    return int(wanted * total / max(chunks, 1) * SPARE) + FEWEST_SPARE


def kept_to(filters: Filters) -> str:
    """The condition of what filters ask of a chunk, whatever the view shows."""
    conditions = []
    if filters.languages:
        conditions.append(_any(chunk.LANGUAGE, filters.languages))
    if filters.kinds:
        conditions.append(_any(chunk.KIND, filters.kinds))
    return " ".join(conditions)


def make_scope(contents: Contents, filters: Filters, total: int, *, exact: bool = False) -> Scope:
    """The scope of a question on a store of `total` chunks; with `exact` versions are named however many there are."""
    key = (filters, total, exact)
    known: dict[object, Scope] = contents.remembered
    if key not in known:
        if len(known) >= SCOPES_KEPT:
            known.clear()
        known[key] = _scope(contents, filters, total, exact)
    return known[key]


def naming_versions(scope: Scope, filters: Filters, total: int) -> Scope | None:
    """The same scope with its file versions named, for when too little was found without; None if they are too
    many."""
    if scope.exact:
        return scope
    if scope.versions > VERSIONS_NAMED_LATER:
        return None
    return make_scope(scope.contents, filters, total, exact=True)


def _scope(contents: Contents, filters: Filters, total: int, exact: bool) -> Scope:
    allowed = None
    chunks = contents.chunks
    shown = contents.searchable
    if filters.of_paths:
        shown, allowed = _matching(contents, filters)
        chunks = sum(contents.files[path].chunks for path in shown)
    conditions = [condition] if (condition := kept_to(filters)) else []
    few = len(shown) <= VERSIONS_NAMED or chunks * MOST_SPARE < total
    named = None
    if exact or (few and chunks < total):
        each = [version_id(path, contents.files[path].blob) for path in shown]
        named = frozenset(each)
        if each:
            conditions.append(f"@{chunk.VERSION}:{{{'|'.join(map(chunk.version_tag, each))}}}")
    return Scope(contents, allowed, chunks, len(shown), " ".join(conditions), named)


def _matching(contents: Contents, filters: Filters) -> tuple[list[str], frozenset[str] | None]:
    """The searchable paths that the globs let through; they are remembered, for matching takes 5 us a path."""
    key = (filters.paths, filters.exclude, filters.scopes)
    if key not in contents.remembered:
        matches = path_filter(filters)
        shown = (
            contents.searchable
            if matches is None
            else [path for path in contents.searchable if matches(path)]
        )
        contents.remembered[key] = shown, None if matches is None else frozenset(shown)
    found: tuple[list[str], frozenset[str] | None] = contents.remembered[key]
    return found


def _any(name: str, values: tuple[str, ...]) -> str:
    return f"@{name}:{{{'|'.join(alphabet.tag(value) for value in values)}}}"
