"""A language model that writes one sentence about a definition (`wherein index --describe`)."""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b

from wherein.config.settings import Settings
from wherein.endpoint.loopback import is_loopback
from wherein.errors import ConsentMissing, EndpointUnreachable
from wherein.quick_dataclass import dataclass
from wherein.redaction import shown_url
from wherein_server.explain.defuse import restore
from wherein_server.explain.endpoint.chat import Reply, chat
from wherein_server.explain.endpoint.choose import runs_in_cloud
from wherein_server.explain.endpoint.discover import discover
from wherein_server.explain.endpoint.endpoint import Endpoint
from wherein_server.explain.endpoint.failures import (
    BrokenOff,
    NoEndpoint,
    NothingSaid,
    NotUnderstood,
    Overflow,
    RolesRefused,
    Stalled,
)
from wherein_server.explain.endpoint.listing import Model
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.explain.prompt import MESSAGE_TOKENS, Prompt
from wherein_server.explain.rendering import clean, fenced, words

LONGEST_ANSWER = 160
"""Tokens that the model may write: a sentence has some 30."""

LONGEST_SECONDS = 60.0
"""After the first word's time: for a model that writes on and on, a word now and then."""

FEWEST_CHARACTERS = 200
"""A shorter piece of a definition tells nothing."""

_PASSING = (NothingSaid, NotUnderstood, Overflow, BrokenOff)
"""What one text may be to blame for: the next is asked about all the same, until it happens again and again."""


@dataclass(slots=True)
class Writer:
    """A `Describer`."""

    endpoint: Endpoint
    prompt_tokens: int = 0
    completion_tokens: int = 0
    """as the server counts them"""
    problem: EndpointUnreachable | None = None
    """why the last answer was none"""

    @property
    def model(self) -> str:
        """By the name that its server lists it under."""
        return self.endpoint.model

    @property
    def shown_url(self) -> str:
        """Where it runs, for people."""
        return shown_url(self.endpoint.base_url)

    @property
    def version(self) -> str:
        """Of what it is told."""
        told = "\0".join((str(words()["describe"]["system"]), str(words()["describe"]["task"])))
        return blake2b(told.encode(), digest_size=6).hexdigest()

    def describe(self, code: str) -> str:
        """What the model says; empty if it says nothing that can be read, which `problem` tells of. Raises
        EndpointUnreachable if nobody could be asked."""
        self.problem = None
        try:
            return asyncio.run(self._described(code))
        except _PASSING as problem:
            self.problem = problem
            return ""

    async def _described(self, code: str) -> str:
        endpoint = self.endpoint.of_length(LONGEST_ANSWER)
        seconds = endpoint.llm.first_token_timeout + LONGEST_SECONDS
        said: list[str] = []
        try:
            async with asyncio.timeout(seconds):
                self._count(await _asked(endpoint, _prompt(code, endpoint.prompt_tokens), said))
        except TimeoutError:
            raise Stalled(
                f"The language model did not end its sentence within {seconds:.0f} s.",
                remedy="a smaller model answers sooner; set llm.model",
            ) from None
        return restore("".join(said))

    def _count(self, reply: Reply) -> None:
        self.prompt_tokens += reply.prompt_tokens or 0
        self.completion_tokens += reply.completion_tokens or 0


def writer(endpoint: Endpoint) -> Writer:
    """Someone who describes. Raises ConsentMissing if code would leave the machine and the user has not said that it
    may; NoEndpoint if nothing else may be used."""
    where = _elsewhere(endpoint)
    if where:
        if endpoint.settings.offline:
            raise NoEndpoint(
                f"{where} is not on this machine, so it is not used offline.",
                remedy="leave out --offline",
            )
        if (endpoint.llm.describe_consent or "").rstrip("/") not in _names(endpoint):
            raise ConsentMissing(
                f"{where} is not on this machine: the code of every definition without a comment would be sent "
                "there, one after another (whatever looks like a password or key is masked first).",
                remedy=f"to allow it, set llm.describe_consent to {shown_url(endpoint.base_url)}",
            )
    return Writer(endpoint)


def find_endpoint(settings: Settings) -> Endpoint:
    """The endpoint that is to be asked. Raises EndpointUnreachable."""
    return asyncio.run(discover(settings))


def _elsewhere(endpoint: Endpoint) -> str:
    """Who gets the code, where that is not this machine."""
    if not is_loopback(endpoint.base_url):
        return shown_url(endpoint.base_url)
    if endpoint.remote or runs_in_cloud(Model(endpoint.model)):
        return f"The model {endpoint.model} of {shown_url(endpoint.base_url)}"
    return ""


def _names(endpoint: Endpoint) -> Sequence[str]:
    """By which its URL may be agreed to."""
    return endpoint.base_url, endpoint.base_url.removesuffix("/v1")


async def _asked(endpoint: Endpoint, prompt: Prompt, said: list[str]) -> Reply:
    """One that takes no system message is asked again without."""
    try:
        return await chat(endpoint, prompt.messages(), said.append)
    except RolesRefused:
        said.clear()
        return await chat(endpoint, prompt.messages(folded=True), said.append)


def _prompt(code: str, tokens: int) -> Prompt:
    """The beginning of the code that fits."""
    shown = words()["describe"]
    room = tokens - MESSAGE_TOKENS - estimate_tokens(shown["system"]) - estimate_tokens(shown["task"])
    text = clean(code)
    while estimate_tokens(text) > room and len(text) > FEWEST_CHARACTERS:
        text = text[: len(text) * 3 // 4]
    return Prompt(shown["system"], shown["task"].format(code=fenced(text)))
