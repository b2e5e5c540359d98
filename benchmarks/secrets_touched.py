#!/usr/bin/env python3
"""How many chunks the masking of secrets touches, in code that should hold none.

    benchmarks/secrets_touched.py FOLDER …

Every place that is masked is printed, to be looked at by hand; then how many files, chunks, and chunks with a mask.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from wherein.chunking import chunker
from wherein.chunking.decode import decode
from wherein.languages import registry
from wherein.secrets.files import holds_secrets
from wherein.secrets.find import find
from wherein.skips import SkipReason

MOST_BYTES = 1_000_000


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files that an index would hold, by and large."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for path in (Path(place, name) for name in sorted(names)):
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
                continue
            text = decode(path.read_bytes())
            if not isinstance(text, SkipReason) and not holds_secrets(path.name, text):
                yield path, text


def main() -> None:
    """Count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    files = chunks = touched = 0
    for folder in parser.parse_args().folders:
        for path, text in texts(folder):
            files += 1
            language = registry.detect(path.name, text[: chunker.HEAD_CHARACTERS])
            spans = [(chunk.start_line, chunk.end_line) for chunk in chunker.chunk(path.name, text, language)]
            chunks += len(spans)
            lines = {text.count("\n", 0, start) + 1: rule for start, _, rule in find(text, language.name)}
            touched += sum(any(first <= line <= last for line in lines) for first, last in spans)
            for line, rule in lines.items():
                print(f"{path}:{line}: {rule}")
    print(
        f"{files:,} files, {chunks:,} chunks, {touched:,} touched: {10_000 * touched / max(chunks, 1):.2f} in 10,000"
    )


if __name__ == "__main__":
    main()
