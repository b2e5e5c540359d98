"""What models a server has, and how long their windows are."""

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wherein.errors import EndpointUnreachable
from wherein.quick_dataclass import dataclass
from wherein_server.explain.endpoint.connection import connect, read_body
from wherein_server.explain.endpoint.failures import Busy, NoEndpoint, NotUnderstood, Stalled, failure

if TYPE_CHECKING:
    import httpx2

ANSWERS_WITHIN = 5.0
"""Seconds for a listing, which no server has to think about."""

LOADS_WITHIN = 30.0
"""Seconds that a server which says that it loads its model is waited for."""

AGAIN_AFTER = 0.5
"""Seconds."""

_WINDOW_KEYS = (
    "max_model_len",
    "max_context_length",
    "context_length",
    "context_window",
    "loaded_context_length",
)
"""vLLM, Mistral's API, several, several, LM Studio."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as its server lists it."""

    name: str
    window: int | None = None
    """tokens of prompt and answer together"""
    remote: bool = False
    """the server itself says that it runs on another machine"""
    writes: bool = True
    """false where the server says that it is for embeddings"""


async def list_models(base_url: str, api_key: str | None = None) -> list[Model]:
    """The models of the server at a base URL, in its order. Raises EndpointUnreachable."""
    async with await connect(base_url, api_key=api_key, read_within=ANSWERS_WITHIN) as client:
        deadline = asyncio.get_running_loop().time() + LOADS_WITHIN
        while True:
            try:
                document = await _get(client, f"{base_url}/models", base_url)
                break
            except Busy:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(AGAIN_AFTER)
        models = _models(document, base_url)
        if models and all(model.window is None for model in models):
            root = base_url.removesuffix("/v1")
            models = (
                await _as_ollama_tells(client, root, models)
                or await _as_lm_studio_tells(client, root, models)
                or models
            )
        return models


async def _get(client: "httpx2.AsyncClient", url: str, base_url: str) -> object:
    import httpx2

    try:
        async with asyncio.timeout(ANSWERS_WITHIN), client.stream("GET", url) as response:
            body = await read_body(response)
    except (httpx2.TimeoutException, TimeoutError) as error:
        if isinstance(error, httpx2.ConnectTimeout):
            raise NoEndpoint(f"Nothing answers at {base_url}.") from None
        raise Stalled(
            f"The server at {base_url} takes connections but does not answer.", remedy="restart it"
        ) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        if isinstance(error, httpx2.ConnectError):
            raise NoEndpoint(f"Nothing answers at {base_url}.") from None
        raise NotUnderstood(f"What listens at {base_url} does not speak HTTP as expected.") from None
    if response.status_code != 200:
        raise failure(base_url, response.status_code, body)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _no_listing(base_url) from None


def _models(document: object, base_url: str) -> list[Model]:
    entries = (
        document
        if isinstance(document, list)
        else document.get("data")
        if isinstance(document, dict)
        else None
    )
    if not isinstance(entries, list):
        raise _no_listing(base_url)
    named = [
        entry
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]
    ]
    return [Model(entry["id"], _window(entry)) for entry in named]


def _no_listing(base_url: str) -> NotUnderstood:
    return NotUnderstood(
        f"What answers at {base_url} lists no models: it is not an OpenAI-compatible server.",
        remedy="set llm.base_url, which usually ends with /v1",
    )


def _window(entry: Mapping[str, Any]) -> int | None:
    meta = entry.get("meta")
    told = [meta.get("n_ctx")] if isinstance(meta, dict) else []  # llama-server
    told += [entry.get(key) for key in _WINDOW_KEYS]
    return next(filter(None, map(_tokens, told)), None)


def _tokens(value: object) -> int | None:
    """A number of tokens, if it is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


async def _as_ollama_tells(client: "httpx2.AsyncClient", root: str, models: list[Model]) -> list[Model]:
    """With what Ollama's own interface adds: models of a cloud, and the window that a loaded one is run with. Nothing
    if it is not Ollama."""
    tags = await _entries(client, f"{root}/api/tags", "models", "name")
    if not tags:
        return []
    running = await _entries(client, f"{root}/api/ps", "models", "name")
    found = []
    for model in models:
        tag, run = tags.get(model.name, {}), running.get(model.name, {})
        remote = bool(tag.get("remote_host") or tag.get("remote_model"))
        found.append(Model(model.name, _tokens(run.get("context_length")), remote=remote))
    return found


async def _as_lm_studio_tells(client: "httpx2.AsyncClient", root: str, models: list[Model]) -> list[Model]:
    """With what LM Studio's own interface adds: the window of a loaded model, and what a model is for. Nothing if it is
    not LM Studio."""
    told = await _entries(client, f"{root}/api/v0/models", "data", "id")
    if not told:
        return []
    found = []
    for model in models:
        about = told.get(
            model.name, {}
        )  # its max_context_length is what the model could do, not what it does
        window = _tokens(about.get("loaded_context_length"))
        found.append(Model(model.name, window, writes=about.get("type") != "embeddings"))
    return found


async def _entries(client: "httpx2.AsyncClient", url: str, key: str, name: str) -> dict[str, dict[str, Any]]:
    """The entries of a further listing by name; none where there is no such thing."""
    try:
        document = await _get(client, url, url)
    except EndpointUnreachable:
        return {}
    entries = document.get(key) if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return {}
    return {
        entry[name]: entry
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get(name), str)
    }
