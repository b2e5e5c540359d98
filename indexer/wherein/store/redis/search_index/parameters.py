"""How the search index of a repository is built: what may be chosen, and what was."""

from collections.abc import Mapping

from wherein.quick_dataclass import dataclass

FLAT_UP_TO = 100_000
"""Chunks. Below, vectors are scanned exactly; above, an HNSW graph is searched. Measured at 200,000 chunks of 384
dimensions: exact 7.6 ms a query, graph 0.6 ms with recall .95; but the graph is built at a fifth of the speed and
loaded in 21 s instead of 4 s at 50,000. Whole queries at 50,000, 100,000 and 200,000 chunks, on a busy machine: exact
30, 49 and 68 ms, graph 27, 55 and 38 (docs/redis.md)."""

M = 16
EF_CONSTRUCTION = 200
EF_RUNTIME = 256
"""Measured at 200,000 chunks: recall@10 is .93 with 64, .95 with 128, .96 with 256, in 0.35, 0.55 and 0.97 ms."""

NEWEST_VECTORS = "int8"
BEST = (NEWEST_VECTORS, "float16")
"""Types of numbers in vectors; the first that the server has is used. Bytes, since Redis 8, halve both copies of a
vector, in the chunk and in the index. float16 takes half of float32's memory; cosines differ by less than .001, with
int8 by less than .01."""

BLOCK = 64
"""Vectors that an exact scan's memory grows by. The server's own 1,024 are 0.5 MB for a repository of ten chunks."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of an index; each can be given in the store's URL."""

    flat_up_to: int = FLAT_UP_TO
    m: int = M
    ef_construction: int = EF_CONSTRUCTION
    ef_runtime: int = EF_RUNTIME
    vectors: str = ""
    """empty: the BEST that the server has"""

    def algorithm(self, chunks: int) -> str:
        """FLAT or HNSW, for so many chunks."""
        return "FLAT" if chunks <= self.flat_up_to else "HNSW"

    def vector_field(self, algorithm: str, dimension: int) -> list[object]:
        """The part of FT.CREATE that declares the vectors."""
        arguments: list[object] = [
            "TYPE",
            self.vectors.upper(),
            "DIM",
            dimension,
            "DISTANCE_METRIC",
            "COSINE",
        ]
        if algorithm == "FLAT":
            arguments += ["BLOCK_SIZE", BLOCK]
        else:
            arguments += ["M", self.m, "EF_CONSTRUCTION", self.ef_construction, "EF_RUNTIME", self.ef_runtime]
        return ["VECTOR", algorithm, len(arguments), *arguments]


def chosen(options: Mapping[str, str], stored: Mapping[str, str]) -> Parameters:
    """What the URL says, else what the index was built with, else the defaults: two people who use one store without
    saying anything never rebuild it for each other."""
    merged = {**stored, **options}
    return Parameters(
        flat_up_to=int(merged.get("flat_up_to", FLAT_UP_TO)),
        m=int(merged.get("m", M)),
        ef_construction=int(merged.get("ef_construction", EF_CONSTRUCTION)),
        ef_runtime=int(merged.get("ef_runtime", EF_RUNTIME)),
        vectors=merged.get("vectors", ""),
    )
