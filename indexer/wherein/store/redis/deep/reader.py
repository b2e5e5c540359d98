"""Reading the deep tier: a model's vectors as they are now, and for which views it was whole."""

from collections.abc import Mapping, Sequence

from wherein.store.redis import keys as names
from wherein.store.redis.connection.redis_py import Pipeline, Reply
from wherein.store.redis.deep.local_copy import DeepRows, LocalCopyFile
from wherein.store.redis.deep.on_server import model_in, noted_in, tag_of, vectors, whole_vector
from wherein.store.redis.keys import Keys
from wherein.store.redis.session import Session
from wherein.store.redis.trees.contents import to_bytes


def ask(pipe: Pipeline, keys: Keys, tag: str, rows: DeepRows | None) -> None:
    """Ask what tells a reader whether its rows are still right."""
    pipe.hget(names.deep_models(keys.prefix), tag)
    pipe.xrange(keys.deep_log(tag), rows.last if rows is not None and rows.last else "-", "+")


def followed(session: Session, tag: str, told: Sequence[Reply]) -> DeepRows | None:
    """A model's rows as they are now, by the answers to `ask`; None if there are none."""
    model = model_in(told[0])
    if model is None:
        session.deep.pop(tag, None)
        return None
    rows = session.deep.get(tag)
    if rows is None or rows.dimension != model.dimension:
        rows = DeepRows(model.dimension)
    log = [(entry.decode(), values) for entry, values in told[1]]
    if not log or log[0][0] != rows.last:  # nothing is held, or what came after it is not all there any more
        last = log[-1][0] if log else ""
        (changed,) = session.run(lambda pipe: pipe.hgetall(session.keys.deep_rows(tag)))
        rows = _read(session, tag, rows, last, changed, whole=True)
    elif len(log) > 1:
        versions = sorted({version for _, values in log[1:] for version in values[b"v"].split()})
        (found,) = session.run(lambda pipe: pipe.hmget(session.keys.deep_rows(tag), versions))
        changed = {version: raw or b"" for version, raw in zip(versions, found, strict=True)}
        rows = _read(session, tag, rows, log[-1][0], changed)
    else:
        session.deep[tag] = rows
        return rows
    session.deep[tag] = rows
    if (file := _file(session, tag)) is not None:
        file.keep(rows)
    return rows


def held(session: Session, tag: str) -> DeepRows | None:
    """A model's rows as this process or this machine has them."""
    if tag not in session.deep and (file := _file(session, tag)) is not None:
        rows = file.read()
        if rows is not None:
            session.deep[tag] = rows
    return session.deep.get(tag)


def vectors_of(
    session: Session, models: Sequence[str], contents: Sequence[bytes]
) -> dict[str, dict[bytes, bytes]]:
    """See `DeepTier.deep_vectors`."""
    if not contents:
        return {model: {} for model in models}

    def ask(pipe: Pipeline) -> None:
        for model in models:
            pipe.hmget(names.deep_vectors(session.keys.prefix, tag_of(model)), contents)

    return {
        model: {
            content: data
            for content, raw in zip(contents, values, strict=True)
            if (data := whole_vector(raw)) is not None
        }
        for model, values in zip(models, session.run(ask), strict=True)
    }


def whole(session: Session, view: str) -> list[str]:
    """See `DeepTier.deep_whole`."""
    tagged, raw = session.run(
        lambda pipe: pipe.hgetall(names.deep_models(session.keys.prefix)).hget(
            session.keys.deep_whole, to_bytes(view)
        )
    )
    noted = noted_in(raw)
    found = {
        tag: model.id for each, told in tagged.items() if (model := model_in(told)) and (tag := each.decode())
    }
    return [found[tag] for tag in sorted(noted, key=lambda tag: -noted[tag]) if tag in found]


def _file(session: Session, tag: str) -> LocalCopyFile | None:
    tree_files = session.tree_files
    if tree_files is None:
        return None
    return LocalCopyFile(tree_files.data_dir, session.keys.base, tag)


def _read(
    session: Session,
    tag: str,
    rows: DeepRows,
    last: str,
    changed: Mapping[bytes, bytes],
    *,
    whole: bool = False,
) -> DeepRows:
    lacking = [content for version, joined in changed.items() for content in rows.lacks(version, joined)]
    found = vectors(session.client, session.keys.prefix, tag, list(dict.fromkeys(lacking)))
    return rows.with_changes(last, changed, found, whole=whole)
