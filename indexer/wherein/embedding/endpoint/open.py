"""Settings → a server's embedder, if the server may be asked."""

from urllib.parse import urlsplit

from wherein.config.settings import Settings
from wherein.embedding.endpoint.embedder import EndpointEmbedder
from wherein.embedding.prompts import prompts_for
from wherein.endpoint.failures import NoEndpoint
from wherein.endpoint.loopback import is_loopback
from wherein.errors import ConsentMissing
from wherein.redaction import shown_url

DEFAULT_URL = "http://127.0.0.1:11434/v1"
"""Where Ollama listens."""


def open_endpoint(model: str, settings: Settings) -> EndpointEmbedder:
    """The embedder of `deep_model = "endpoint:MODEL"`. Raises EndpointUnreachable; ConsentMissing if code would leave
    the machine and the user did not say that it may."""
    url = endpoint_url(settings)
    may_be_asked(url, settings)
    prompts = prompts_for(model, query=settings.deep_query_prefix, document=settings.deep_document_prefix)
    return EndpointEmbedder(
        url,
        model,
        data_dir=settings.data_dir,
        api_key=settings.deep_api_key if settings.deep_endpoint else None,
        dimension=settings.deep_dimension,
        prompts=prompts,
        price=settings.deep_price,
    )


def endpoint_url(settings: Settings) -> str:
    """The server's base URL, with the /v1 that may be left out."""
    given = settings.deep_endpoint or DEFAULT_URL
    return given if urlsplit(given).path.strip("/") else f"{given}/v1"


def leaves_the_machine(url: str) -> str:
    """What is sent to a server that is not here, for who has to agree; "" for one that is."""
    if is_loopback(url):
        return ""
    return (
        f"{shown_url(url)} is not on this machine: the text of every file that is indexed, piece by piece, and "
        "every question that is asked of an index would be sent there (whatever looks like a password or key is "
        "masked first)."
    )


def may_be_asked(url: str, settings: Settings) -> None:
    """Raises NoEndpoint for another machine where nothing else may be used, ConsentMissing if the user has not said
    yes."""
    if is_loopback(url):
        return
    if settings.offline:
        raise NoEndpoint(
            f"{shown_url(url)} is not on this machine, so it is not used offline.",
            remedy="leave out --offline, or set deep_endpoint to a server on this machine",
        )
    agreed = (settings.deep_consent or "").rstrip("/")
    if agreed != (settings.deep_endpoint or ""):
        raise ConsentMissing(
            leaves_the_machine(url),
            remedy=f"to allow it, run `wherein model use {settings.deep_model}`, or set deep_consent to that address",
        )
