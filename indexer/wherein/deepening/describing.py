"""Describes definitions without a doc comment, by sentences of a language model.

Who writes them is handed in: this package talks to no language model.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from wherein.errors import EndpointUnreachable, WhereinError
from wherein.places import places
from wherein.profile import has_doc
from wherein.quick_dataclass import dataclass
from wherein.search.rank.kinds import DEFINITIONS
from wherein.store.deep import DeepModel, content_of
from wherein.store.description import DESCRIBED, LONGEST_SENTENCE, WIDTH, cut, nothing, one_line, packed
from wherein.store.protocol import Candidate

if TYPE_CHECKING:
    from wherein.store.deep import Row

LONGEST_CODE = 6_000
"""Characters of a definition that are shown: 150 lines, and some 2,000 tokens of a model's window."""

FEWEST_LINES = 2
"""A definition of one line says it by itself."""

UNUSABLE_IN_A_ROW = 5
"""Answers, after which the model is taken for one that cannot do it, and the run ends."""


@dataclass(frozen=True, slots=True)
class DescribeReport:
    """What a run did."""

    model: str
    """who wrote"""
    written: int = 0
    """sentences"""
    unusable: int = 0
    """definitions of which the model said nothing that can be kept"""
    described: int = 0
    """definitions of the view that have a sentence now, by whichever model"""
    looked_at: int = 0
    chunks: int = 0
    """of the view, and how many of them were looked at by now: most are no definition, or have a comment"""
    seconds: float = 0.0
    busy: bool = False
    """another process describes this index"""


class Describer(Protocol):
    """Writes one sentence about a definition, by a language model."""

    @property
    def model(self) -> str:
        """Who writes, as it is shown."""
        ...

    @property
    def version(self) -> str:
        """What it is told to do: another version writes other sentences."""
        ...

    @property
    def problem(self) -> WhereinError | None:
        """Why the last answer was empty, where that is known."""
        ...

    def describe(self, code: str) -> str:
        """What the model says, a stranger's text; empty for nothing. Raises WhereinError if it cannot be asked."""
        ...


class Unusable(EndpointUnreachable):
    """The model answers, but no sentence."""


class Describing:
    """A `Maker`. One text a time: each sentence is stored when it is there."""

    answers = False
    batch = 1
    at_once = 1

    def __init__(self, describer: Describer, most: int | None = None) -> None:
        """At most so many sentences, where that is said."""
        self._describer = describer
        self._unusable: set[str] = set()
        self._in_a_row = 0
        self._most = most
        self.written = 0
        """sentences by now"""
        self.model = DeepModel(DESCRIBED, WIDTH, "")

    @property
    def unusable(self) -> int:
        """Definitions of which the model said nothing that can be kept; they are asked about again by the next run."""
        return len(self._unusable)

    @property
    def enough(self) -> bool:
        """Whether as many were written as were wanted."""
        return self._most is not None and self.written >= self._most

    def texts(self, chunks: Sequence[Candidate], texts: Sequence[str], wanted: Sequence[bool]) -> list[str]:
        """The code of definitions without a doc comment. Of a long one, which is cut, the first part stands for it."""
        return [
            text[:LONGEST_CODE] if is_wanted and _wants(each) else ""
            for each, text, is_wanted in zip(chunks, texts, wanted, strict=True)
        ]

    def content(self, text: str) -> bytes:
        """Of who writes, what he is told to do, and the code, which is stored without its secrets."""
        if not text:
            return content_of("")
        return content_of("\0".join((self._describer.model, self._describer.version, text)))

    def make(self, texts: "Sequence[str]") -> "Sequence[Row | None]":
        """Rows of what the model says. Raises Unusable if it says nothing of use again and again."""
        return [self._row(text) for text in texts]

    def _row(self, text: str) -> "Row | None":
        if not text.strip():
            return nothing()
        if self.enough or text in self._unusable:
            return None
        sentence = first_sentence(self._describer.describe(text))
        if not sentence:
            self._unusable.add(text)
            self._in_a_row += 1
            if self._in_a_row >= UNUSABLE_IN_A_ROW:
                raise self._describer.problem or Unusable(
                    f"The language model {one_line(self._describer.model)} gave no usable sentence "
                    f"{UNUSABLE_IN_A_ROW} times in a row.",
                    remedy="choose another model with llm.model",
                )
            return None
        self._in_a_row = 0
        self.written += 1
        return packed(sentence, one_line(self._describer.model))


def _wants(chunk: Candidate) -> bool:
    part = places(chunk.profile, chunk.start_line).part
    return (
        chunk.kind in DEFINITIONS
        and bool(chunk.symbol)
        and not has_doc(chunk.profile)
        and (part is None or part[0] == 1)
        and chunk.end_line - chunk.start_line + 1 >= FEWEST_LINES
    )


def first_sentence(said: str) -> str:
    """One sentence out of what a model wrote: its first line with words, without the marks around it; empty if that is
    markup or code, or says nothing."""
    for line in said[: 8 * LONGEST_SENTENCE].splitlines():
        plain = one_line(line).strip("`*_#>\"'“” -")
        if any(character.isalpha() for character in plain):
            break
    else:
        return ""
    if plain.startswith(("<", "{", "[")) or len(plain.split()) < 2:
        return ""
    end = next(
        (at for at in range(len(plain) - 1) if plain[at] in ".!?" and plain[at + 1] == " " and at > 20), None
    )
    return cut(plain if end is None else plain[: end + 1], LONGEST_SENTENCE)
