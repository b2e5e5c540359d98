"""Chunks by the names they define, and by their place."""

from collections.abc import Sequence
from itertools import islice

from wherein.store.globs import path_filter
from wherein.store.protocol import Candidate, Embeddings, Filters
from wherein.store.redis import alphabet, chunk, evicted, query
from wherein.store.redis.client import Pipeline
from wherein.store.redis.query import Found
from wherein.store.redis.scope import Scope, make_scope
from wherein.store.redis.session import Session
from wherein.store.redis.shown import version_id
from wherein.store.redis.views import ANSWERS
from wherein.store.spellings import fold, spellings

LONGER_NAMES = 5_000
"""Names that begin with what was asked for; of more, the shortest are looked at."""

NAMES_AT_ONCE = 50

FILES_AT_ONCE = 50
"""Whose chunks are listed by one round trip."""

FEWEST_ASKED = 200


def definitions(session: Session, view: str, name: str, filters: Filters, limit: int) -> list[Candidate]:
    """What `Store.definitions` answers: exact names, then case-folded ones, then longer ones."""
    folded = fold(name)
    if not folded or limit <= 0:
        return []
    seen = session.load(view)
    if seen is None:
        return []
    scope = make_scope(seen.contents, filters, session.state.chunks)
    if not scope.versions:
        return []
    whole = _with_names(session, [folded], scope)
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
    return whole + _longer(session, folded, scope, known, limit - len(whole))


def chunks_of(session: Session, view: str, path: str) -> list[Candidate]:
    """All chunks that the view shows of one path, by line."""
    return [found for found, _ in _of_path(session, view, path, (chunk.PAYLOAD,))]


def first_chunks(session: Session, view: str, filters: Filters, limit: int) -> list[Candidate]:
    """The first chunks of the view that the filters let through, by path and line."""
    seen = session.load(view)
    if seen is None or limit <= 0:
        return []
    found: list[Candidate] = []
    matches = path_filter(filters)
    paths = (path for path in sorted(seen.contents.searchable) if matches is None or matches(path))
    while len(found) < limit and (some := list(islice(paths, FILES_AT_ONCE))):
        asked = [
            (path, shown.blob, version_id(path, shown.blob), row)
            for path in some
            for shown in (seen.contents.files[path],)
            for row in range(shown.chunks)
        ]
        payloads = session.run(
            lambda pipe, asked=asked: [  # type: ignore[misc]
                pipe.hget(session.keys.chunk(version, row), chunk.PAYLOAD) for _, _, version, row in asked
            ]
        )
        if None in payloads:
            evicted.look(session.run, session.keys)
        for (path, blob, version, row), payload in zip(asked, payloads, strict=True):
            if payload is not None:
                each = chunk.candidate(session.id(f"{version}:{row}".encode()), payload, path, blob)
                if lets_through(filters, each):
                    found.append(each)
    return sorted(found, key=lambda each: (each.path, each.start_line))[:limit]


def lets_through(filters: Filters, found: Candidate) -> bool:
    """Whether a chunk is of a language and a kind that the filters want."""
    return (not filters.languages or found.language in filters.languages) and (
        not filters.kinds or found.kind in filters.kinds
    )


def chunk_at(session: Session, view: str, path: str, line: int) -> tuple[Candidate, Embeddings] | None:
    """The chunk of the view that covers a line, with its embedding."""
    for found, values in _of_path(session, view, path, (chunk.PAYLOAD, chunk.VECTOR)):
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


def _of_path(
    session: Session, view: str, path: str, fields: Sequence[str]
) -> list[tuple[Candidate, list[bytes | None]]]:
    """The chunks of a path by line, and those fields of each."""
    seen = session.views.known(view) or session.load(view)
    while seen is not None:
        shown = seen.contents.files.get(path)
        if shown is None or not shown.chunks:
            return []
        version = version_id(path, shown.blob)

        def fill(pipe: Pipeline, version: str = version, chunks: int = shown.chunks) -> None:
            session.views.ask(pipe, view)
            for row in range(chunks):
                pipe.hmget(session.keys.chunk(version, row), fields)

        replies = session.run(fill)
        now, rows = session.followed(view, replies[:ANSWERS]), replies[ANSWERS:]
        if now is not None and now.contents.files.get(path) == shown:
            if any(values[0] is None for values in rows):
                evicted.look(session.run, session.keys)
            return [
                (
                    chunk.candidate(session.id(f"{version}:{row}".encode()), values[0], path, shown.blob),
                    values,
                )
                for row, values in enumerate(rows)
                if values[0] is not None
            ]
        seen = now
    return []


def _with_names(session: Session, folded: Sequence[str], scope: Scope) -> list[Candidate]:
    """The chunks in scope that have one of the names."""
    tags = list(map(alphabet.name, folded))
    asked = FEWEST_ASKED
    while True:
        arguments = query.named(tags, scope.condition, asked)
        reply, info = session.run(
            lambda pipe, arguments=arguments: evicted.ask(  # type: ignore[misc]
                pipe.execute_command("FT.SEARCH", session.keys.alias, *arguments), session.keys
            )
        )
        evicted.check(session.run, session.keys, info, session.state.chunks)
        if int(reply[0]) <= asked or asked >= query.MOST_ASKED:
            break
        asked = min(int(reply[0]) + FEWEST_ASKED, query.MOST_ASKED)
    return _shown(session, query.answers(reply, session.prefix_length), scope)


def _shown(session: Session, found: Sequence[Found], scope: Scope) -> list[Candidate]:
    return [
        scope.candidate(session.id(each.key), each, each.payload)
        for each in found
        if each.payload is not None and scope.path(each.version) is not None
    ]


def _longer(session: Session, folded: str, scope: Scope, seen: set[int | str], limit: int) -> list[Candidate]:
    """Chunks with a name that begins with `folded`, the shortest such name first."""
    ordered = session.book().beginning(folded)[:LONGER_NAMES]
    found: dict[int | str, tuple[int, Candidate]] = {}
    for start in range(0, len(ordered), NAMES_AT_ONCE):
        group = ordered[start : start + NAMES_AT_ONCE]
        if len(found) >= limit and len(group[0]) > sorted(length for length, _ in found.values())[limit - 1]:
            break
        for each in _with_names(session, group, scope):
            if each.id in seen or each.id in found:
                continue
            all_names = map(fold, spellings(each.symbol, each.qualified_name, each.names))
            lengths = [len(one) for one in all_names if one.startswith(folded) and one != folded]
            if lengths:
                found[each.id] = min(lengths), each
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1].path, one[1].start_line))
    return [each for _, each in ranked[:limit]]
