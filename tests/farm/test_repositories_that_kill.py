"""A repository that ends the processes which index it: it is set aside, and keeps no other one back."""

import os
import re
import signal
import time
from contextlib import suppress
from pathlib import Path

from wherein.store.redis.prefixes import repository_id

TRIES = 2


def children(process):
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def test_it_is_set_aside_with_that_for_a_reason(farm):
    poison, good = farm.remote("poison"), farm.remote("good")
    body = "\n\n".join(f"def made_{number}(given):\n    return given + {number}\n" for number in range(80))
    poison.commit({f"part_{number}.py": body for number in range(150)})
    farm.configure(f"tries = {TRIES}\n", urls=[poison.url])
    assert farm("poll").code == 0
    worker = farm.start("work", "--processes", "0")
    entry = f"wherein-farm:{{default}}:farm:repository:{repository_id(poison.name)}"
    until = time.monotonic() + 200
    killed = set()
    with farm.broker.client() as client:
        while client.hget(entry, "aside") != b"1":
            assert time.monotonic() < until, farm.log()
            if int(client.hget(entry, "tries") or 0) <= TRIES and client.hget(entry, "began"):
                for process in children(worker.pid):  # as the system does where memory runs out
                    with suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                        killed.add(process)
            time.sleep(0.05)
    assert worker.poll() is None, "the worker itself lives"
    found = farm.entry(poison)
    assert (found["state"], found["problem"]) == ("aside", "died")
    died = int(re.search(r"(\d+) processes in a row", found["reason"])[1])
    assert TRIES <= died <= len(killed)  # one more, if it was killed before it read how many there were
    good.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(f"tries = {TRIES}\n", urls=[poison.url, good.url])
    assert farm("poll").code == 0
    until = time.monotonic() + 60
    while farm.states()[good.name] != "done":
        assert time.monotonic() < until, farm.log()
