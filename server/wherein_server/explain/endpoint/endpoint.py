"""A server and one of its models, ready to be asked."""

from dataclasses import replace
from pathlib import Path

from wherein.config.language_model import LlmSettings
from wherein.config.settings import Settings
from wherein.quick_dataclass import dataclass

UNTOLD_WINDOW = 4_096
"""Tokens, where neither the server nor the settings tell: what Ollama runs a model with by default, which then cuts
longer prompts without a word."""

MOST_PROMPT_TOKENS = 8_000
"""However large the window: 7 billion parameters on a laptop's processor read some 40 tokens a second, and further
snippets explain ever less."""

ANSWER_SHARE = 0.25
"""Of the window, at most, is kept for the answer."""

UNTOLD_PROMPT_TOKENS = int(UNTOLD_WINDOW * (1 - ANSWER_SHARE))
"""What a prompt may take where nothing is known of the server."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Made by `discover`."""

    base_url: str
    """with its /v1, without a slash at the end"""
    model: str
    window: int | None
    """tokens of prompt and answer together, where the server or the settings tell"""
    settings: Settings
    remote: bool = False
    """its server says that the model runs on another machine"""

    @property
    def llm(self) -> LlmSettings:
        """What is set for it."""
        return self.settings.llm

    @property
    def cache_folder(self) -> Path:
        """Where its answers are kept."""
        return self.settings.data_dir / "answers"

    def of_length(self, tokens: int) -> "Endpoint":
        """The same, asked for answers of at most so many tokens."""
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
