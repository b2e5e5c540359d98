"""A server and one of its models, ready to be asked."""

from dataclasses import replace
from pathlib import Path

from wherein.config.language_model import LlmSettings
from wherein.config.settings import Settings
from wherein.quick_dataclass import dataclass

UNTOLD_WINDOW = 4_096
"""Tokens, if neither the server nor the settings say: what Ollama runs a model with by default, silently cutting longer
prompts."""

MOST_PROMPT_TOKENS = 8_000
"""However large the window is: 7 billion parameters on a laptop's processor read some 40 tokens a second, and further
snippets explain less and less."""

ANSWER_SHARE = 0.25
"""The largest share of the window that is kept for the answer."""

UNTOLD_PROMPT_TOKENS = int(UNTOLD_WINDOW * (1 - ANSWER_SHARE))
"""What a prompt may take if nothing is known about the server."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Made by `discover`."""

    base_url: str
    """with its /v1, without a slash at the end"""
    model: str
    window: int | None
    """tokens of prompt and answer together, if the server or the settings say"""
    settings: Settings
    remote: bool = False
    """whether its server says that the model runs on another machine"""

    @property
    def llm(self) -> LlmSettings:
        """Its settings."""
        return self.settings.llm

    @property
    def cache_folder(self) -> Path:
        """Where its answers are kept."""
        return self.settings.data_dir / "answers"

    def of_length(self, tokens: int) -> "Endpoint":
        """The same endpoint, asked for answers of at most this many tokens."""
        llm = replace(self.llm, max_tokens=min(tokens, self.llm.max_tokens))
        return replace(self, settings=replace(self.settings, llm=llm))

    @property
    def max_tokens(self) -> int:
        """The longest answer asked for, in tokens."""
        return min(self.llm.max_tokens, int((self.window or UNTOLD_WINDOW) * ANSWER_SHARE))

    @property
    def prompt_tokens(self) -> int:
        """What a prompt may take, in estimated tokens."""
        return min((self.window or UNTOLD_WINDOW) - self.max_tokens, MOST_PROMPT_TOKENS)
