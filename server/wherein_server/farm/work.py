"""A worker: takes jobs until it is told to end, and resumes whatever happens to its broker."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from wherein.errors import IndexIncompatible
from wherein_server.farm.farm import Farm
from wherein_server.farm.job import Job, prepare

PAUSES = (1.0, 2.0, 5.0)
"""Seconds until a broker that could not be reached is tried again; the last one repeats."""


class Ending(Exception):
    """The worker was told to end while it waited."""


def work(
    open_farm: Callable[[], Farm],
    say: Callable[[str], object],
    *,
    burst: bool = False,
    processes: int | None = None,
) -> None:
    """Take jobs in this process. Raises IndexIncompatible if the farm works with another version."""
    failures = 0
    while True:
        try:
            _listen_for_end()
            farm = open_farm()
            require_version(farm)
            began = time.monotonic()
            prepare(farm)
            job = Job(farm, say, processes=processes)
            how = farm.engine.work(job.run, may_work=lambda: made_with(farm) == farm.made_with, burst=burst)  # noqa: B023
            if how in ("asked", "idle"):
                return
            if how == "refused":
                require_version(farm)
            if time.monotonic() - began > PAUSES[-1]:
                failures = 0
            _wait(failures, say, "")
        except Ending:
            return
        except Exception as error:
            if not _is_of_the_broker(error):
                raise
            try:
                _wait(failures, say, type(error).__name__)
            except Ending:
                return
        failures += 1


def made_with(farm: Farm) -> str:
    """What the farm's indexes are made with."""
    found: bytes | None = farm.ledger.client.get(farm.ledger.keys.made_with)
    return farm.made_with if found is None else found.decode("utf-8", "replace")


def adopt(farm: Farm) -> str:
    """Have indexes made as this version makes them from now on. Returns what they were made with before."""
    before = made_with(farm)
    farm.ledger.client.set(farm.ledger.keys.made_with, farm.made_with)
    return before


def require_version(farm: Farm) -> None:
    """Raise IndexIncompatible unless this version makes the same indexes as the farm's others. A farm's first worker
    decides what that is."""
    farm.ledger.client.set(farm.ledger.keys.made_with, farm.made_with, nx=True)
    if (others := made_with(farm)) != farm.made_with:
        raise IndexIncompatible(
            f"The farm's indexes are made with {others}; this worker would make them with {farm.made_with}, "
            "so it takes no jobs.",
            remedy="install the version of the others; or, to change all of them, wherein farm adopt",
        )


def _listen_for_end() -> None:
    def end(number: int, frame: FrameType | None) -> None:
        raise Ending

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _wait(failures: int, say: Callable[[str], object], what: str) -> None:
    if failures == 0:
        say(f"The broker does not answer{f' ({what})' if what else ''}; trying again until it does.")
    _listen_for_end()
    time.sleep(PAUSES[min(failures, len(PAUSES) - 1)])


def _is_of_the_broker(error: Exception) -> bool:
    from redis.exceptions import RedisError

    from wherein.errors import StoreUnreachable

    return isinstance(error, (RedisError, OSError, StoreUnreachable))
