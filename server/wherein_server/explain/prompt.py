"""The messages that put a context before a model."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from wherein_server.explain.context import Context, Snippet
from wherein_server.explain.defuse import defuse
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.explain.targets import Question, Target

MESSAGE_TOKENS = 32
"""What a template writes around two messages, generously."""

LONGEST_QUESTION = 4_000
"""Characters."""

_BLANKS = re.compile(r"\s+")
_TICKS = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: control tokens are defused in all of it."""

    system: str
    user: str

    def messages(self, *, folded: bool = False) -> list[dict[str, str]]:
        """One system and one user message; `folded` into one user message for templates that take no system's."""
        if folded:
            return [{"role": "user", "content": f"{self.system}\n\n{self.user}"}]
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]

    @property
    def tokens(self) -> int:
        """Estimated, from above."""
        return estimate_tokens(self.system) + estimate_tokens(self.user) + MESSAGE_TOKENS

    @property
    def bytes(self) -> int:
        """Its size in UTF-8."""
        return len(self.system.encode()) + len(self.user.encode())


def make_prompt(context: Context) -> Prompt:
    """The prompt for a context."""
    words = _words()
    snippets = "\n\n".join(_shown(snippet, words["role"]) for snippet in context.snippets)
    return Prompt(
        words["system"], f"{words['intro']}\n\n{snippets}\n\n{_task(context.target, context.definition)}"
    )


def fitted(context: Context, prompt_tokens: int) -> Context:
    """The same material, packed so that its whole prompt takes no more than `prompt_tokens` estimated tokens."""
    return context.within(max(0, prompt_tokens - overhead_tokens(context.target)))


def overhead_tokens(target: Target) -> int:
    """Estimated tokens of a prompt without its snippets."""
    words = _words()
    parts = (words["system"], words["intro"], _task(target, None))
    return sum(map(estimate_tokens, parts)) + MESSAGE_TOKENS


def _task(target: Target, definition: Snippet | None) -> str:
    if isinstance(target, Question):
        return str(_words()["ask"]).format(target=_clean(target.text[:LONGEST_QUESTION]))
    named = (
        f"`{_line(definition.symbol)}`"
        if definition and definition.symbol
        else f"the code at {_line(str(target))}"
    )
    return str(_words()["explain"]).format(target=named)


def _shown(snippet: Snippet, roles: dict[str, str]) -> str:
    heading = f"[{snippet.n}] {_line(snippet.path)}:{snippet.start_line}-{snippet.end_line}"
    about = [roles[snippet.role]]
    if snippet.symbol:
        about.insert(0, _line(snippet.symbol))
    if not snippet.whole:
        about.append("shortened")
    text = _clean(snippet.text)
    fence = "`" * max(
        3, *(len(run) + 1 for run in _TICKS.findall(text)), 3
    )  # the code cannot end its own block
    return f"{heading} ({', '.join(about)})\n{fence}{snippet.language}\n{text}\n{fence}"


def _line(name: str) -> str:
    """A name of the repository on one line."""
    return _clean(_BLANKS.sub(" ", name))


def _clean(text: str) -> str:
    """Text that is data: without control tokens, and without halves of characters, which are no UTF-8."""
    return defuse(text.encode("utf-8", "replace").decode())


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("wherein_server.explain").joinpath("prompt.toml").read_text("utf-8"))
