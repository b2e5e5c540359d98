"""The messages that put a context before a model."""

from collections.abc import Sequence
from dataclasses import replace

from wherein.quick_dataclass import dataclass
from wherein_server.explain.context import Context, Snippet
from wherein_server.explain.conversation import SHARE, Exchange, tokens_of, told, within
from wherein_server.explain.estimate import estimate_tokens
from wherein_server.explain.rendering import clean, one_line, rendered, symbol_line, words
from wherein_server.explain.targets import Question, Target

MESSAGE_TOKENS = 32
"""What a template writes around two messages, generously."""

SYMBOL_TOKENS = 40
"""What the name of a definition takes in the task, at most."""

LONGEST_QUESTION = 4_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: control tokens are defused in all of it."""

    system: str
    user: str
    examples: tuple[tuple[str, str], ...] = ()
    """what was asked before, as it were, and answered as it should be"""

    def messages(self, *, folded: bool = False) -> list[dict[str, str]]:
        """One system message and, behind those of the examples, one of the user; that of the system is `folded` into
        the first of the user for templates that take none."""
        said = [text for example in self.examples for text in example] + [self.user]
        if folded:
            said[0] = f"{self.system}\n\n{said[0]}"
        turns = [
            {"role": "user" if at % 2 == 0 else "assistant", "content": text} for at, text in enumerate(said)
        ]
        return turns if folded else [{"role": "system", "content": self.system}, *turns]

    @property
    def tokens(self) -> int:
        """Estimated, from above."""
        return sum(map(estimate_tokens, self._texts)) + MESSAGE_TOKENS * (1 + len(self.examples))

    @property
    def bytes(self) -> int:
        """Its size in UTF-8."""
        return sum(len(text.encode()) for text in self._texts)

    @property
    def _texts(self) -> list[str]:
        return [message["content"] for message in self.messages()]


def make_prompt(context: Context) -> Prompt:
    """The prompt for a context."""
    shown = words()
    parts = [shown["intro"], *(rendered(snippet) for snippet in context.snippets)]
    if context.history:
        parts.append(told(context.history, context.snippets))
    parts.append(_task(context.target, context.definition, context.question))
    return Prompt(shown["system"], "\n\n".join(parts))


def fitted(context: Context, prompt_tokens: int) -> Context:
    """The same material, packed so that its whole prompt takes no more than `prompt_tokens` estimated tokens. Earlier
    exchanges give way first."""
    history = within(context.history, int(prompt_tokens * SHARE))
    context = replace(context, history=history)
    return context.within(max(0, prompt_tokens - overhead_of(context)))


def overhead_of(context: Context) -> int:
    """Estimated tokens of a context's prompt without its snippets."""
    return overhead_tokens(context.target, context.question, context.history)


def overhead_tokens(target: Target, question: str = "", history: Sequence[Exchange] = ()) -> int:
    """Estimated tokens of a prompt without its snippets."""
    shown = words()
    parts = (shown["system"], shown["intro"], _task(target, None, question))
    named = 0 if isinstance(target, Question) else SYMBOL_TOKENS  # which symbol it is, is not known yet
    return sum(map(estimate_tokens, parts)) + named + MESSAGE_TOKENS + tokens_of(history)


def _task(target: Target, definition: Snippet | None, question: str = "") -> str:
    if isinstance(target, Question):
        return str(words()["ask"]).format(target=clean(target.text[:LONGEST_QUESTION]))
    named = (
        f"`{symbol_line(definition.symbol)}`"
        if definition and definition.symbol
        else f"the code at {one_line(str(target))}"
    )
    if question:
        return str(words()["follow_up"]).format(target=named, question=clean(question[:LONGEST_QUESTION]))
    return str(words()["explain"]).format(target=named)
