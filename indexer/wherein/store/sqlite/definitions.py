"""Chunks by the names they define."""

import sqlite3
from collections.abc import Iterable

from wherein.store.protocol import Candidate
from wherein.store.spellings import fold, prefix_end, spellings
from wherein.store.sqlite import candidates
from wherein.store.sqlite.memory import Allowed, Memory


def named(
    db: sqlite3.Connection, memory: Memory, names: Iterable[str], allowed: Allowed, limit: int
) -> set[int]:
    """The chunks that have one of the names, case folded; at most `limit` for each, the first by path and line."""
    found: set[int] = set()
    for name in {fold(name) for name in names} - {""}:
        rows = db.execute("SELECT chunk FROM name WHERE folded = ?", (name,))
        fits = [chunk for (chunk,) in rows if allowed.lookup[chunk]]
        found.update(candidates.first_by_place(db, fits, limit))
    return found


def definitions(
    db: sqlite3.Connection, memory: Memory, name: str, allowed: Allowed, limit: int, *, longer: bool
) -> list[Candidate]:
    """What `Store.definitions` answers: exact names, then case-folded ones, then `longer` ones."""
    folded = fold(name)
    if not folded:
        return []
    rows = db.execute("SELECT chunk FROM name WHERE folded = ?", (folded,))
    whole = candidates.by_id(db, memory, (chunk for (chunk,) in rows if allowed.lookup[chunk]))
    whole.sort(
        key=lambda found: (
            name not in spellings(found.symbol, found.qualified_name, found.names),
            len(found.qualified_name),
            found.path,
            found.start_line,
        )
    )
    if len(whole) >= limit or not longer:
        return whole[:limit]
    seen = {memory.inner(found.id) for found in whole}
    return whole + _longer(db, memory, folded, allowed, seen, limit - len(whole))


def _longer(
    db: sqlite3.Connection,
    memory: Memory,
    prefix: str,
    allowed: Allowed,
    seen: set[int],
    limit: int,
) -> list[Candidate]:
    """Chunks with a name that begins with `prefix`, the shortest such name first."""
    shortest: dict[int, int] = {}
    rows = db.execute(
        "SELECT chunk, length(folded) FROM name WHERE folded > ? AND folded < ?", (prefix, prefix_end(prefix))
    )
    for chunk, length in rows:
        if allowed.lookup[chunk] and chunk not in seen and length < shortest.get(chunk, length + 1):
            shortest[chunk] = length
    if not shortest:
        return []
    # Ties at the limit are settled by path and line: fetch all that are as short as the last one that fits.
    cut = sorted(shortest.values())[: max(limit, 1)][-1]
    fitting = (chunk for chunk, length in shortest.items() if length <= cut)
    found = candidates.by_id(db, memory, fitting)
    found.sort(key=lambda one: (shortest[memory.inner(one.id)], one.path, one.start_line))
    return found[:limit]
