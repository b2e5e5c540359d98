"""Which server to ask: the configured one, else the first on this machine."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from wherein.config.language_model import LlmSettings
from wherein.config.settings import Settings
from wherein.endpoint.loopback import is_loopback
from wherein.errors import EndpointUnreachable
from wherein_server.explain.endpoint.choose import choose, find
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import (
    HOW_TO_START,
    ModelMissing,
    NoEndpoint,
    NotUnderstood,
    ServerFailed,
)
from wherein_server.explain.endpoint.listing import Model, list_models

PORTS = (11434, 9931, 8080, 1234, 8000)
"""Ollama, llama-server, older llama-server, LM Studio, vLLM; in the order in which they are tried."""

LISTED = 5
"""Models named in an error."""


async def discover(settings: Settings, *, ports: Sequence[int] = PORTS) -> Endpoint:
    """The endpoint to ask. It is only asked for its list of models.

    Raises EndpointUnreachable, whose remedy says how to start or name one.
    """
    if settings.llm.base_url is not None:
        return await _configured(settings, settings.llm.base_url)
    problems: list[EndpointUnreachable] = []
    for port in ports:
        url = f"http://127.0.0.1:{port}/v1"
        try:
            model = _pick(await list_models(url), settings.llm, url)
        except EndpointUnreachable as problem:
            problems.append(problem)
        else:
            return _endpoint(url, model, settings)
    telling = [problem for problem in problems if not isinstance(problem, NoEndpoint | NotUnderstood)]
    if telling:
        raise telling[0]
    raise NoEndpoint(
        f"No language model's server answers on this machine (ports {', '.join(map(str, ports))}).",
        remedy=HOW_TO_START,
    )


async def _configured(settings: Settings, url: str) -> Endpoint:
    llm = settings.llm
    if settings.offline and not is_loopback(url):
        raise NoEndpoint(
            f"{url} is not on this machine, so it is not used offline.",
            remedy="leave out --offline, or set llm.base_url to a server on this machine",
        )
    try:
        url, models = await _listed(url, llm.api_key)
    except NoEndpoint as problem:
        raise NoEndpoint(problem.message, remedy=f"start it, or set llm.base_url; {HOW_TO_START}") from None
    except (ModelMissing, NotUnderstood):
        if llm.model is None:
            raise
        return _endpoint(url, Model(llm.model), settings)  # it lists nothing, and may still answer
    if llm.model is not None:
        return _endpoint(url, find(models, llm.model) or Model(llm.model), settings)
    return _endpoint(url, _pick(models, llm, url), settings)


async def _listed(url: str, key: str | None) -> tuple[str, list[Model]]:
    """The models, and the URL with the /v1 that was left out."""
    try:
        return url, await list_models(url, key)
    except (ModelMissing, NotUnderstood, ServerFailed):
        if urlsplit(url).path.strip("/"):
            raise
        return f"{url}/v1", await list_models(f"{url}/v1", key)


def _pick(models: Sequence[Model], llm: LlmSettings, url: str) -> Model:
    if llm.model is not None:
        if (found := find(models, llm.model)) is not None:
            return found
        raise ModelMissing(
            f"The server at {url} has no model {llm.model}{_there_is(models)}.",
            remedy="set llm.model to one of its models",
        )
    if (chosen := choose(models)) is not None:
        return chosen
    why = "has no model on that machine that writes text" if models else "has no model yet"
    raise ModelMissing(
        f"The server at {url} {why}{_there_is(models)}.",
        remedy="load one, for example with `ollama pull mistral`; one that runs in a cloud is used only when "
        "llm.model names it",
    )


def _there_is(models: Sequence[Model]) -> str:
    names = [model.name for model in models[:LISTED]]
    return f"; there is {', '.join(names)}{' and more' if len(models) > LISTED else ''}" if names else ""


def _endpoint(url: str, model: Model, settings: Settings) -> Endpoint:
    return Endpoint(
        url, model.name, settings.llm.context_tokens or model.window, settings, remote=model.remote
    )
