"""Write the list of the commonest terms of code, which makes profiles smaller in Redis (`terms/term_codes.py` there).

scripts/make_common_terms.py REPOSITORY...

Each repository counts by the root of its size. The order is part of what is stored: after a change raise SCHEMA.
"""

import base64
import sys
import textwrap
from collections import Counter
from pathlib import Path

from wherein.embedding.open import open_embedder
from wherein.git.open import open_source
from wherein.git.source import SourceSettings
from wherein.indexing.prepare import Content, prepare
from wherein.profile import term_hashes
from wherein.store.redis.terms.term_codes import FILE, HASH_BYTES, KNOWN

MOST_CHUNKS = 4_000
"""Of a repository."""

AT_ONCE = 32
"""Files."""


def counted(folder: Path) -> tuple[Counter[int], int]:
    """How many chunks of a repository hold each term, by its hash; and how many chunks these are."""
    terms: Counter[int] = Counter()
    chunks = 0
    embedder = open_embedder(None)
    source = open_source(folder, settings=SourceSettings())
    try:
        files = sorted(source.listing().files.items(), key=lambda file: file[1])  # by their content: a sample
        for start in range(0, len(files), AT_ONCE):
            some = [Content(path, blob, source.read(path)) for path, blob in files[start : start + AT_ONCE]]
            for version in prepare(some, embedder):
                for chunk in version.chunks:
                    terms.update(term_hashes(chunk.profile))
                    chunks += 1
            if chunks >= MOST_CHUNKS:
                break
    finally:
        source.close()
    return terms, chunks


def main() -> None:
    """Run from the command line."""
    weighed: Counter[int] = Counter()
    for name in sys.argv[1:]:
        terms, chunks = counted(Path(name))
        for term, count in terms.items():
            weighed[term] += count / max(chunks, 1) ** 0.5  # type: ignore[assignment]
        print(f"{name}: {chunks} chunks", file=sys.stderr)
    best = sorted(weighed, key=lambda term: (-weighed[term], term))[:KNOWN]
    raw = b"".join(term.to_bytes(HASH_BYTES, "little") for term in best)
    FILE.write_text("\n".join(textwrap.wrap(base64.b64encode(raw).decode(), 108)) + "\n", "ascii")


if __name__ == "__main__":
    main()
