"""How a language model's server can fail in its own ways; `wherein.endpoint.failures` has what all servers share."""

import re

from wherein.endpoint import failures
from wherein.endpoint.failures import (
    AccessDenied,
    BrokenOff,
    Busy,
    ModelMissing,
    NoEndpoint,
    NotUnderstood,
    Overflow,
    ServerFailed,
    Stalled,
)
from wherein.errors import EndpointUnreachable

__all__ = [
    "AccessDenied",
    "BrokenOff",
    "Busy",
    "ModelMissing",
    "NoEndpoint",
    "NotUnderstood",
    "NothingSaid",
    "OptionRefused",
    "Overflow",
    "RolesRefused",
    "ServerFailed",
    "Stalled",
    "failure",
]

HOW_TO_START = (
    "start one, such as `ollama run mistral` or `llama-server -hf REPOSITORY`, or set llm.base_url; "
    "docs/explain.md says how"
)

CHAT = failures.Purpose(
    server="The language model's server",
    url="llm.base_url",
    model="llm.model",
    key="set llm.api_key (or WHEREIN_LLM_API_KEY), with llm.base_url",
    too_long="The prompt does not fit the model's context window",
    shorten="set llm.context_tokens to what the model is run with",
)

_ROLES = re.compile(
    r"\broles?\b|alternat|system (?:message|prompt|role)|jinja|raise_exception|chat.?template", re.I
)
_SAYS_NOTHING = re.compile(r"^\s*(?:internal server error|error|500)?[\s.]*$", re.I)


class NothingSaid(EndpointUnreachable):
    """The answer was empty."""


class RolesRefused(ServerFailed):
    """The model's template takes no system message, or may not."""


class OptionRefused(ServerFailed):
    """The server does not know `stream_options`."""


def failure(base_url: str, status: int, body: str) -> EndpointUnreachable:
    """What a response that is no answer means. `status` is the HTTP status, or 200 for an error inside a stream."""
    said = failures.what_it_says(body)
    found = failures.failure(base_url, status, said, CHAT)
    if isinstance(found, AccessDenied | NotUnderstood | Overflow):
        return found
    if "stream_options" in said.words:
        return OptionRefused(found.message)
    refuses_roles = status in (200, 400, 422, 500) and _ROLES.search(said.words)
    if type(found) is ServerFailed and (
        refuses_roles or (status == 500 and _SAYS_NOTHING.match(said.message))
    ):
        return RolesRefused(found.message)
    return found
