"""How a server can fail, each with its sentence and what mends it."""

from wherein.errors import EndpointUnreachable

HOW_TO_START = (
    "start one, such as `ollama run mistral` or `llama-server -hf ggml-org/…`; docs/explain.md tells how"
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


class NothingSaid(EndpointUnreachable):
    """The answer was empty."""


class ServerFailed(EndpointUnreachable):
    """The server reports an error of its own."""


class Overflow(EndpointUnreachable):
    """The prompt is longer than the model's context window."""

    def __init__(self, message: str, *, window: int | None = None, prompt_tokens: int | None = None) -> None:
        super().__init__(message, remedy="set llm.context_tokens to what the model is run with")
        self.window = window
        self.prompt_tokens = prompt_tokens
        """as the server counted them, where it told"""


class RolesRefused(EndpointUnreachable):
    """The model's template takes no system message."""
