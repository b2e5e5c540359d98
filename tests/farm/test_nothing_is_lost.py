"""Workers, the scheduler and the broker are killed at random: every repository is indexed at its last commit, and none
is indexed twice at one.

WHEREIN_TEST_LONG=1 plays 100 kills over 200 repositories; WHEREIN_TEST_FARM_REPOSITORIES names a folder of real ones.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import wherein
from farms import Remote
from redis_servers import wait_until
from redis_servers.wholeness import lost
from wherein.config.settings import IndexSettings, Settings
from wherein.store.redis.prefixes import repository_prefix

LONG = os.environ.get("WHEREIN_TEST_LONG") == "1"

REPOSITORIES = int(os.environ.get("WHEREIN_TEST_FARM_COUNT", 200 if LONG else 6))
KILLS = int(os.environ.get("WHEREIN_TEST_FARM_KILLS", 100 if LONG else 5))
SETTLED_WITHIN = 3600.0 if LONG else 120.0

VICTIMS = ("worker", "job", "group", "scheduler", "broker")


class Chaos:
    def __init__(self, farm, remotes, order):
        self.farm, self.remotes, self.order = farm, remotes, order
        self.kills: Counter[str] = Counter()
        self.groups = [self._work(), self._work()]
        self.scheduler = farm.start("run")

    def _work(self):
        return self.farm.start("work", "--concurrency", "2")

    def kill(self, victim):
        """Kill -9, and begin anew what does not do so by itself."""
        at = self.order.randrange(len(self.groups))
        if victim == "broker":
            self.farm.broker.kill()
            time.sleep(self.order.uniform(0, 1))
            self.farm.broker.start()
        elif victim == "scheduler":
            self.scheduler.kill()
            self.scheduler.wait()
            self.scheduler = self.farm.start("run")
        elif victim == "group":
            self.groups[at].kill()  # its workers are to end with it
            self.groups[at].wait()
            self.groups[at] = self._work()
        else:
            workers = children(self.groups[at].pid)
            below = [process for worker in workers for process in children(worker)]
            chosen = below if victim == "job" else workers
            if not chosen:
                return
            with suppress(ProcessLookupError):
                os.kill(self.order.choice(chosen), signal.SIGKILL)
        self.kills[victim] += 1

    def push(self):
        """What was indexed changes, while it is."""
        remote = self.order.choice(self.remotes)
        if remote.place.name.startswith("made"):
            remote.commit({f"more_{time.monotonic_ns()}.py": f"def more_{self.order.random()}(): pass\n"})


def children(process):
    try:
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def real_repositories():
    folder = os.environ.get("WHEREIN_TEST_FARM_REPOSITORIES")
    return [Remote(each) for each in sorted(Path(folder).iterdir())] if folder else []


def test_what_was_wanted_is_indexed_once_whoever_is_killed(farm, tmp_path):
    order = random.Random(
        int(os.environ.get("WHEREIN_TEST_FARM_SEED", random.SystemRandom().randrange(1 << 30)))
    )
    remotes = real_repositories()
    while len(remotes) < REPOSITORIES:
        remote = farm.remote(f"made-{len(remotes)}")
        remote.commit({f"part_{j}.py": f"def made_{len(remotes)}_{j}():\n    return {j}\n" for j in range(8)})
        remotes.append(remote)
    farm.configure(
        "poll_minutes = 0.1\ntries = 50\nclean_hours = 100\n", urls=[remote.url for remote in remotes]
    )
    began = time.monotonic()
    chaos = Chaos(farm, remotes, order)
    with farm.broker.client() as client:
        wait_until(lambda: bool(client.xlen("wherein-farm:{default}:farm:runs")), within=60, what=farm.log)
    while sum(chaos.kills.values()) < KILLS:
        time.sleep(order.uniform(0.1, 0.6))
        chaos.push()
        never = [victim for victim in VICTIMS if not chaos.kills[victim]]
        chaos.kill(order.choice(never or VICTIMS))
    heads = {remote.name: remote.head() for remote in remotes}

    def settled():
        found = {each["name"]: each for each in farm.status()["repositories"]}
        return all(name in found and found[name]["commit"] == head for name, head in heads.items())

    wait_until(settled, within=SETTLED_WITHIN, what=farm.log)
    took = time.monotonic() - began
    status = farm.status()
    assert {each["state"] for each in status["repositories"]} == {"done"}, status
    with farm.broker.client() as client:
        runs = [
            {key.decode(): value.decode() for key, value in found.items()}
            for _, found in client.xrange("wherein-farm:{default}:farm:runs")
        ]
        for name in heads:
            assert lost(client, repository_prefix("default", name)) == []
    indexed = Counter((run["name"], run["commit"]) for run in runs if run["outcome"] == "indexed")
    assert [pair for pair, times in indexed.items() if times > 1] == []
    for remote in order.sample(remotes, min(len(remotes), 20)):
        named = IndexSettings(name=remote.name, include_vendored=True, include_generated=True)
        settings = Settings(store=farm.broker.url, data_dir=tmp_path / "other", index=named)
        branch = remote.git("rev-parse", "--abbrev-ref", "HEAD")
        with wherein.open_index(remote.place, view=branch, settings=settings) as index:
            assert index.status(check=False).complete
            if remote.place.name.startswith("made"):
                assert (
                    sorted(index.files()) == remote.git("ls-tree", "-r", "--name-only", "HEAD").splitlines()
                )
    print(f"{len(remotes)} repositories, {dict(chaos.kills)} kills, {len(runs)} runs, {took:.0f} s")
