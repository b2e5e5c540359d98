"""Which chunks a question may be answered with, and how the server is kept to them.

Chunks do not know the views that show them: else each new view would index them again. So a reader, who knows what its
view shows, asks for more than it needs and leaves out what is not shown. Where that would be too much it names the file
versions, which are a TAG of each chunk.
"""

from dataclasses import dataclass

from wherein.store.globs import path_matcher
from wherein.store.protocol import Filters
from wherein.store.redis import alphabet, chunk
from wherein.store.redis.shown import Contents, version_id

VERSIONS_NAMED = 300
"""So many file versions are always named: a query for their chunks costs no more than one for all (50,000 chunks:
100 versions 1 ms, 500 4 ms, 2,000 16 ms, 8,000 40 ms)."""

MOST_SPARE = 8
"""Up to so many times what is wanted is asked for. Where the view shows a smaller share, its versions are named."""


SCOPES_KEPT = 16
"""Filters whose scope is remembered for what a view shows."""

SPARE = 1.1
"""What may be found is not spread evenly. When this was too little, one more question is asked."""


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
    exact: bool
    """whether the condition lets through nothing but what may be found"""

    def shows(self, path: str, blob: str) -> bool:
        """Whether a chunk of this file version may be found."""
        shown = self.contents.files.get(path)
        return shown is not None and shown.blob == blob and (self.allowed is None or path in self.allowed)

    def asked(self, wanted: int, total: int) -> int:
        """How many to ask the server for, to find `wanted` that may be found, if these are spread evenly."""
        if self.exact:
            return wanted
        share = min(1.0, self.chunks / total) if total else 1.0
        return int(wanted / max(share, 1e-6) * SPARE) + 16


def make_scope(contents: Contents, filters: Filters, total: int, *, exact: bool = False) -> Scope:
    """The scope of a question on a store of `total` chunks; with `exact` versions are named however many there are."""
    key = (filters, total, exact)
    known: dict[object, Scope] = contents.remembered
    if key not in known:
        if len(known) >= SCOPES_KEPT:
            known.clear()
        known[key] = _scope(contents, filters, total, exact)
    return known[key]


def _scope(contents: Contents, filters: Filters, total: int, exact: bool) -> Scope:
    matches = path_matcher(filters.paths, filters.exclude)
    allowed = None
    chunks = contents.chunks
    shown = contents.searchable
    if matches is not None:
        shown = [path for path in shown if matches(path)]
        allowed = frozenset(shown)
        chunks = sum(contents.files[path].chunks for path in shown)
    conditions = []
    if filters.languages:
        conditions.append(_any(chunk.LANGUAGE, filters.languages))
    if filters.kinds:
        conditions.append(_any(chunk.KIND, filters.kinds))
    few = len(shown) <= VERSIONS_NAMED or chunks * MOST_SPARE < total
    named = exact or (few and chunks < total)
    if named and shown:
        versions = "|".join(chunk.version_tag(version_id(path, contents.files[path].blob)) for path in shown)
        conditions.append(f"@{chunk.VERSION}:{{{versions}}}")
    return Scope(contents, allowed, chunks, len(shown), " ".join(conditions), named)


def _any(name: str, values: tuple[str, ...]) -> str:
    return f"@{name}:{{{'|'.join(alphabet.tag(value) for value in values)}}}"
