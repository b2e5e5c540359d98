"""semble at work: indexes repositories and answers questions about them, and says how long each took.

Run by the Python of semble's environment: `PYTHON semble_worker.py MODEL`. A line of JSON in, {"path", "queries"}, a
line of JSON out: {"index_seconds", "query_seconds", "results": [[[path, start, end], …], …], "chunks"}.
SEMBLE_INDEX_WORKERS says how many processes index.
"""

import json
import logging
import sys
import time

from semble import SembleIndex

SLOTS = 10


def main() -> None:
    """Answer until standard input ends."""
    logging.disable(logging.WARNING)
    model = sys.argv[1]
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.perf_counter()
        index = SembleIndex.from_path(asked["path"], model_path=model)
        index_seconds = time.perf_counter() - began
        results, query_seconds = [], []
        for query in asked["queries"]:
            began = time.perf_counter()
            found = index.search(query, top_k=SLOTS)
            query_seconds.append(time.perf_counter() - began)
            results.append([[hit.chunk.file_path, hit.chunk.start_line, hit.chunk.end_line] for hit in found])
        answer = {
            "index_seconds": index_seconds,
            "query_seconds": query_seconds,
            "results": results,
            "chunks": index.stats.total_chunks,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":  # its worker processes import this file
    main()
