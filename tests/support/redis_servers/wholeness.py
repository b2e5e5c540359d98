"""Whether everything that views in a Redis store show is there, looked at key by key."""

from collections import Counter
from typing import Any

from wherein.store.redis.chunks import chunk
from wherein.store.redis.keys import Keys, indexes
from wherein.store.redis.terms import frequencies
from wherein.store.redis.trees.contents import to_name, version_id
from wherein.store.redis.views.following import Views


def lost(client: Any, prefix: str) -> list[str]:
    """What a view shows and the store lacks; empty where every view is whole."""
    keys = _keys(client, prefix)
    if keys is None:
        return []
    listed = {version.decode(): facts for version, facts in client.hgetall(keys.versions).items()}
    missing = []
    for name in client.hkeys(keys.views):
        seen = Views(keys).load(client, to_name(name))
        assert seen is not None
        if seen.record.files != len(seen.contents.files):
            missing.append(f"{name!r} shows {len(seen.contents.files)} of {seen.record.files} files")
        for path, shown in seen.contents.files.items():
            version = version_id(path, shown.blob)
            if version not in listed:
                missing.append(f"{name!r} shows {path}, which is not listed")
    pipe = client.pipeline(transaction=False)
    wanted = []
    for version, facts in listed.items():
        chunks = int(facts.split()[0])
        wanted += [keys.chunk(version, row) for row in range(chunks)]
    for key in wanted:
        pipe.exists(key)
    return missing + [key for key, there in zip(wanted, pipe.execute(), strict=True) if not there]


def left_over(client: Any, prefix: str) -> list[str]:
    """What is stored and nothing lists, and what is counted wrongly."""
    keys = _keys(client, prefix)
    if keys is None:
        return []
    listed = {version.decode(): facts.split() for version, facts in client.hgetall(keys.versions).items()}
    known = {keys.chunk(version, row) for version, (rows, *_) in listed.items() for row in range(int(rows))}
    found = [key.decode() for key in client.scan_iter(match=f"{_escaped(keys.chunks)}*", count=1000)]
    wrong = [key for key in found if key not in known]
    wrong += [f"pending {version!r}" for version in client.hkeys(keys.pending)]
    chunks, versions = (int(value or 0) for value in client.hmget(keys.meta, ["chunks", "versions"]))
    if (chunks, versions) != (len(known), len(listed)):
        wrong.append(f"counted {chunks} chunks and {versions} versions of {len(known)} and {len(listed)}")
    terms: Counter[int] = Counter()
    for key in known:
        terms.update(map(frequencies.code, (client.hget(key, chunk.TERMS) or b"").decode().split()))
    counted = dict(frequencies.every(client.hgetall(keys.frequencies)))
    if counted != dict(terms):
        wrong.append(f"terms counted {counted} of {dict(terms)}")
    return wrong


def _keys(client: Any, prefix: str) -> Keys | None:
    found = client.hvals(indexes(prefix))
    return Keys(prefix, max(map(int, found))) if found else None


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\*?[]" else letter for letter in text)
