"""Questions about many repositories at once, in one pipeline for each node of the server.

Code that reads a repository is written for one: it asks, waits, asks again. If many are read at the same time, each by
a thread, their questions are collected until all threads wait, and sent together: as many round trips as for one.
"""

# ruff: noqa: ANN401 - what passes through is redis-py's

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import field
from typing import Any

from redis.client import Pipeline
from redis.crc import key_slot
from redis.exceptions import RedisError

from wherein.quick_dataclass import dataclass
from wherein.store.redis.connection.address import Target
from wherein.store.redis.connection.connect import connect, shards
from wherein.store.redis.connection.handshake import Greeting
from wherein.store.redis.connection.redis_py import Client, Reply

PATIENCE = 1.0
"""Seconds after which a thread no longer waits for others to ask; normally each of them says when it is through."""

QueuedCommand = tuple[tuple[Any, ...], dict[str, Any]]
"""As redis-py keeps it in a pipeline."""


class Nodes:
    """The server, or the nodes of a cluster, with one client each. May be used from several threads."""

    def __init__(self, target: Target, key: str, greeting: Greeting) -> None:
        """The first connection is the one that holds `key`, and asks `greeting`."""
        self._target = target
        self._shards = shards(target) if target.cluster else None
        self._clients: dict[object, Client] = {self._node(key): connect(target, key=key, greeting=greeting)}
        self._lock = threading.Lock()

    def first(self) -> Client:
        """The client that was made first."""
        return next(iter(self._clients.values()))

    def ask(self, questions: Sequence[tuple[str, Sequence[QueuedCommand]]]) -> list[list[Any]]:
        """For each key and its commands the answers, which may be exceptions: one round trip to each node."""
        by_node: dict[object, list[int]] = {}
        for place, (key, _) in enumerate(questions):
            by_node.setdefault(self._node(key), []).append(place)
        answers: list[list[Any]] = [[] for _ in questions]

        def ask_one(node: object) -> None:
            places = by_node[node]
            pipe = self._client(node, questions[places[0]][0]).pipeline(transaction=False)
            for place in places:
                for arguments, options in questions[place][1]:
                    pipe.execute_command(*arguments, **options)
            try:
                replies = pipe.execute(raise_on_error=False)
            except RedisError as error:
                if self._shards is not None:
                    self._shards.forget()
                replies = [error] * sum(len(questions[place][1]) for place in places)
            at = 0
            for place in places:
                count = len(questions[place][1])
                answers[place] = replies[at : at + count]
                at += count

        if len(by_node) == 1:
            ask_one(*by_node)
        elif by_node:
            with ThreadPoolExecutor(len(by_node)) as pool:
                list(pool.map(ask_one, by_node))
        return answers

    def close(self) -> None:
        """Let go of all nodes."""
        with self._lock:
            for client in self._clients.values():
                client.close()

    def _node(self, key: str) -> object:
        return self._shards.master(key_slot(key.encode())) if self._shards is not None else None

    def _client(self, node: object, key: str) -> Client:
        with self._lock:
            if node not in self._clients:
                self._clients[node] = connect(self._target, key=key)
            return self._clients[node]


@dataclass(slots=True, eq=False)
class _Waiting:
    key: str
    commands: Sequence[QueuedCommand]
    answers: list[Any] = field(default_factory=list)
    done: bool = False


class Combined:
    """Collects what several threads ask."""

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self._condition = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._taking_part = 0
        self._asking = False

    def client(self, key: str) -> Client:
        """A client for reading, of the repository whose keys begin with `key`."""
        return _CombinedClient(self, key)

    @contextmanager
    def taking_part(self, threads: int) -> Iterator[None]:
        """Say how many threads are going to ask; each calls `ended` when it is through."""
        with self._condition:
            self._taking_part += threads
        try:
            yield
        finally:
            with self._condition:
                self._taking_part = 0

    def ended(self) -> None:
        """One of the threads that take part is through."""
        with self._condition:
            self._taking_part = max(self._taking_part - 1, 0)
            self._condition.notify_all()

    def ask(self, key: str, commands: Sequence[QueuedCommand]) -> list[Any]:
        """The answers to some commands, which may be exceptions."""
        own = _Waiting(key, commands)
        with self._condition:
            self._waiting.append(own)
            self._condition.notify_all()
            while not own.done:
                if self._asking:
                    self._condition.wait()
                elif len(self._waiting) >= self._taking_part or self._nobody_else():
                    self._ask_all()
        return own.answers

    def _nobody_else(self) -> bool:
        """Wait; whether nothing happened for PATIENCE seconds."""
        return not self._condition.wait(PATIENCE) and not self._asking

    def _ask_all(self) -> None:
        """Ask for all waiting threads; the lock is released meanwhile."""
        asked, self._waiting = self._waiting, []
        if not asked:
            return
        self._asking = True
        self._condition.release()
        failure: BaseException | None = None
        answers: list[list[Any]] = []
        try:
            answers = self.nodes.ask([(each.key, each.commands) for each in asked])
        except BaseException as error:
            failure = error
            raise
        finally:
            self._condition.acquire()
            self._asking = False
            for place, each in enumerate(asked):
                each.answers = [failure] * len(each.commands) if failure is not None else answers[place]
                each.done = True
            self._condition.notify_all()


class _CombinedPipeline(Pipeline):
    """A pipeline whose commands are sent with those of other threads."""

    def __init__(self, combined: Combined, key: str) -> None:
        first = combined.nodes.first()
        super().__init__(first.connection_pool, first.response_callbacks, transaction=False, shard_hint=None)
        self._combined, self._key = combined, key

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """The answers; the first error is raised unless the caller takes them as answers."""
        commands = list(self.command_stack)
        self.command_stack = []
        answers = self._combined.ask(self._key, commands)
        for answer in answers:
            if isinstance(answer, Exception) and (raise_on_error or not isinstance(answer, RedisError)):
                raise answer
        return answers


class _CombinedClient:
    """As much of a client as is needed for reading a repository."""

    def __init__(self, combined: Combined, key: str) -> None:
        self._combined, self._key = combined, key

    def pipeline(self, transaction: bool = False) -> Pipeline:
        """Commands to be asked together."""
        return _CombinedPipeline(self._combined, self._key)

    def close(self) -> None:
        """Does nothing: the connections belong to `Nodes`."""

    def __getattr__(self, name: str) -> Callable[..., Reply]:
        def ask(*arguments: Any, **options: Any) -> Reply:
            pipe = self.pipeline()
            getattr(pipe, name)(*arguments, **options)
            return pipe.execute()[0]

        return ask
