"""wherein at work, as semble_worker.py says: a first index of each repository, written to disk, then the questions.

`PYTHON wherein_worker.py`; the indexes are thrown away.
"""

import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import wherein
from wherein.config.settings import Settings

SLOTS = 10


def main() -> None:
    """Answer until standard input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryDirectory() as work:
            settings = replace(Settings(), data_dir=Path(work))
            began = time.perf_counter()
            with wherein.open_index(asked["path"], settings=settings) as index:
                index.update()
                index_seconds = time.perf_counter() - began
                results, query_seconds = [], []
                for query in asked["queries"]:
                    began = time.perf_counter()
                    found = index.search(query, limit=SLOTS)
                    query_seconds.append(time.perf_counter() - began)
                    results.append([[hit.path, hit.start_line, hit.end_line] for hit in found])
                chunks = index.status(check=False).chunks
        answer = {
            "index_seconds": index_seconds,
            "query_seconds": query_seconds,
            "results": results,
            "chunks": chunks,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
