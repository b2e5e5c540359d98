"""HTTP/1.1 as uvicorn speaks it, with limits on what does not arrive: slow heads, idle connections, too many from one
client."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from wherein_server.serve.caller import Network, is_within
from wherein_server.serve.refusal import document

HEAD_SECONDS = 10.0
"""From the beginning of a connection, or of a request on it, until its head is there."""

MOST_OF_ONE = 64
"""Connections of one address; a browser opens six."""

LONGEST_HEAD = 65_536
"""Bytes of what comes before a body."""


class Connection(H11Protocol):
    """`unlimited` and `of_each` are of the server: `bound` makes a class of its own for each."""

    unlimited: Sequence[Network] = ()
    """proxies, behind which many stand"""
    head_seconds = HEAD_SECONDS
    of_each: "Counter[str]"

    _late: asyncio.TimerHandle | None = None
    _peer = ""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as its base
        """A client has come."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        self.of_each[self._peer] += 1
        if self.of_each[self._peer] > MOST_OF_ONE and not is_within(self._peer, self.unlimited):
            transport.abort()
            return
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._expected()
        self.of_each[self._peer] -= 1
        if not self.of_each[self._peer]:
            del self.of_each[self._peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes of a request."""
        if self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._expect()
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._expected()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read as HTTP, or has a head that is too long, gets one sentence."""
        body = json.dumps(document(400, "The request is not HTTP, or its head is too long.")).encode()
        head = (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        )
        if not self.transport.is_closing():
            self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
            self.transport.close()

    def _expect(self) -> None:
        self._late = self.loop.call_later(self.head_seconds, self._end)

    def _expected(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.abort()


def bound(unlimited: Sequence[Network], head_seconds: float = HEAD_SECONDS) -> type[Connection]:
    """A class for one server."""
    members = {"unlimited": unlimited, "of_each": Counter(), "head_seconds": head_seconds}
    return type("Connection", (Connection,), members)
