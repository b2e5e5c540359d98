"""A farm's state, in the text format of Prometheus. No repository is a label: ten thousand would be too many."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from wherein_server.farm.status import FarmStatus

OUTCOMES = ("indexed", "kept", "failed", "aside")
"""Of runs: indexed anew, found indexed, failed, set aside."""

ANSWERS = ("queued", "known", "ignored", "refused", "unknown")
"""To webhooks: handed out, had before, of no interest, not signed as it should be, for an unknown repository."""


class FarmState(Collector):
    """A status as metrics."""

    def __init__(self, status: FarmStatus) -> None:
        self._status = status

    def collect(self) -> Iterable[Metric]:
        """One family a kind of number."""
        status = self._status
        yield _by("wherein_farm_repositories", "Repositories by state.", "state", status.states)
        yield _by("wherein_farm_queued", "Jobs waiting for a worker, by purpose.", "why", status.queued)
        yield GaugeMetricFamily(
            "wherein_farm_running", "Jobs that a worker is doing.", value=len(status.running)
        )
        yield GaugeMetricFamily(
            "wherein_farm_workers", "Workers heard from recently.", value=len(status.workers)
        )
        yield GaugeMetricFamily(
            "wherein_farm_scheduler_up", "Whether a scheduler is running.", value=float(status.scheduler)
        )
        yield GaugeMetricFamily(
            "wherein_farm_oldest_wanted_seconds",
            "How long the longest-waiting commit has been waiting, in seconds.",
            value=status.oldest_wanted,
        )
        yield GaugeMetricFamily(
            "wherein_farm_longest_unpolled_seconds",
            "Seconds since the least recently polled remote was polled.",
            value=status.longest_unpolled,
        )
        failing = sum(1 for each in status.listed.values() if each["problem"])
        yield GaugeMetricFamily(
            "wherein_farm_lists_failing",
            "Organisations whose list could not be fetched the last time.",
            value=failing,
        )
        runs = CounterMetricFamily("wherein_farm_runs", "Runs of jobs, by outcome.", labels=["outcome"])
        for outcome in OUTCOMES:
            runs.add_metric([outcome], status.totals.get(outcome, 0.0))
        yield runs
        yield CounterMetricFamily(
            "wherein_farm_run_seconds",
            "Duration of finished runs, in seconds.",
            value=status.totals.get("seconds", 0.0),
        )
        yield CounterMetricFamily(
            "wherein_farm_embedded",
            "File versions split into chunks and embedded.",
            value=status.totals.get("embedded", 0.0),
        )
        webhooks = CounterMetricFamily("wherein_farm_webhooks", "Webhooks, by outcome.", labels=["answer"])
        for answer in ANSWERS:
            webhooks.add_metric([answer], status.totals.get(f"webhook:{answer}", 0.0))
        yield webhooks


def exposition(status: FarmStatus) -> str:
    """The text that a Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(FarmState(status))
    return generate_latest(registry).decode()


def _by(name: str, told: str, label: str, numbers: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=[label])
    for value, number in numbers.items():
        family.add_metric([value], number)
    return family
