"""How a server can fail, each with its sentence and what mends it; and how each server words its failures."""

import json
import re
from typing import Any

from wherein.errors import EndpointUnreachable

HOW_TO_START = (
    "start one, such as `ollama run mistral` or `llama-server -hf REPOSITORY`, or set llm.base_url; "
    "docs/explain.md tells how"
)

LONGEST_REASON = 300
"""Characters of a server's own words that are passed on."""

_ROLES = re.compile(
    r"\broles?\b|alternat|system (?:message|prompt|role)|jinja|raise_exception|chat.?template", re.I
)
_OVERFLOW = re.compile(
    r"exceed_context|context_length_exceeded|maximum context|context (?:size|length|window|overflow)|"
    r"(?:prompt|input|request)[^.]{0,60}(?:too long|exceeds?)|too many tokens|tokens to keep",
    re.I,
)
_WINDOW = re.compile(
    r"(?:maximum context length (?:is|of)|context (?:size|length|window)[^\d]{0,30}|n_ctx[^\d]{0,5})\(?(\d{3,8})",
    re.I,
)
_PROMPT = re.compile(r"(?:request|prompt|messages|input)[^\d.]{0,40}?\(?(\d{3,8})\)? (?:input )?tokens", re.I)
_MODEL = re.compile(
    r"model\b.{0,200}(?:not found|does not exist|not exist|no such|not loaded|unknown)|no models? loaded",
    re.I,
)
_SAYS_NOTHING = re.compile(r"^\s*(?:internal server error|error|500)?[\s.]*$", re.I)


class NoEndpoint(EndpointUnreachable):
    """No server was found, or the configured one does not answer at all."""


class ModelMissing(EndpointUnreachable):
    """The server has no model that may be used."""


class AccessDenied(EndpointUnreachable):
    """The server asks for a key, or refuses the one it got."""


class Stalled(EndpointUnreachable):
    """The server took the question, and then nothing came for too long."""


class BrokenOff(EndpointUnreachable):
    """The answer ended in the middle."""


class NotUnderstood(EndpointUnreachable):
    """What answers does not speak the protocol."""


class NothingSaid(EndpointUnreachable):
    """The answer was empty."""


class ServerFailed(EndpointUnreachable):
    """The server reports an error of its own."""


class Busy(ServerFailed):
    """The server cannot answer now: it loads its model, or has too much to do."""


class Overflow(EndpointUnreachable):
    """The prompt is longer than the model's context window."""

    def __init__(self, message: str, *, window: int | None = None, prompt_tokens: int | None = None) -> None:
        super().__init__(message, remedy="set llm.context_tokens to what the model is run with")
        self.window = window
        self.prompt_tokens = prompt_tokens
        """as the server counted them, where it told"""


class RolesRefused(ServerFailed):
    """The model's template takes no system message, or may not."""


class OptionRefused(ServerFailed):
    """The server does not know `stream_options`."""


def failure(base_url: str, status: int, body: str) -> EndpointUnreachable:
    """What a response that is no answer means. `status` is the HTTP status, or 200 for an error inside a stream."""
    said, kind, numbers = _said(body)
    words = f"{said} {kind}"
    reason = f": {said}" if said else f" with HTTP status {status}"
    if status in (401, 403):
        return AccessDenied(
            f"The language model's server at {base_url} refuses access{reason}.",
            remedy="set llm.api_key (or WHEREIN_LLM_API_KEY), with llm.base_url",
        )
    if 300 <= status < 400:
        return NotUnderstood(
            f"{base_url} redirects elsewhere, which is not followed.", remedy="set llm.base_url"
        )
    if _OVERFLOW.search(words):
        window = numbers.get("n_ctx") or _number(_WINDOW, said)
        counted = numbers.get("n_prompt_tokens") or _number(_PROMPT, said)
        return Overflow(
            f"The prompt does not fit the model's context window{reason}.",
            window=window,
            prompt_tokens=counted,
        )
    if "stream_options" in words:
        return OptionRefused(f"The language model's server at {base_url} refuses the request{reason}.")
    if status in (429, 502, 503, 504):
        return Busy(
            f"The language model's server at {base_url} is not ready{reason}.", remedy="try again in a while"
        )
    if status == 404 or _MODEL.search(words):
        return ModelMissing(
            f"The language model's server at {base_url} does not have what was asked of it{reason}.",
            remedy="set llm.model to one that it lists, and llm.base_url with its /v1",
        )
    if (status in (200, 400, 422, 500) and _ROLES.search(words)) or (
        status == 500 and _SAYS_NOTHING.match(said)
    ):
        return RolesRefused(f"The language model's server at {base_url} failed{reason}.")
    return ServerFailed(f"The language model's server at {base_url} failed{reason}.")


def _said(body: str) -> tuple[str, str, dict[str, int]]:
    """The message, its type and the numbers that come with it, whatever they are called."""
    try:
        document: Any = json.loads(body)
    except ValueError:
        return ("" if "<" in body[:200] else _short(body)), "", {}
    if not isinstance(document, dict):
        return _short(str(document)), "", {}
    error = next((document[key] for key in ("error", "detail", "message") if document.get(key)), document)
    if isinstance(error, list) and error:  # FastAPI's list of what does not fit
        error = {"message": "; ".join(_short(json.dumps(each)) for each in error[:3])}
    if isinstance(error, dict):
        numbers = {key: value for key, value in error.items() if isinstance(value, int)}
        message = error.get("message") or error.get("error") or json.dumps(error)
        return _short(str(message)), f"{error.get('type', '')} {error.get('code', '')}", numbers
    return _short(str(error)), str(document.get("type", "")), {}


def _short(text: str) -> str:
    return " ".join(text.split()).rstrip(".")[:LONGEST_REASON]


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
