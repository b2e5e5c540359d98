"""RQ's classes, with what a farm does differently. Only `engine` may import this; it sets RQ's keys first."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType
from typing import Any, ClassVar, TypeAlias

from rq import Queue, Worker
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.utils import as_text

HEARTBEAT = 15
"""Seconds between the signs of life of a worker at a job."""

MISSED = 3
"""Of these in a row, and its job is given to another one."""

LOOK = 0.5
"""Seconds between looks of an idle worker into the queues: a hundred workers ask 600 times a second, of which a server
notices nothing."""

DEQUEUE_PATIENCE = 20
"""Seconds after which an idle worker says that it is there."""


def heartbeat() -> int:
    """HEARTBEAT, or what a test sets."""
    return int(os.environ.get("WHEREIN_FARM_HEARTBEAT", HEARTBEAT))


Foreign: TypeAlias = Any


def gone_after() -> int:
    """Seconds without a sign of life, after which what somebody had is given to another one."""
    return heartbeat() * MISSED


class Refused(StopRequested):
    """This worker may not take jobs: the farm works with another version."""


class FarmJob(Job):
    """A repository at a commit. Whatever else is written into a job is not looked at."""

    run: ClassVar[Callable[[str, str], None]]

    def perform(self) -> None:
        """Do it."""
        identity, _, commit = self.id.rpartition("-")
        type(self).run(identity, commit)

    @property
    def success_callback(self) -> None:
        """None: a job names no code."""
        return

    @property
    def failure_callback(self) -> None:
        """None: a job names no code."""
        return

    @property
    def stopped_callback(self) -> None:
        """None: a job names no code."""
        return

    def send_webhooks(self, *args: object, **kwargs: object) -> None:
        """Not to addresses that stand in a queue."""


class FarmQueue(Queue):
    """RQ takes from several queues by a command that forgets the job if its worker dies just then; from one queue it
    does not. Here each is asked the safe way, in turn."""

    job_class = FarmJob

    def acquire_maintenance_lock(self) -> bool:
        """RQ's lasts a quarter of an hour, in which nobody takes up what died with the worker that held it."""
        return bool(self.connection.set(self.registry_cleaning_key, 1, nx=True, ex=gone_after()))

    @classmethod
    def dequeue_any(  # type: ignore[override]
        cls, queues: Iterable[Queue], timeout: int | None, connection: Foreign, **classes: Foreign
    ) -> tuple[Job, Queue] | None:
        """The most urgent job and its queue."""
        until = time.monotonic() + (timeout or 0)
        keys = [queue.key for queue in queues]
        while True:
            for key in keys:
                if (result := cls.lmove(connection, key, None)) is None:
                    continue
                classes.pop("connection", None)
                if (
                    found := cls._fetch_dequeued_job(connection, key, as_text(result[1]), **classes)
                ) is not None:
                    return found
            if timeout is None:
                return None
            if time.monotonic() > until:
                raise DequeueTimeout(timeout, keys)
            time.sleep(LOOK)


class FarmWorker(Worker):
    """Takes jobs, each done by a process of its own that ends with its worker."""

    max_connection_wait_time = 5.0
    may_work: Callable[[], bool]
    refused = False
    asked_to_end = False
    idle = False
    """there was nothing more to do"""

    @property
    def dequeue_timeout(self) -> int:
        """Seconds."""
        return DEQUEUE_PATIENCE

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """At once where it is idle, else after its job; at once when it is asked again."""
        self.asked_to_end = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def _set_ip_address(self, connection: Foreign) -> None:
        """Nobody asks for it, and the server would have to be asked."""
        self.ip_address = "unknown"

    def get_redis_server_version(self) -> tuple[int, int, int]:
        """What the store asks for at least: so a worker needs no right to look at the server."""
        return (7, 2, 0)

    def subscribe(self) -> None:
        """To nobody's commands."""

    def unsubscribe(self) -> None:
        """From nothing."""

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Seconds after which it counts as dead."""
        return gone_after()

    def clean_registries(self) -> None:
        """What dead workers had is queued again; also what one had taken from a queue and not begun."""
        super().clean_registries()  # type: ignore[no-untyped-call]
        for queue in self.queues:
            for name in queue.intermediate_queue.get_job_ids():
                self._return_taken(queue, name)

    def _return_taken(self, queue: Queue, name: str) -> None:
        """RQ fails what stays between queue and worker for a minute; nothing is wrong with it."""
        middle = queue.intermediate_queue
        seen = middle.get_first_seen(name)
        if seen is None:
            middle.set_first_seen(name)
        elif (datetime.now(UTC) - seen).total_seconds() > gone_after():
            with self.connection.pipeline() as pipe:
                pipe.lrem(middle.key, 1, name)
                pipe.delete(middle.get_first_seen_key(name))
                if name not in queue.started_job_registry.get_job_ids(cleanup=False):
                    pipe.rpush(queue.key, name)
                pipe.execute()

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job."""
        found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
        self.idle = found is None
        return found

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Unless another version works here: then it is given back."""
        if not self.may_work():
            self.refused = True
            with self.connection.pipeline() as pipe:
                pipe.lrem(queue.intermediate_queue_key, 1, job.id)
                pipe.lpush(queue.key, job.id)
                pipe.execute()
            raise Refused
        super().execute_job(job, queue)

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """It has begun: the list between queue and worker is done with it."""
        super().prepare_job_execution(job, remove_from_intermediate_queue=True)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the process of the job."""
        end_with_parent()
        super().main_work_horse(job, queue)


def end_with_parent() -> None:
    """Die when the parent does, however that ends; where the system is Linux."""
    if sys.platform != "linux":
        return
    import ctypes

    parent = os.getppid()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it was faster
        os._exit(1)
