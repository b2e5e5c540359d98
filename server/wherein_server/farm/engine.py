"""The queue: RQ, restricted to what a farm needs.

RQ keeps jobs in Redis lists by urgency, moves one to a list of its own while a worker takes it, records who works on it
as long as that worker shows signs of life, and hands out again what a dead worker had. docs/scale.md says why it was
chosen, and when that should change.

What a job does is not part of it: a job is a name, of a repository and a commit. So whoever may write to the queue
cannot have workers run anything else, and nothing there is unpickled.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal

from wherein.errors import ConfigError
from wherein.extras import install_command
from wherein_server.farm.entry import QUEUES, Why
from wherein_server.farm.keys import prefix

if TYPE_CHECKING:
    import redis
    from rq import Queue

Ended = Literal["asked", "refused", "idle", "broken"]
"""Why a worker came back: it was told to, may not work, found nothing more to do, or lost its broker."""

MOST_DEATHS = 10
"""Workers that a job may lose before RQ itself gives it up. The ledger counts them as well, and allows fewer."""

QUEUE_FULL = 2_000
"""Jobs in one queue. Whatever else is wanted waits in the ledger, and is handed out when there is room."""


class Engine:
    """The queues of a tenant's farm."""

    def __init__(self, client: "redis.Redis", tenant: str, *, job_seconds: int = 7200) -> None:
        _load(tenant)
        from wherein_server.farm.rq_parts import FarmJob, FarmQueue

        self.client = client
        self.tenant = tenant
        self.job_seconds = job_seconds
        self.queues = [
            FarmQueue(name, connection=client, job_class=FarmJob, serializer="json") for name in QUEUES
        ]
        self._job = FarmJob

    def hand_out(self, identity: str, commit: str, why: Why) -> bool:
        """Queue a repository at a commit. Returns False if it is already queued or being worked on, or the queue is
        full."""
        from rq import Retry
        from rq.exceptions import DuplicateJobError

        queue = self.queues[QUEUES.index(why)]
        if queue.count >= QUEUE_FULL:
            return False
        name = job_name(identity, commit)
        try:
            queue.enqueue(
                "wherein_server.farm.job.run",
                job_id=name,
                unique=True,
                retry=Retry(max=MOST_DEATHS),
                job_timeout=self.job_seconds,
                result_ttl=0,
                failure_ttl=86_400,
            )
        except DuplicateJobError:
            if why == "push":
                self._forward(name)
            return self._revived(name, why)
        return True

    def _forward(self, name: str) -> None:
        """What was queued as less urgent is now wanted by a push."""
        first, *others = self.queues
        for queue in others:
            if self.client.lrem(queue.key, 1, name):
                self.client.hset(self._job.key_for(name), "origin", first.name)
                self.client.rpush(first.key, name)

    def _revived(self, name: str, why: Why) -> bool:
        """Whether a job that exists, but that nobody has, was queued again: the server lost its place in a list, or it
        ended as failed."""
        from rq.exceptions import NoSuchJobError

        from wherein_server.farm.rq_parts import gone_after

        try:
            job = self._job.fetch(name, connection=self.client, serializer="json")
        except NoSuchJobError:
            return False
        state = job.get_status(refresh=False)
        if state is not None and state.value == "started" and self._at_work(name):
            return False
        if any(self.client.lpos(key, name) is not None for queue in self.queues for key in _lists(queue)):
            return False
        if job.enqueued_at is not None and time.time() - job.enqueued_at.timestamp() < gone_after():
            return False
        self._forget(name)
        return self.hand_out(name.rpartition("-")[0], name.rpartition("-")[2], why)

    def _forget(self, name: str) -> None:
        """Delete a job. RQ's own way fails if part of it is already gone."""
        with self.client.pipeline() as pipe:
            pipe.delete(self._job.key_for(name))
            for queue in self.queues:
                pipe.zrem(queue.failed_job_registry.key, name)
            pipe.execute()

    def _at_work(self, name: str) -> bool:
        return any(name in queue.started_job_registry.get_job_ids(cleanup=False) for queue in self.queues)

    def has(self, identity: str, commit: str) -> bool:
        """Whether a job of that name exists, in whatever state."""
        return bool(self.client.exists(self._job.key_for(job_name(identity, commit))))

    def names(self) -> set[str]:
        """The names of all jobs that are queued or being worked on."""
        found: set[Any] = set()
        for queue in self.queues:
            for key in _lists(queue):
                found.update(self.client.lrange(key, 0, -1))
        return {name.decode() for name in found} | set(self.running())

    def is_among(self, identity: str, commit: str, names: set[str]) -> bool:
        """Whether that job is one of these."""
        return job_name(identity, commit) in names

    def lengths(self) -> dict[str, int]:
        """How many jobs are queued, by what they are for."""
        return {queue.name: queue.count for queue in self.queues}

    def running(self) -> list[str]:
        """The names of jobs that are being worked on."""
        return [
            name for queue in self.queues for name in queue.started_job_registry.get_job_ids(cleanup=False)
        ]

    def workers(self) -> list[dict[str, Any]]:
        """Workers with a recent sign of life."""
        from wherein_server.farm.rq_parts import FarmWorker

        found = FarmWorker.all(
            connection=self.client, job_class=self._job, queue_class=type(self.queues[0]), serializer="json"
        )
        return [
            {
                "name": each.name,
                "host": each.hostname,
                "pid": each.pid,
                "state": each.get_state(),
                "job": each.get_current_job_id(),
                "heard": each.last_heartbeat.timestamp() if each.last_heartbeat else None,
            }
            for each in found
        ]

    def work(
        self, run: Callable[[str, str], None], *, may_work: Callable[[], bool], burst: bool = False
    ) -> Ended:
        """Take jobs until told to end, most urgent first; with `burst`, until there are none. `run` is called with a
        repository's id and a commit, in a process of its own; `may_work` is asked before each job.

        Errors of Redis are raised, or end it as "broken".
        """
        from wherein_server.farm.rq_parts import FarmJob, FarmWorker, heartbeat

        if not hasattr(os, "fork"):
            raise ConfigError("Workers of a farm run on Linux and macOS.", remedy="WSL, or a container")

        FarmJob.run = staticmethod(run)
        worker = FarmWorker(
            self.queues,
            connection=self.client,
            job_class=FarmJob,
            queue_class=type(self.queues[0]),
            serializer="json",
            maintenance_interval=heartbeat(),
            job_monitoring_interval=heartbeat(),
            log_job_description=False,
        )
        worker.may_work = may_work
        worker.work(burst=burst, logging_level="CRITICAL")
        if worker.asked_to_end:
            return "asked"
        if worker.refused:
            return "refused"
        return "idle" if burst and worker.idle else "broken"


def _lists(queue: "Queue") -> Iterable[str]:
    return (queue.key, queue.intermediate_queue_key)


def job_name(identity: str, commit: str) -> str:
    """A job is known by its content: what is queued twice is done once."""
    return f"{identity}-{commit}"


def _load(tenant: str) -> None:
    """Import RQ with our keys; it reads their prefix once."""
    wanted = prefix(tenant)
    if "rq" not in sys.modules:
        os.environ["RQ_KEY_PREFIX"] = wanted
        try:
            import rq  # noqa: F401
        except ImportError:
            raise ConfigError(
                "A farm needs packages that are not installed.", remedy=install_command("farm")
            ) from None
        finally:
            del os.environ["RQ_KEY_PREFIX"]
    from rq.defaults import RQ_KEY_PREFIX

    if wanted != RQ_KEY_PREFIX:
        raise ConfigError("A process serves the farm of one tenant only.", remedy="start another process")
