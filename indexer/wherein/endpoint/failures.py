"""How a server can fail, each with its sentence and remedy, and how each server words it."""

import json
import re
from typing import Any

from wherein.errors import EndpointUnreachable
from wherein.quick_dataclass import dataclass

LONGEST_REASON = 300
"""Characters of a server's own words that are passed on."""

_OVERFLOW = re.compile(
    r"exceed_context|context_length_exceeded|maximum context|context (?:size|length|window|overflow)|"
    r"(?:prompt|input|request)[^.]{0,60}(?:too long|too large|exceeds?|longer than|must have less)|too many tokens|"
    r"batch size|tokens to keep",
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


class ServerFailed(EndpointUnreachable):
    """The server reports an error of its own."""


class Busy(ServerFailed):
    """The server cannot answer now: it loads its model, or has too much to do."""


class Overflow(EndpointUnreachable):
    """What was sent is longer than the model's context window."""

    def __init__(
        self, message: str, *, remedy: str, window: int | None = None, prompt_tokens: int | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.window = window
        self.prompt_tokens = prompt_tokens
        """as the server counted them, where it told"""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a server is asked for, and the settings that say so, for the sentences."""

    server: str
    """`The language model's server`"""
    url: str
    """its setting"""
    model: str
    key: str
    """how a key is given"""
    too_long: str
    """a sentence's beginning"""
    shorten: str
    """what mends that"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a server says of its failure, whatever it calls it."""

    message: str = ""
    kind: str = ""
    numbers: dict[str, int] | None = None

    @property
    def words(self) -> str:
        """All that may be searched for a cause."""
        return f"{self.message} {self.kind}"


def failure(base_url: str, status: int, said: Said, purpose: Purpose) -> EndpointUnreachable:
    """What a response that is no answer means. `status` is the HTTP status, or 200 for an error inside an answer."""
    server = f"{purpose.server} at {base_url}"
    reason = f": {said.message}" if said.message else f" with HTTP status {status}"
    if status in (401, 403):
        return AccessDenied(f"{server} refuses access{reason}.", remedy=purpose.key)
    if 300 <= status < 400:
        return NotUnderstood(
            f"{base_url} redirects elsewhere, which is not followed.", remedy=f"set {purpose.url}"
        )
    if status == 413 or _OVERFLOW.search(said.words):
        numbers = said.numbers or {}
        return Overflow(
            f"{purpose.too_long}{reason}.",
            remedy=purpose.shorten,
            window=numbers.get("n_ctx") or _number(_WINDOW, said.message),
            prompt_tokens=numbers.get("n_prompt_tokens") or _number(_PROMPT, said.message),
        )
    if status in (429, 502, 503, 504):
        return Busy(f"{server} is not ready{reason}.", remedy="try again in a while")
    if status == 404 or _MODEL.search(said.words):
        return ModelMissing(
            f"{server} does not have what was asked for{reason}.",
            remedy=f"set {purpose.model} to one that it lists, and {purpose.url} to an address that ends with /v1",
        )
    return ServerFailed(f"{server} failed{reason}.")


def what_it_says(body: str) -> Said:
    """The message, its type and the numbers that come with it."""
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return Said("" if "<" in body[:200] else _short(body))
    if not isinstance(document, dict):
        return Said(_short(str(document)))
    error = next((document[key] for key in ("error", "detail", "message") if document.get(key)), document)
    if isinstance(error, list) and error:  # FastAPI's list of what does not fit
        error = {"message": "; ".join(_short(json.dumps(each)) for each in error[:3])}
    if isinstance(error, dict):
        numbers = {key: value for key, value in error.items() if isinstance(value, int)}
        message = error.get("message") or error.get("error") or json.dumps(error)
        return Said(_short(str(message)), f"{error.get('type', '')} {error.get('code', '')}", numbers)
    return Said(_short(str(error)), str(document.get("type", "")))


def _short(text: str) -> str:
    return " ".join(text.split()).rstrip(".")[:LONGEST_REASON]


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None
