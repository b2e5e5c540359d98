"""Chunks by the names they define, and by their place."""

import zlib
from collections.abc import Iterable, Sequence
from itertools import islice

from wherein.store.globs import path_matcher
from wherein.store.protocol import Candidate, Embeddings, Filters
from wherein.store.redis import alphabet, chunk, query
from wherein.store.redis.scope import Scope, make_scope
from wherein.store.redis.session import Session
from wherein.store.redis.shown import version_id
from wherein.store.spellings import fold, spellings

LONGER_NAMES = 5_000
"""Names that begin with what was asked for; of more, the first by alphabet are looked at."""

NAMES_AT_ONCE = 50

FILES_AT_ONCE = 50
"""Whose chunks are listed by one round trip."""

FEWEST_ASKED = 200

LINE_BYTES = 64
"""Supposed of a line, when the beginning of a text is inflated."""


def definitions(session: Session, view: str, name: str, filters: Filters, limit: int) -> list[Candidate]:
    """What `Store.definitions` answers: exact names, then case-folded ones, then longer ones."""
    seen = session.load(view)
    folded = fold(name)
    if seen is None or not folded or limit <= 0:
        return []
    session.refresh()
    scope = make_scope(seen.contents, filters, session.state.chunks)
    if not scope.versions:
        return []
    tagged = alphabet.tag(folded)
    whole = _with_names(session, [tagged], scope)
    whole.sort(
        key=lambda found: (
            name not in spellings(found.symbol, found.qualified_name, found.names),
            len(found.qualified_name),
            found.path,
            found.start_line,
        )
    )
    if len(whole) >= limit:
        return whole[:limit]
    known = {found.id for found in whole}
    return whole + _longer(session, folded, tagged, scope, known, limit - len(whole))


def chunks_of(session: Session, view: str, path: str) -> list[Candidate]:
    """All chunks that the view shows of one path, by line."""
    return [found for found, _ in _of_path(session, view, path, with_vectors=False)]


def first_chunks(session: Session, view: str, filters: Filters, limit: int) -> list[Candidate]:
    """The first chunks of the view that the filters let through, by path and line."""
    seen = session.load(view)
    if seen is None or limit <= 0:
        return []
    found: list[Candidate] = []
    matches = path_matcher(filters.paths, filters.exclude)
    paths = (path for path in sorted(seen.contents.searchable) if matches is None or matches(path))
    while len(found) < limit and (some := list(islice(paths, FILES_AT_ONCE))):
        pipe = session.client.pipeline(transaction=False)
        asked = [
            (version_id(path, shown.blob), row)
            for path in some
            for shown in (seen.contents.files[path],)
            for row in range(shown.chunks)
        ]
        for version, row in asked:
            pipe.hget(session.keys.chunk(version, row), chunk.PAYLOAD)
        for (version, row), payload in zip(asked, pipe.execute(), strict=True):
            each = chunk.candidate(f"{version}:{row}".encode(), payload) if payload is not None else None
            if each is not None and _lets_through(filters, each):
                found.append(each)
    return sorted(found, key=lambda each: (each.path, each.start_line))[:limit]


def _lets_through(filters: Filters, found: Candidate) -> bool:
    return (not filters.languages or found.language in filters.languages) and (
        not filters.kinds or found.kind in filters.kinds
    )


def chunk_at(session: Session, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
    """The chunk of the view that covers a line, with its embedding."""
    for found, vector in _of_path(session, view, path, with_vectors=True):
        if found.start_line <= line <= found.end_line:
            return found, chunk.embedding(vector, session.vectors, session.header.dimension)
    return None


def texts(session: Session, ids: Sequence[int | str]) -> list[str | None]:
    """The lines of each chunk; None for one that is gone."""
    if not ids:
        return []
    places = [str(each).split(":") for each in ids]
    versions = list(dict.fromkeys(version for version, _, _ in places))
    (raw,) = session.run(lambda pipe: pipe.mget([session.keys.text(version) for version in versions]))
    there = dict(zip(versions, raw, strict=True))
    spans = [tuple(map(int, span.split("-"))) for _, _, span in places]
    last: dict[str, int] = {}
    for (version, _, _), (_, end) in zip(places, spans, strict=True):
        last[version] = max(end, last.get(version, 0))
    lines = {version: _first_lines(there[version], end) for version, end in last.items()}
    return [
        b"\n".join(lines[version][start - 1 : end]).decode() if there[version] is not None else None
        for (version, _, _), (start, end) in zip(places, spans, strict=True)
    ]


def _first_lines(deflated: bytes | None, count: int) -> list[bytes]:
    """So many lines of a text; no more of it is inflated than that needs: a third of the time of all."""
    if deflated is None:
        return []
    inflating = zlib.decompressobj()
    text = inflating.decompress(deflated, count * LINE_BYTES)
    while text.count(b"\n") < count and inflating.unconsumed_tail:
        text += inflating.decompress(inflating.unconsumed_tail, len(text) + LINE_BYTES)
    return text.split(b"\n", count)[:count]


def _of_path(
    session: Session, view: str, path: str, *, with_vectors: bool
) -> Iterable[tuple[Candidate, bytes | None]]:
    seen = session.load(view)
    shown = seen.contents.files.get(path) if seen else None
    if shown is None or not shown.chunks:
        return []
    version = version_id(path, shown.blob)
    fields = [chunk.PAYLOAD, chunk.VECTOR] if with_vectors else [chunk.PAYLOAD]
    pipe = session.client.pipeline(transaction=False)
    for row in range(shown.chunks):
        pipe.hmget(session.keys.chunk(version, row), fields)
    return [
        (chunk.candidate(f"{version}:{row}".encode(), payload), vectors[0] if vectors else None)
        for row, (payload, *vectors) in enumerate(pipe.execute())
        if payload is not None
    ]


def _with_names(session: Session, tags: Sequence[str], scope: Scope) -> list[Candidate]:
    """The chunks in scope that have one of the names."""
    asked = FEWEST_ASKED
    while True:
        arguments = query.named(tags, scope.condition, asked)
        reply = session.client.execute_command("FT.SEARCH", session.keys.alias, *arguments)
        if int(reply[0]) <= asked or asked >= query.MOST_ASKED:
            break
        asked = min(int(reply[0]) + FEWEST_ASKED, query.MOST_ASKED)
    found = (chunk.candidate(each.key, each.payload) for each in query.answers(reply, session.prefix_length))
    return [each for each in found if scope.shows(each.path, each.blob)]


def _longer(
    session: Session, folded: str, tagged: str, scope: Scope, seen: set[int | str], limit: int
) -> list[Candidate]:
    """Chunks with a name that begins with `folded`, the shortest such name first."""
    names = session.client.zrangebylex(
        session.keys.names, f"({tagged}", f"[{tagged}\x7f", start=0, num=LONGER_NAMES
    )
    ordered = sorted((alphabet.length(name), name) for name in names)
    found: dict[int | str, tuple[int, Candidate]] = {}
    for start in range(0, len(ordered), NAMES_AT_ONCE):
        group = ordered[start : start + NAMES_AT_ONCE]
        if len(found) >= limit and group[0][0] > sorted(length for length, _ in found.values())[limit - 1]:
            break
        for each in _with_names(session, [name.decode() for _, name in group], scope):
            if each.id in seen or each.id in found:
                continue
            all_names = map(fold, spellings(each.symbol, each.qualified_name, each.names))
            lengths = [len(one) for one in all_names if one.startswith(folded) and one != folded]
            if lengths:
                found[each.id] = min(lengths), each
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].path, one[1].start_line))
    return [each for _, each in ranked[:limit]]
