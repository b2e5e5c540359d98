"""Which models an embedding server lists."""

import json

from wherein.config.settings import Settings
from wherein.embedding.endpoint.open import endpoint_url, may_be_asked
from wherein.endpoint.connection import client_options
from wherein.errors import WhereinError

ANSWERS_WITHIN = 2.0
"""Seconds for a listing, which no server has to think about."""

LARGEST = 2_000_000
"""Bytes of a listing."""

MOST = 200
"""Names that are taken from it."""

LIKELY = ("embed", "bge", "gte", "e5-", "minilm", "mpnet", "arctic")
"""In the names of models for embeddings, of which a server that writes texts as well has few."""


def listed(settings: Settings) -> list[str]:
    """The models of the server that is set, in its order; of the one that nobody set, those for embeddings by their
    names. None if it may not be asked, or does not answer soon."""
    url = endpoint_url(settings)
    try:
        may_be_asked(url, settings)
    except WhereinError:
        return []
    names = _names(_get(f"{url}/models", settings.deep_api_key if settings.deep_endpoint else None))
    if settings.deep_endpoint:
        return names
    return [name for name in names if any(part in name.lower() for part in LIKELY)]


def _get(url: str, api_key: str | None) -> bytes:
    import httpx2

    data = bytearray()
    try:
        with (
            httpx2.Client(**client_options(url, api_key=api_key, read_within=ANSWERS_WITHIN)) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                return b""
            for piece in response.iter_bytes():
                data += piece
                if len(data) > LARGEST:
                    return b""
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return b""
    return bytes(data)


def _names(data: bytes) -> list[str]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return []
    entries = document.get("data") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return []
    names = (entry.get("id") for entry in entries[:MOST] if isinstance(entry, dict))
    return [name for name in names if isinstance(name, str) and 0 < len(name) < 200]
