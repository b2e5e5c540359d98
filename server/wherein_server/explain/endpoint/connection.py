"""Connections to a language model's server."""

import asyncio
from typing import TYPE_CHECKING

from wherein.endpoint.connection import client_options

if TYPE_CHECKING:
    import httpx2

LONGEST_BODY = 1_000_000
"""Bytes of a listing or an error that are read."""


async def connect(
    base_url: str, *, api_key: str | None = None, read_within: float | None = None
) -> "httpx2.AsyncClient":
    """A client for one server; `read_within` None leaves the watching to the caller.

    Importing the library and loading certificates take a tenth of a second: another thread does it.
    """
    return await asyncio.to_thread(_client, base_url, api_key, read_within)


def _client(base_url: str, api_key: str | None, read_within: float | None) -> "httpx2.AsyncClient":
    import httpx2

    return httpx2.AsyncClient(**client_options(base_url, api_key=api_key, read_within=read_within))


async def read_body(response: "httpx2.Response") -> str:
    """The text of a response, or its beginning."""
    data = b""
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > LONGEST_BODY:
            break
    return data[:LONGEST_BODY].decode("utf-8", "replace")
