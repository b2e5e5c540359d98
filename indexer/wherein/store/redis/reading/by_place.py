"""Chunks by their place: of a file, at a line, or by their ids."""

from collections.abc import Collection, Sequence
from itertools import islice

from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Embeddings, FileChunks, Filters
from wherein.store.redis.chunks import chunk
from wherein.store.redis.connection.redis_py import Pipeline
from wherein.store.redis.damage import eviction
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import version_id
from wherein.store.redis.views.following import ANSWERS

FILES_AT_ONCE = 50
"""Files whose chunks are read in one round trip."""


def chunks_of(session: Session, view: str, paths: Collection[str]) -> dict[str, list[Candidate]]:
    """All chunks that the view shows of each path, by line."""
    rows = _of_paths(session, view, paths, (chunk.PAYLOAD,))
    return {path: [found for found, _ in each] for path, each in rows.items()}


def files_of(session: Session, view: str, paths: Collection[str]) -> dict[str, FileChunks]:
    """The same, with the lines of each chunk."""
    rows = _of_paths(session, view, paths, (chunk.PAYLOAD, chunk.TEXT))
    return {
        path: FileChunks(
            [found for found, _ in each], ["" if text is None else chunk.text(text) for _, (_, text) in each]
        )
        for path, each in rows.items()
    }


def first_chunks(session: Session, view: str, filters: Filters, limit: int) -> list[Candidate]:
    """The first chunks of the view that the filters let through, by path and line."""
    seen = session.load(view)
    if seen is None or limit <= 0:
        return []
    found: list[Candidate] = []
    matches = path_filter(filters)
    paths = (path for path in sorted(seen.contents.searchable) if matches is None or matches(path))
    while len(found) < limit and (some := list(islice(paths, FILES_AT_ONCE))):
        chunks = chunks_of(session, view, some)
        found += [each for path in some for each in chunks[path] if lets_through(filters, each)]
    return sorted(found, key=lambda each: (each.path, each.start_line))[:limit]


def lets_through(filters: Filters, found: Candidate) -> bool:
    """Whether a chunk is of a language and a kind that the filters want."""
    return (not filters.languages or found.language in filters.languages) and (
        not filters.kinds or found.kind in filters.kinds
    )


def chunk_at(session: Session, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
    """The chunk of the view that covers a line, with its embedding."""
    for found, values in _of_paths(session, view, (path,), (chunk.PAYLOAD, chunk.VECTOR))[path]:
        if found.start_line <= line <= found.end_line:
            return found, chunk.embedding(values[1], session.vectors, session.header.dimension)
    return None


def texts(session: Session, ids: Sequence[int | str]) -> list[str | None]:
    """The lines of each chunk; None for one that is gone."""
    wanted = [str(each) for each in ids]
    keys = {each: key for each in wanted if (key := session.key(each)) is not None}
    there: dict[str, bytes] = {}
    if keys:
        answers = session.run(lambda pipe: [pipe.hget(key, chunk.TEXT) for key in keys.values()])
        there = {each: raw for each, raw in zip(keys, answers, strict=True) if raw is not None}
    return [chunk.text(there[each]) if each in there else None for each in wanted]


def _of_paths(
    session: Session, view: str, paths: Collection[str], fields: Sequence[str]
) -> dict[str, list[tuple[Candidate, list[bytes | None]]]]:
    """The chunks of each path by line, and those fields of each."""
    found: dict[str, list[tuple[Candidate, list[bytes | None]]]] = {path: [] for path in paths}
    seen = session.views.known(view) or session.load(view)
    while seen is not None:
        shown = {path: each for path in found if (each := seen.contents.files.get(path)) is not None}
        asked = [
            (path, each.blob, version, row)
            for path, each in shown.items()
            for version in (version_id(path, each.blob),)
            for row in range(each.chunks)
        ]
        if not asked:
            break

        def fill(pipe: Pipeline, asked: Sequence[tuple[str, str, str, int]] = asked) -> None:
            session.views.ask(pipe, view)
            for _, _, version, row in asked:
                pipe.hmget(session.keys.chunk(version, row), fields)

        replies = session.run(fill)
        seen, rows = session.followed(view, replies[:ANSWERS]), replies[ANSWERS:]
        if seen is not None and all(seen.contents.files.get(path) == shown.get(path) for path in found):
            if any(values[0] is None for values in rows):
                eviction.look(session.run, session.keys)
            for (path, blob, version, row), values in zip(asked, rows, strict=True):
                if values[0] is not None:
                    id = session.id(f"{version}:{row}".encode())
                    found[path].append((chunk.candidate(id, values[0], path, blob), values))
            break
    return found
