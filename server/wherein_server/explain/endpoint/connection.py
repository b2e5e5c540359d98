"""Connections to a server, made so that nothing is sent anywhere else."""

import asyncio
from typing import TYPE_CHECKING

from wherein_server.explain.endpoint.loopback import is_loopback

if TYPE_CHECKING:
    import httpx2

CONNECT_WITHIN = 2.0
"""Seconds. A server on this machine answers at once, one in the house soon."""

LONGEST_BODY = 1_000_000
"""Bytes of a listing or an error that are read."""


async def connect(
    base_url: str, *, api_key: str | None = None, read_within: float | None = None
) -> "httpx2.AsyncClient":
    """A client for one server; `read_within` None leaves the watching to the caller.

    Redirects are not followed. A server on this machine is reached without the proxies of the environment. Importing
    the library and loading certificates take a tenth of a second: another thread does it.
    """
    return await asyncio.to_thread(_client, base_url, api_key, read_within)


def _client(base_url: str, api_key: str | None, read_within: float | None) -> "httpx2.AsyncClient":
    import httpx2

    return httpx2.AsyncClient(
        headers={"authorization": f"Bearer {api_key}"} if api_key else {},
        timeout=httpx2.Timeout(connect=CONNECT_WITHIN, read=read_within, write=30.0, pool=CONNECT_WITHIN),
        trust_env=not is_loopback(base_url),
        verify=base_url.startswith("https:"),
        follow_redirects=False,
    )


async def read_body(response: "httpx2.Response") -> str:
    """The text of a response, or its beginning."""
    data = b""
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > LONGEST_BODY:
            break
    return data[:LONGEST_BODY].decode("utf-8", "replace")
