"""How a connection to a server is made, so that nothing is sent anywhere else."""

from typing import Any

from wherein.endpoint.loopback import is_loopback

CONNECT_WITHIN = 2.0
"""Seconds. A server on this machine answers at once, one in the house soon."""

WRITE_WITHIN = 30.0


def client_options(base_url: str, *, api_key: str | None, read_within: float | None) -> dict[str, Any]:
    """For httpx2's clients. Redirects are not followed; a server on this machine is reached without the proxies of the
    environment; certificates are loaded where they are needed, which takes a tenth of a second."""
    import httpx2

    return {
        "headers": {"authorization": f"Bearer {api_key}"} if api_key else {},
        "timeout": httpx2.Timeout(
            connect=CONNECT_WITHIN, read=read_within, write=WRITE_WITHIN, pool=CONNECT_WITHIN
        ),
        "trust_env": not is_loopback(base_url),
        "verify": base_url.startswith("https:"),
        "follow_redirects": False,
    }
