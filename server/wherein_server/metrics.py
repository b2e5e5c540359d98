"""What was counted on this machine, in the text format of Prometheus."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from wherein.measured.tally import BUCKETS, Tallies, Tally

if TYPE_CHECKING:
    from wherein.status import DeepStatus

LABELS = ("what", "by")

COUNTERS = {
    "updated_files": ("files", "Files that updates found to be added or changed."),
    "updated_files_read": (
        "embedded",
        "Those of them that were not in the store yet, and were split into chunks and embedded.",
    ),
    "updated_chunks": ("chunks", "Chunks that updates wrote."),
    "answer_prompt_tokens": ("prompt_tokens", "Prompt tokens sent to language models."),
    "answer_tokens": ("completion_tokens", "Tokens that language models generated."),
    "deep_tokens": ("tokens", "Tokens sent to embedding servers for the deep tier."),
    "described": ("described", "Sentences that language models wrote about definitions."),
    "second_looks": ("second_looks", "Searches whose best candidates were embedded for them."),
}
"""Name → which of a note's numbers it adds up, and its help."""


class Counted(Collector):
    """Tallies as metrics."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies

    def collect(self) -> Iterable[Metric]:
        """One family a kind of number."""
        durations = HistogramMetricFamily(
            "wherein_seconds", "How long questions, updates and answers took.", labels=LABELS
        )
        for labels, tally in self._each():
            durations.add_metric(labels, _buckets(tally), tally.seconds)
        yield durations
        empty = CounterMetricFamily("wherein_nothing_found", "Questions that found nothing.", labels=LABELS)
        failed = CounterMetricFamily(
            "wherein_failed", "Questions, updates and answers that ended in an error.", labels=LABELS
        )
        cached = CounterMetricFamily(
            "wherein_answers_from_cache", "Answers given without asking a model.", labels=LABELS
        )
        for labels, tally in self._each():
            empty.add_metric(labels, tally.empty)
            failed.add_metric(labels, tally.failed)
            cached.add_metric(labels, tally.cached)
        yield from (empty, failed, cached)
        for name, (number, help_text) in COUNTERS.items():
            family = CounterMetricFamily(f"wherein_{name}", help_text, labels=LABELS)
            for labels, tally in self._each():
                if number in tally.sums:
                    family.add_metric(labels, tally.sums[number])
            yield family

    def _each(self) -> Iterator[tuple[tuple[str, str], Tally]]:
        return iter(sorted(self._tallies.of.items()))


def exposition(tallies: Tallies, deep: "tuple[str, DeepStatus] | None" = None) -> str:
    """The text that a Prometheus reads, or its node exporter from a file; `deep` is a repository's deep tier."""
    registry = CollectorRegistry()
    registry.register(Counted(tallies))
    if deep is not None:
        repository, status = deep
        for name, number, help_text in (
            ("wherein_deep_chunks", status.chunks, "Chunks of a repository's view."),
            ("wherein_deep_filled", status.filled, "Those of them that the deep model has embedded."),
        ):
            gauge = Gauge(name, help_text, ("repository", "model"), registry=registry)
            gauge.labels(repository, status.model or status.setting).set(number or 0)
    return generate_latest(registry).decode()


def _buckets(tally: Tally) -> list[tuple[str, float]]:
    bounds = [*map(str, BUCKETS), "+Inf"]
    return list(zip(bounds, map(float, accumulate(tally.buckets)), strict=True))
