"""What a number of repositories will need of a server, from measured figures and from what the server holds now."""

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.address import parse
from wherein.store.redis.connection.connect import connect
from wherein.store.redis.connection.failures import explained
from wherein.store.redis.health.server_facts import gather
from wherein.store.redis.repositories.survey import Survey

BYTES_A_CHUNK = 3_140
"""Measured on 14,900 chunks with 256 dimensions as float16, on a server that keeps a chunk in one block."""

BYTES_A_REPOSITORY = 180_000
"""What a repository of ten chunks takes: a search index, names, a view. If an administrator adds it, three more search
indexes take 54,000 each."""

CHUNKS_A_REPOSITORY = 1_600
"""The average of 32 open-source repositories in 19 languages; asked for where nothing else is known."""

LINES_A_CHUNK = 15
"""Over 19 languages; in Python alone 19."""

HEADROOM = 1.4
"""Memory for each byte that is stored: the allocator's holes take a fifth to a third, a rewrite of the log copies the
pages that change meanwhile."""

LOG = 0.5
"""Bytes of the log for each that is stored; while it is rewritten there are two."""

SECONDS_A_CHUNK = 134 / 660_000
"""Seconds a chunk for which a restarted server answers nobody (LOADING)."""

TELLING = 5_000
"""Chunks that a server must hold for its own bytes a chunk to be believed."""


@dataclass(frozen=True, slots=True)
class Present:
    """What a server holds of a tenant."""

    repositories: int
    chunks: int
    bytes: int
    used: int | None
    """memory of the whole server; None if this user is not told"""
    limit: int | None
    """its maxmemory, 0 where there is none"""


@dataclass(frozen=True, slots=True)
class Need:
    """What is planned, and what it takes."""

    repositories: int
    chunks: int
    """of each"""
    bytes_a_chunk: int
    bytes: int
    """of all indexes"""
    memory: int
    """maxmemory, with all that the server holds of others"""
    disk: int
    restart_seconds: float
    """until a server that was started again answers"""

    @property
    def lines(self) -> int:
        """Of each repository, about."""
        return self.chunks * LINES_A_CHUNK


def held(url: str) -> Present:
    """Ask a server. StoreUnreachable, StoreForbids if this user may not list the repositories."""
    target = parse(url)
    with Survey(url, sizes=True) as survey:
        entries = survey.entries
        chunks = sum(survey.statistics(each.repository).chunk_count for each in entries)
    with explained(target.shown), connect(target) as client:
        info = gather(client).info
    return Present(
        len(entries),
        chunks,
        sum(each.bytes for each in entries),
        None if info is None else int(info["used_memory"]),
        None if info is None else int(info["maxmemory"]),
    )


def needed(there: Present | None, *, repositories: int | None, lines: int | None) -> Need:
    """What so many repositories of so many lines each will need; by default as many as there are, and as large."""
    known = there if there is not None and there.repositories and there.chunks else None
    count = repositories or (known.repositories if known else 1)
    if lines is not None:
        chunks = max(round(lines / LINES_A_CHUNK), 1)
    else:
        chunks = round(known.chunks / known.repositories) if known else CHUNKS_A_REPOSITORY
    own = known.bytes - known.repositories * BYTES_A_REPOSITORY if known else 0
    told = known is not None and known.chunks >= TELLING
    a_chunk = max(round(own / known.chunks), 1) if told and known else BYTES_A_CHUNK
    size = count * (BYTES_A_REPOSITORY + chunks * a_chunk)
    foreign = max((there.used or 0) - there.bytes, 0) if there is not None else 0
    return Need(
        repositories=count,
        chunks=chunks,
        bytes_a_chunk=a_chunk,
        bytes=size,
        memory=round(size * HEADROOM) + foreign,
        disk=round(2 * size * LOG),
        restart_seconds=count * chunks * SECONDS_A_CHUNK,
    )
