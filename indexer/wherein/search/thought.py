"""What somebody thinks the answer to a question looks like: names, and a sketch of the code.

Each is a reading that is searched for and ranked beside the question itself (`standing_out.py`). Made-up code finds
real code that is similar, even if question and code share no word (L. Gao et al., "Precise Zero-Shot Dense Retrieval
without Relevance Labels", ACL 2023).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.search.query import Query, parse
from wherein.search.standing_out import Weight

NAMES, CODE = "thought_names", "thought_code"
"""The readings, by their names in a hit's parts."""

KNOWN: Mapping[str, Weight] = {NAMES: Weight(20, 0.2), CODE: Weight(20, 0.8)}
"""Thoughts of somebody who knows how such code is written: a person who searches, a coding agent."""

MADE_UP: Mapping[str, Weight] = {NAMES: Weight(10, 0.2), CODE: Weight(10, 0.5)}
"""Thoughts of a language model of any size. If they counted like the others, those of models with 135 and 500 million
parameters would harm (figures in benchmarks/results/sketches.md)."""

MOST_NAMES = 12

MOST_WORDS = 40
"""Of a sketch: its distinct names, in order."""

LONGEST_SKETCH = 4_000
LONGEST_TEXT = 100_000
"""Characters, of which names and sketch are read."""

_FENCED = re.compile(r"```[^\n]{0,80}\n(.*?)(?:```|\Z)", re.DOTALL)
_CODE = re.compile(
    r"\w\(|[{};][ \t]{0,20}$|=>|:="
    r"|^[ \t]{0,80}(?:async |pub |public |private |static )?(?:class|def|fn|fun|func|function|sub)\b",
    re.M,
)
_NAMES_LINE = re.compile(r"^[^\w\n]{0,20}names[^\w\n]{0,20}:(.*)$", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"[^\W\d]\w{2,79}")
_CALLED = re.compile(r"([^\W\d]\w{2,79})\(")


@dataclass(frozen=True, slots=True)
class Thought:
    """Both may be empty."""

    names: tuple[str, ...] = ()
    sketch: str = ""
    """code, or what looks like it; its words count, not its form"""
    known: bool = False
    """by somebody who knows how such code is written"""

    @property
    def weights(self) -> Mapping[str, Weight]:
        """Of its readings, by their names."""
        return KNOWN if self.known else MADE_UP


def thought_of(text: str) -> Thought:
    """A thought out of what a model wrote, in whatever form: names from a line that begins so, or marked as code; the
    sketch from its block of code, or all of it where that is code: prose says the question again."""
    text = text[:LONGEST_TEXT]
    fenced = _FENCED.search(text)
    line = _NAMES_LINE.search(text)
    told = line[1] if line else " ".join(re.findall(r"`([^`\n]{3,80})`", _FENCED.sub("", text)))
    sketch = fenced[1] if fenced else _NAMES_LINE.sub("", text)
    if not fenced and not _CODE.search(sketch):
        sketch = ""
    names = dict.fromkeys(_NAME.findall(told))
    return Thought(tuple(list(names)[:MOST_NAMES]), sketch[:LONGEST_SKETCH].strip())


def sketched(text: str) -> Thought:
    """The same of somebody who knows what the answer looks like: a name that is called or defined there is a name."""
    thought = thought_of(text)
    sketch = thought.sketch or text[:LONGEST_SKETCH]
    names = thought.names or tuple(dict.fromkeys(_CALLED.findall(sketch)))[:MOST_NAMES]
    return Thought(names, sketch, known=True)


def leaves_open(question: Query) -> bool:
    """Whether what answers it may be what it does not say: not where it says exactly what must be found, by quotes, a
    place, a pasted text, or filters alone."""
    return not (question.lists or question.phrases or question.frames or question.pasted)


def thought_readings(thought: Thought, question: Query) -> dict[str, Query]:
    """The queries that a thought comes to, under the filters of the question. None if the question leaves nothing
    open."""
    if not leaves_open(question):
        return {}
    texts = {
        NAMES: " ".join(f"`{name}`" for name in thought.names[:MOST_NAMES] if _NAME.fullmatch(name)),
        CODE: " ".join(list(dict.fromkeys(_NAME.findall(thought.sketch)))[:MOST_WORDS]),
    }
    found = {}
    for name, text in texts.items():
        try:
            found[name] = replace(parse(text, question.filters), phrases=(), title="")
        except ConfigError:  # nothing in it that could be looked for
            continue
    return found
