"""One connection that stays the same from question to question: WATCH only guards transactions of its own
connection."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from redis.exceptions import ResponseError

from wherein.store.redis.connection.redis_py import Client, Reply

Command = tuple[Any, ...]


class PinnedConnection:
    """A connection out of a client's pool, taken at the first question. For one thread at a time."""

    def __init__(self, client: Client) -> None:
        self._pool = client.connection_pool
        self._connection: Any = None

    def ask(self, commands: Sequence[Command]) -> list[Reply]:
        """The answers in one round trip; the error of a refused command stands among them. If the connection breaks,
        that is raised, and nobody knows which commands were carried out."""
        connection = self._connection or self._pool.get_connection()
        self._connection = None  # whatever comes between: answers that nobody read make it unusable
        try:
            connection.send_packed_command(connection.pack_commands(commands))
            answers = [_answer(connection) for _ in commands]
        except BaseException:
            connection.disconnect()
            self._pool.release(connection)
            raise
        self._connection = connection
        return answers

    def release(self) -> None:
        """Give the connection back as it is: what it watches ends with its next transaction, or UNWATCH."""
        if self._connection is not None:
            self._pool.release(self._connection)
            self._connection = None

    def close(self) -> None:
        """Disconnect, and give the connection back: an unfinished transaction is dropped."""
        if self._connection is not None:
            self._connection.disconnect()
            self._pool.release(self._connection)
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.release()
        else:
            self.close()


def _answer(connection: Any) -> Reply:  # noqa: ANN401 - redis-py's own
    try:
        return connection.read_response()
    except ResponseError as error:
        return error
