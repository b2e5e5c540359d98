"""A Redis Cluster on loopback: three masters, a replica each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import redis
from redis.crc import key_slot

from redis_servers.server import DURABLE, RedisServer, free_port, wait_until

MASTERS = 3
SLOTS = 16_384

NODE_TIMEOUT = 1_500
"""Milliseconds after which a silent master counts as lost."""

FORMED_WITHIN = 60.0
FAILED_OVER_WITHIN = 60.0
"""Seconds, on a machine that is busy with other tests."""


class RedisCluster:
    """Six servers that form a cluster."""

    def __init__(self) -> None:
        settings = (
            DURABLE
            | {
                "cluster-enabled": "yes",
                "cluster-node-timeout": str(NODE_TIMEOUT),
                "repl-diskless-sync-delay": "0",
                "repl-ping-replica-period": "1",  # a replica that has heard nothing yet is not told of by CLUSTER SLOTS
                "cluster-replica-validity-factor": "0",
            }
        )
        self.nodes = [RedisServer(settings=settings, port=free_port()) for _ in range(2 * MASTERS)]

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:
                node.start()
            self._form()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for node in self.nodes:
            node.__exit__()

    @property
    def url(self) -> str:
        """With the addresses of two nodes: one of them may be lost."""
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port},127.0.0.1:{self.nodes[1].port}"

    def _form(self) -> None:
        first = self.nodes[0]
        bounds = [SLOTS * i // MASTERS for i in range(MASTERS + 1)]
        for i, node in enumerate(self.nodes):
            with node.client() as client:
                if i < MASTERS:
                    client.execute_command("CLUSTER ADDSLOTSRANGE", bounds[i], bounds[i + 1] - 1)
                client.execute_command("CLUSTER SET-CONFIG-EPOCH", i + 1)
                client.execute_command("CLUSTER MEET", "127.0.0.1", first.port)
        wait_until(
            lambda: all(self._known(node) == len(self.nodes) for node in self.nodes), within=FORMED_WITHIN
        )
        for master, replica in zip(self.nodes[:MASTERS], self.nodes[MASTERS:], strict=True):
            with master.client() as client:
                identity = client.execute_command("CLUSTER MYID")
            with replica.client() as client:
                client.execute_command("CLUSTER REPLICATE", identity)
        wait_until(self.is_whole, within=FORMED_WITHIN, what="the cluster did not form")
        wait_until(
            lambda: all(self._told_of(node) == len(self.nodes) for node in self.nodes), within=FORMED_WITHIN
        )

    def _known(self, node: RedisServer) -> int:
        with node.client() as client:
            return int(client.execute_command("CLUSTER INFO")["cluster_known_nodes"])

    def _told_of(self, node: RedisServer) -> int:
        with node.client() as client:
            ranges = client.execute_command("CLUSTER SLOTS")
        return len({place[1] for each in ranges for place in each[2:]})

    def is_whole(self) -> bool:
        """Whether every slot is served and every replica of a running master has its data."""
        for node in self.running():
            with node.client() as client:
                if client.execute_command("CLUSTER INFO")["cluster_state"] != "ok":
                    return False
                replication = client.info("replication")
                if replication["role"] == "slave" and replication["master_link_status"] != "up":
                    return False
        return True

    def running(self) -> list[RedisServer]:
        return [node for node in self.nodes if node.process is not None]

    def master_of(self, key: str) -> RedisServer:
        """The running node that serves a key."""
        for node in self.running():
            with node.client() as client:
                try:
                    client.execute_command("EXISTS", key)
                except redis.ResponseError:
                    continue
                if client.info("replication")["role"] == "master":
                    return node
        raise AssertionError(f"no node serves {key}")

    def promote_the_replica_of(self, key: str) -> RedisServer:
        """Let the replica of the master that serves a key be the master, as before maintenance; the one that is."""
        master = self.master_of(key)
        for node in self.running():
            with node.client() as client:
                replication = client.info("replication")
                if replication["role"] == "slave" and replication["master_port"] == master.port:
                    client.execute_command("CLUSTER", "FAILOVER")
                    wait_until(lambda: self.master_of(key) is not master, within=FAILED_OVER_WITHIN)
                    return self.master_of(key)
        raise AssertionError(f"the master of {key} has no replica")

    @contextmanager
    def moving(self, key: str) -> Iterator[Callable[[float], int]]:
        """Move the slot of a key to another master, as resharding does: in the block `move(share)` moves so much of its
        keys that are left, and says how many; then the rest, and the slot is the other one's."""
        slot = int(key_slot(key.encode()))
        source = self.master_of(key)
        target = next(node for node in self.nodes[:MASTERS] if node not in (source, None) and node.process)
        with source.client() as old, target.client() as new:
            of = {
                node: client.execute_command("CLUSTER MYID")
                for node, client in ((source, old), (target, new))
            }
            new.execute_command("CLUSTER", "SETSLOT", slot, "IMPORTING", of[source])
            old.execute_command("CLUSTER", "SETSLOT", slot, "MIGRATING", of[target])

            def move(share: float) -> int:
                keys = old.execute_command("CLUSTER", "GETKEYSINSLOT", slot, 100_000)
                some = sorted(keys)[: round(len(keys) * share)]
                if some:
                    old.execute_command("MIGRATE", "127.0.0.1", target.port, "", 0, 10_000, "KEYS", *some)
                return len(some)

            yield move
            move(1.0)
            for client in (new, old):
                client.execute_command("CLUSTER", "SETSLOT", slot, "NODE", of[target])
        wait_until(lambda: self.master_of(key) is target, within=FAILED_OVER_WITHIN)

    def wait_until_whole(self) -> None:
        """Until a replica serves in the place of every master that was lost."""
        wait_until(self.is_whole, within=FAILED_OVER_WITHIN, what="no replica took over")
