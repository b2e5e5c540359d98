"""One request to a server and its answer, with a time limit."""

import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from wherein.embedding.endpoint.answers import Answer, read_answer
from wherein.embedding.endpoint.purpose import EMBEDDINGS
from wherein.embedding.texts import whole_characters
from wherein.endpoint.connection import client_options
from wherein.endpoint.failures import (
    AccessDenied,
    BrokenOff,
    Busy,
    NoEndpoint,
    NotUnderstood,
    ServerFailed,
    Stalled,
    failure,
    what_it_says,
)
from wherein.errors import EndpointUnreachable
from wherein.redaction import HIDDEN

if TYPE_CHECKING:
    import httpx2

LARGEST_ANSWER = 64_000_000
"""Bytes: 64 vectors of 16,384 numbers, and more than twice what such take."""

LARGEST_ERROR = 100_000


class Broke(ServerFailed):
    """Something broke inside of the server, and may not the next time: status 500 and above."""


class TryLater(Busy):
    """Busy, and the server may say how long."""

    def __init__(self, message: str, *, remedy: str, after: float | None) -> None:
        super().__init__(message, remedy=remedy)
        self.after = after
        """seconds from now, if it said so"""


class Connection:
    """To one server. Any thread may ask."""

    def __init__(self, url: str, api_key: str | None) -> None:
        """`url` ends with its /v1. Nothing is sent yet."""
        import httpx2

        self.url = url
        self._api_key = api_key
        self._client = httpx2.Client(**client_options(url, api_key=api_key, read_within=None))
        weakref.finalize(self, self._client.close)

    def ask(self, model: str, texts: Sequence[str], *, dimension: int | None, within: float) -> Answer:
        """The vectors of the texts, of `dimension` numbers if the server can, in `within` seconds. Raises
        EndpointUnreachable."""
        request: dict[str, Any] = {"model": model, "input": list(map(whole_characters, texts))}
        if dimension is not None:
            request["dimensions"] = dimension
        status, headers, data = self._post(request, within)
        if status != 200:
            raise self._failure(status, headers, data)
        if not headers.get("content-type", "").lower().startswith(("application/json", "text/json")):
            raise NotUnderstood(
                f"{self.url} answers with {headers.get('content-type', 'something untyped')[:60]}: "
                "it is not an OpenAI-compatible server.",
                remedy="set deep_endpoint, which usually ends with /v1",
            )
        return read_answer(data, len(texts), self.url)

    def close(self) -> None:
        """Close what is open; it cannot be asked any more."""
        self._client.close()

    def _post(self, request: dict[str, Any], within: float) -> "tuple[int, httpx2.Headers, bytes]":
        import httpx2

        deadline = time.monotonic() + within
        timeout = httpx2.Timeout(**self._client.timeout.as_dict() | {"read": within})
        try:
            with self._client.stream(
                "POST", f"{self.url}/embeddings", json=request, timeout=timeout
            ) as response:
                most = LARGEST_ANSWER if response.status_code == 200 else LARGEST_ERROR
                return response.status_code, response.headers, self._body(response, most, deadline, within)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise NoEndpoint(
                f"Nothing answers at {self.url}, the embedding server.",
                remedy="start the server, or set deep_endpoint",
            ) from None
        except httpx2.TimeoutException:
            raise self._stalled(within) from None
        except httpx2.RemoteProtocolError as error:
            if "peer closed" in str(error) or "disconnected" in str(error):
                raise self._broken_off() from None
            raise NotUnderstood(f"What listens at {self.url} does not speak HTTP as expected.") from None
        except (httpx2.TransportError, httpx2.DecodingError, OSError):
            raise self._broken_off() from None
        except httpx2.InvalidURL:
            raise NotUnderstood(f"{self.url} is not a valid address.", remedy="set deep_endpoint") from None

    def _body(self, response: "httpx2.Response", most: int, deadline: float, within: float) -> bytes:
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) > most:
                if response.status_code != 200:
                    break
                raise NotUnderstood(
                    f"The answer of the embedding server at {self.url} is larger than {most:,} bytes."
                )
            if time.monotonic() > deadline:
                raise self._stalled(within)
        return bytes(data)

    def _failure(self, status: int, headers: "httpx2.Headers", data: bytes) -> EndpointUnreachable:
        body = data.decode("utf-8", "replace")
        said = what_it_says(body.replace(self._api_key, HIDDEN) if self._api_key else body)
        if "insufficient_quota" in said.words:
            return AccessDenied(
                f"The embedding server at {self.url} refuses access: {said.message}.",
                remedy="check what the account at that server may still use",
            )
        found = failure(self.url, status, said, EMBEDDINGS)
        if not isinstance(found, Busy):
            broke = type(found) is ServerFailed and status >= 500
            return Broke(found.message, remedy=found.remedy) if broke else found
        after = _seconds(headers.get("retry-after", ""))
        when = f"; it says to come back in {after:,.0f} s" if after is not None and after >= 1 else ""
        return TryLater(f"{found.message.rstrip('.')}{when}.", remedy=found.remedy, after=after)

    def _stalled(self, within: float) -> Stalled:
        return Stalled(
            f"The embedding server at {self.url} has not answered within {within:.0f} s.",
            remedy="check the server's log; a smaller model answers sooner",
        )

    def _broken_off(self) -> BrokenOff:
        return BrokenOff(
            f"The embedding server at {self.url} closed the connection before its answer was complete.",
            remedy="check the server's log; it may have run out of memory",
        )


def _seconds(retry_after: str) -> float | None:
    """What a header Retry-After says: seconds, or a date."""
    with suppress(ValueError):
        return max(0.0, float(retry_after))
    with suppress(ValueError, TypeError, OverflowError):
        when = parsedate_to_datetime(retry_after)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return None
