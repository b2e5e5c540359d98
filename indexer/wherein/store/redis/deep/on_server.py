"""The deep tier on the server: vectors by content, which a repository's generations share, and which chunk has which.

There is no search index over them: it would take two kilobytes a chunk and model instead of half a kilobyte, and the
right to make an index for each new model. Readers keep a copy (`local_copy.py`); a log tells them what is new.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b

from redis.exceptions import ResponseError

from wherein.store.deep import CONTENT_BYTES, DeepModel
from wherein.store.description import DESCRIBED
from wherein.store.redis import keys as names
from wherein.store.redis.connection.redis_py import Client, Pipeline
from wherein.store.redis.keys import Keys
from wherein.store.redis.locks.right_to_write import Right
from wherein.store.redis.summed import whole

GRACE_DAYS = 14.0
"""Days for which the vectors of a model are kept after another model has replaced it, to go back to."""

CLAIMED = 60
"""Seconds for which a claim on a text lasts: many times what a batch takes; others wait for so long if the claimer
dies."""

VALUES_AT_ONCE = 1_000
DELETED_AT_ONCE = 500

OVERHEAD = 150
"""Bytes that a vector takes on the server beside itself, with what points to it (8,000 of 384 dimensions: 532 each)."""


def tag_of(model: str) -> str:
    """What a model is called in keys."""
    return blake2b(model.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def models(client: Client, prefix: str) -> dict[str, DeepModel]:
    """Tag → model, for all models with vectors. Damaged entries of the list are skipped."""
    pipe = client.pipeline(transaction=False)
    listed = ask_models(pipe, prefix, client.hgetall(names.deep_models(prefix)))
    counts = pipe.execute() if listed else []
    return {
        tag: DeepModel(model.id, model.dimension, model.setting, model.used, count)
        for (tag, model), count in zip(listed.items(), counts, strict=True)
    }


def ask_models(pipe: Pipeline, prefix: str, told: Mapping[bytes, bytes]) -> dict[str, DeepModel]:
    """The models of the list, as HGETALL answers it; the pipeline is asked how many vectors each has."""
    found = {tag.decode(): model for tag, raw in told.items() if (model := model_in(raw)) is not None}
    for tag in found:
        pipe.hlen(names.deep_vectors(prefix, tag))
    return found


def taken(client: Client, prefix: str) -> int:
    """Bytes that the deep tier of a repository takes, about."""
    found = models(client, prefix)
    return taken_by(found, [each.vectors for each in found.values()])


def taken_by(listed: Mapping[str, DeepModel], counts: Iterable[int]) -> int:
    """The same of models that have so many vectors."""
    return sum(
        count * (model.dimension + OVERHEAD) for model, count in zip(listed.values(), counts, strict=True)
    )


def known(client: Client, prefix: str, model: str, contents: Iterable[bytes]) -> set[bytes]:
    """Those of the contents of which there is a vector."""
    return set(vectors(client, prefix, tag_of(model), list(contents)))


def claim(client: Client, prefix: str, model: str, contents: Sequence[bytes]) -> set[bytes]:
    """Take those of the contents that nobody else embeds."""
    pipe = client.pipeline(transaction=False)
    for content in contents:
        pipe.set(names.deep_claim(prefix, tag_of(model), content), b"1", nx=True, ex=CLAIMED)
    return {content for content, taken in zip(contents, pipe.execute(), strict=True) if taken}


def forget(client: Client, right: Right, every: Iterable[Keys], prefix: str, tag: str) -> int:
    """Delete all vectors of a model, of whichever generation; how many there were."""
    count = int(client.hlen(names.deep_vectors(prefix, tag)))
    gone = [key for keys in every for key in (keys.deep_rows(tag), keys.deep_log(tag))]
    right.commit(
        [("HDEL", names.deep_models(prefix), tag), ("UNLINK", names.deep_vectors(prefix, tag), *gone)]
    )
    return count


def collect(
    client: Client, right: Right, keys: Keys, every: Iterable[Keys], versions: Iterable[str], now: float
) -> None:
    """Delete the rows of file versions that are not stored any more, the vectors that no generation has, and models
    that are out of use for long, by the holder of the right to write."""
    listed = {version.encode() for version in versions}
    generations = list(every)
    found = models(client, keys.prefix)
    # the last one stays, since searches note nothing; and so do descriptions, which are no model
    last = max((model.used for model in found.values() if model.id != DESCRIBED), default=0.0)
    for tag, model in found.items():
        if model.id != DESCRIBED and model.used < min(last, now - GRACE_DAYS * 86_400):
            forget(client, right, generations, keys.prefix, tag)
            continue
        dead = [version for version in client.hkeys(keys.deep_rows(tag)) if version not in listed]
        _delete(right, keys.deep_rows(tag), dead)
        used = {
            joined[at : at + CONTENT_BYTES]
            for each in generations
            for joined in client.hvals(each.deep_rows(tag))
            for at in range(0, len(joined), CONTENT_BYTES)
        }
        kept_in = names.deep_vectors(keys.prefix, tag)
        _delete(right, kept_in, [content for content in client.hkeys(kept_in) if content not in used])
    shown = client.hkeys(keys.views)
    _delete(right, keys.deep_whole, [view for view in client.hkeys(keys.deep_whole) if view not in shown])


def _delete(right: Right, key: str, fields: Sequence[bytes]) -> None:
    for start in range(0, len(fields), DELETED_AT_ONCE):
        right.commit([("HDEL", key, *fields[start : start + DELETED_AT_ONCE])])


def keys_of(client: Client, keys: Keys) -> list[str]:
    """What a generation has of the deep tier, to be deleted with it."""
    tags = _tags(client, keys.prefix)
    return [keys.deep_whole, *(key for tag in tags for key in (keys.deep_rows(tag), keys.deep_log(tag)))]


def keys_of_all(client: Client, prefix: str) -> list[str]:
    """What the generations of a repository share of it."""
    tags = _tags(client, prefix)
    return [names.deep_models(prefix), *(names.deep_vectors(prefix, tag) for tag in tags)]


def _tags(client: Client, prefix: str) -> list[str]:
    """The tags of all models; none if their list is damaged, which must not prevent the deletion of everything."""
    with suppress(ResponseError, UnicodeDecodeError):
        return [tag.decode() for tag in client.hkeys(names.deep_models(prefix))]
    return []


def model_in(raw: bytes | None) -> DeepModel | None:
    """A model as it is noted; None for what cannot be read."""
    try:
        told = json.loads(raw or b"")
        return DeepModel(str(told["id"]), int(told["dimension"]), str(told["setting"]), float(told["used"]))
    except (ValueError, KeyError, TypeError):
        return None


def vectors(client: Client, prefix: str, tag: str, contents: Sequence[bytes]) -> dict[bytes, bytes]:
    """Those of the contents of which there is a vector, as int8."""
    found: dict[bytes, bytes] = {}
    for start in range(0, len(contents), VALUES_AT_ONCE):
        some = contents[start : start + VALUES_AT_ONCE]
        values = client.hmget(names.deep_vectors(prefix, tag), some)
        found |= {
            content: data
            for content, raw in zip(some, values, strict=True)
            if (data := whole_vector(raw)) is not None
        }
    return found


def whole_vector(raw: bytes | None) -> bytes | None:
    """A vector as it was written; None if it is not there, or damaged."""
    try:
        return None if raw is None else whole(raw)
    except ValueError:
        return None


def noted_in(raw: bytes | None) -> dict[str, float]:
    """For each model, by its tag, when it was noted that it is whole for a view."""
    try:
        return {str(tag): float(when) for tag, when in json.loads(raw or b"{}").items()}
    except (ValueError, AttributeError, TypeError):
        return {}
