"""A request that is refused: a status, and one sentence with a remedy."""

import json
from collections.abc import Mapping
from typing import Any

from wherein.errors import (
    ConfigError,
    EndpointUnreachable,
    IndexIncompatible,
    IndexMissing,
    NotFound,
    StoreUnreachable,
    WhereinError,
)
from wherein_server.cli.jsonout import SCHEMA, readable
from wherein_server.cli.sanitize import sentence

STATUS: Mapping[type[WhereinError], int] = {
    NotFound: 404,
    IndexMissing: 404,
    IndexIncompatible: 409,
    StoreUnreachable: 503,
    EndpointUnreachable: 502,
    ConfigError: 400,
}


class Refusal(Exception):
    """Sent to the client as it is."""

    def __init__(self, status: int, message: str, *, remedy: str = "", wait: float = 0.0) -> None:
        super().__init__(message)
        self.status, self.message, self.remedy, self.wait = status, message, remedy, wait

    def body(self) -> bytes:
        """The document."""
        return json.dumps(document(self.status, self.message, self.remedy)).encode()

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that go with it."""
        found = [(b"content-type", b"application/json")]
        if self.status in (408, 413, 414):
            found.append((b"connection", b"close"))  # the rest is not read
        if self.wait:
            found.append((b"retry-after", str(max(1, round(self.wait))).encode()))
        if self.status == 401:
            found.append((b"www-authenticate", b'Bearer realm="wherein"'))
        return found


def document(status: int, message: str, remedy: str = "") -> dict[str, Any]:
    """A refusal as JSON."""
    error = {"status": status, "message": readable(sentence(message)), "remedy": readable(sentence(remedy))}
    return {"schema": SCHEMA, "error": error}


def refusal(error: WhereinError) -> Refusal:
    """How an error of the library is reported."""
    status = next((STATUS[each] for each in type(error).__mro__ if each in STATUS), 500)
    return Refusal(status, error.message, remedy=error.remedy)
