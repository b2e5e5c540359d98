"""What a model is shown: numbered snippets of the code, packed into its context window."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from wherein.quick_dataclass import dataclass
from wherein_server.explain.conversation import Exchange
from wherein_server.explain.pack import pack
from wherein_server.explain.targets import Target

Role: TypeAlias = Literal[
    "definition", "result", "callee", "caller", "possible", "neighbour", "documentation", "earlier"
]
"""Why a snippet is shown. `result` is what a search for a question found, `earlier` what an earlier answer was based
on; `possible` calls a method of an interface or parent class, in whose place the definition may run."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Whole lines of one file."""

    path: str
    """POSIX, relative to the repository's root"""
    start_line: int
    end_line: int
    """1-based, inclusive"""
    symbol: str
    """qualified; empty if nothing is defined"""
    kind: str
    language: str
    text: str
    role: Role
    focus: int = 0
    """the line that matters most, which stays if the snippet has to be shortened: of a call, of a target"""
    whole: bool = True
    """false if it was shortened"""
    n: int = 0
    """its number in the prompt, from 1; 0 while it has none"""


@dataclass(frozen=True, slots=True)
class Context:
    """The snippets for one target. Made by `gather`; `within` packs the same material again."""

    target: Target
    material: tuple[Snippet, ...]
    """everything that was found, most valuable first"""
    snippets: tuple[Snippet, ...]
    """what is shown, numbered from 1 in this order"""
    budget_tokens: int
    """estimated tokens that the snippets may take together"""
    notes: tuple[str, ...] = ()
    """sentences for people, such as that the name has another definition"""
    question: str = ""
    """what is asked about the definition; empty if it is to be explained"""
    history: tuple[Exchange, ...] = ()
    """what was asked and answered before"""

    @property
    def definition(self) -> Snippet | None:
        """The definition that is explained; None for a question."""
        return next(iter(self.of("definition")), None)

    @property
    def callees(self) -> tuple[Snippet, ...]:
        """What it calls."""
        return self.of("callee")

    @property
    def callers(self) -> tuple[Snippet, ...]:
        """What calls it."""
        return self.of("caller")

    @property
    def neighbours(self) -> tuple[Snippet, ...]:
        """What is beside it in its file."""
        return self.of("neighbour")

    @property
    def docs(self) -> tuple[Snippet, ...]:
        """Documents that mention it."""
        return self.of("documentation")

    @property
    def omitted(self) -> int:
        """How many snippets of the material did not fit."""
        return len(self.material) - len(self.snippets)

    def of(self, role: Role) -> tuple[Snippet, ...]:
        """The snippets shown for one reason."""
        return tuple(snippet for snippet in self.snippets if snippet.role == role)

    def within(self, budget_tokens: int) -> "Context":
        """The same material, packed into another budget for the snippets."""
        return replace(self, snippets=pack(self.material, budget_tokens), budget_tokens=budget_tokens)


def make_context(
    target: Target,
    material: Sequence[Snippet],
    budget_tokens: int,
    notes: Sequence[str] = (),
    *,
    question: str = "",
    history: Sequence[Exchange] = (),
) -> Context:
    """Number and pack what was found."""
    packed = pack(material, budget_tokens)
    return Context(target, tuple(material), packed, budget_tokens, tuple(notes), question, tuple(history))
