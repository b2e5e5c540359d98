"""The metrics for Prometheus."""

import time
from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from wherein import __version__

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; a page is to have its results within .15."""

MOST_NAMED = 1_000
"""Repositories with figures of their own: each is a further series."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def size_of(repositories: int) -> str:
    """The class of a search by how many repositories it asks."""
    return next(
        (name for most, name in ((1, "1"), (10, "2-10"), (100, "11-100")) if repositories <= most), "101-"
    )


class Metrics:
    """Of one server; may be told from several threads."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a second series for each, which nobody reads
        self.registry = CollectorRegistry()
        own = self.registry
        self._requests = Counter(
            "wherein_http_requests", "Requests answered", ("route", "method", "status"), registry=own
        )
        self._seconds = Histogram(
            "wherein_http_request_seconds",
            "Time until the end of an answer",
            ("route",),
            buckets=BUCKETS,
            registry=own,
        )
        self._searches = Histogram(
            "wherein_search_seconds",
            "Time of a search alone, by how many repositories it asked",
            ("repositories",),
            buckets=BUCKETS,
            registry=own,
        )
        self._errors = Counter(
            "wherein_errors", "Requests that failed because of a fault in the server", ("kind",), registry=own
        )
        self._store = Gauge("wherein_store_up", "Whether the store could be read the last time", registry=own)
        self._known = Gauge("wherein_repositories", "Repositories that can be searched", registry=own)
        self._left_out = Gauge(
            "wherein_repositories_left_out", "Repositories whose names are disputed", registry=own
        )
        self._oldest = Gauge(
            "wherein_index_age_max_seconds", "Seconds since the oldest index was written", registry=own
        )
        self._updated = Gauge(
            "wherein_index_updated_timestamp_seconds",
            "When an index was last written",
            ("repository",),
            registry=own,
        )
        self._complete = Gauge(
            "wherein_index_complete",
            "Whether an index covers its whole repository",
            ("repository",),
            registry=own,
        )
        self._chunks = Gauge(
            "wherein_index_chunks", "Chunks that can be found", ("repository",), registry=own
        )
        info = Gauge("wherein_build_info", "The version that is running", ("version",), registry=own)
        info.labels(__version__).set(1)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        method = method if method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS") else "other"
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def search(self, repositories: int, seconds: float) -> None:
        """A search was made."""
        self._searches.labels(size_of(repositories)).observe(seconds)

    def error(self, kind: str) -> None:
        """Something failed that should not have."""
        self._errors.labels(kind).inc()

    def store(self, up: bool) -> None:
        """Whether the store could be read."""
        self._store.set(up)

    def indexes(self, told: Iterable[tuple[str, float | None, bool, int]], left_out: int) -> None:
        """What there is: repository, when it was written, whether it is complete, its chunks."""
        for gauge in (self._updated, self._complete, self._chunks):
            gauge.clear()
        known = list(told)
        for name, updated, complete, chunks in known[:MOST_NAMED]:
            if updated is not None:
                self._updated.labels(name).set(updated)
            self._complete.labels(name).set(complete)
            self._chunks.labels(name).set(chunks)
        self._known.set(len(known))
        self._left_out.set(left_out)
        oldest = min((updated for _, updated, *_ in known if updated is not None), default=None)
        self._oldest.set(0 if oldest is None else max(0.0, time.time() - oldest))

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self.registry)
