"""A broker that is away for a while, and workers that are of another version."""

import os
import time

from redis_servers import wait_until

MADE_WITH = "wherein-farm:{default}:farm:made-with"

AWAY = 180.0 if os.environ.get("WHEREIN_TEST_LONG") == "1" else 6.0
"""Seconds: longer than a worker waits between two tries."""


def test_workers_wait_for_a_broker_and_go_on(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure("poll_minutes = 0.05\n", urls=[remote.url])
    scheduler, worker = farm.start("run"), farm.start("work")
    wait_until(lambda: farm.states().get(remote.name) == "done", within=60, what=farm.log)
    farm.broker.kill()
    remote.commit({"b.py": "def beta(): pass\n"})
    time.sleep(AWAY)
    farm.broker.start()
    wait_until(lambda: farm.entry(remote)["commit"] == remote.head(), within=60, what=farm.log)
    assert scheduler.poll() is None
    assert worker.poll() is None
    assert "until it" in farm.log()
    worker.terminate()
    scheduler.terminate()
    assert worker.wait(30) == 0
    scheduler.wait(30)


def test_a_worker_of_another_version_is_told_and_takes_nothing(farm):
    remote = farm.remote("web")
    remote.commit({"a.py": "def alpha(): pass\n"})
    farm.configure(urls=[remote.url])
    assert farm("poll").code == 0
    with farm.broker.client() as client:
        ours = farm.status()["made_with"]
        client.set(MADE_WITH, "another version")
        answer = farm("work")
        assert answer.code == 3
        assert "another version" in answer.err
        assert "wherein farm adopt" in answer.err
        assert farm.status()["queued"]["first"] == 1

        client.set(MADE_WITH, ours)
        worker = farm.start("work")
        wait_until(lambda: farm.states()[remote.name] == "done", within=60, what=farm.log)
        client.set(MADE_WITH, "another version")
        remote.commit({"b.py": "def beta(): pass\n"})
        assert farm("poll", "--all").code == 0
        assert worker.wait(60) == 3, "the one that was at work notices, too"
        assert sum(farm.status()["queued"].values()) == 1

        before = farm.entry(remote)["commit"]
        assert "not with another version" in farm("adopt").out
        assert client.get(MADE_WITH).decode() == ours
        assert farm("work", "--burst").code == 0
        assert farm.entry(remote)["commit"] == remote.head() != before
