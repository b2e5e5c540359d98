"""Several workers on one machine: processes that are restarted when they die, and end with the one that started
them."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from wherein_server.farm.rq_parts import end_with_parent

PAUSE = 1.0
"""Seconds until a worker that died is begun anew."""


def work_as_many(count: int, work: Callable[[], int], say: Callable[[str], object]) -> int:
    """Run `work` in so many processes until a signal ends them; the exit code of one that does not want to go on (it
    ended with 3: another version), else 0."""
    running: dict[int, float] = {}
    asked: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        for process in running:
            os.kill(process, signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while True:
        while len(running) < count and not asked:
            running[_begin(work)] = time.monotonic()
        if not running:
            return 0
        try:
            process, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return 0
        running.pop(process, None)
        code = os.waitstatus_to_exitcode(status)
        if asked:
            continue
        if code == 0:  # with --burst: there is nothing more to do
            count -= 1
        elif code > 0:
            end(signal.SIGTERM, None)
            while running:
                process, _ = os.waitpid(-1, 0)
                running.pop(process, None)
            return code
        else:
            say(f"A worker died (signal {-code}); another one is started.")
            time.sleep(PAUSE)


def _begin(work: Callable[[], int]) -> int:
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        end_with_parent()
        code = work()
    finally:
        os._exit(code)
