"""The first words of a new connection: the login and the first question together.

Logging in, hearing whether the server refuses the connection, and asking what must be asked anyway would be three round
trips.
"""

# ruff: noqa: ANN401 - answers are the server's

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis.connection import AbstractConnection


class Greeting:
    """What all connections of one client say first; `answer` is of the connection that was made last."""

    def __init__(self, *question: str) -> None:
        self._question = question or ("PING",)
        self._first: tuple[Any, ...] | None = None
        self._login: tuple[str, ...] = ()
        self._answer: Any = None

    def log_in(self, username: str | None, password: str | None) -> None:
        """Set the user and password."""
        if username or password:
            self._login = ("AUTH", *([username] if username else []), password or "")

    def __call__(self, connection: "AbstractConnection") -> None:
        """Greet, and read all answers. A message that the server sends unasked (too many clients, a TLS alert) is the
        first of them; left unread, it would look to the pool like a broken connection."""
        from redis import ConnectionError, SSLConnection
        from redis.exceptions import (
            AuthenticationError,
            AuthenticationWrongNumberOfArgsError,
            BusyLoadingError,
            ResponseError,
        )

        from wherein.store.redis.connection.loading import asked_progress

        question = self._first or self._question
        commands = [self._login, question] if self._login else [question]
        try:
            connection.on_connect()  # type: ignore[no-untyped-call]
            connection.send_packed_command(connection.pack_commands(commands), check_health=False)  # type: ignore[no-untyped-call]
            if self._login:
                try:
                    connection.read_response()
                except AuthenticationWrongNumberOfArgsError as error:
                    raise AuthenticationError(str(error)) from error
            try:
                self._answer = connection.read_response(disconnect_on_error=False)
            except BusyLoadingError as error:
                raise BusyLoadingError(f"{error}{asked_progress(connection)}") from error
            except ResponseError as error:  # such as MISCONF, which keeps nobody from reading
                self._answer = error
            self._first = None
        except ConnectionError as error:
            # A client of TLS 1.3 hears after the handshake that its certificate does not do, if it hears that at all.
            if type(error) is ConnectionError and isinstance(connection, SSLConnection):
                raise ConnectionError(f"TLS was broken off: {error}") from error
            raise

    def answer_first(self, client: Any, *question: Any) -> Any:
        """The answer to a question that only the client's first connection asks."""
        self._first = question
        return self.answer(client)

    def answer(self, client: Any) -> Any:
        """The answer to the question on a new connection of the client."""
        pool = client.connection_pool
        pool.release(pool.get_connection())
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer
