"""What somebody else thinks that the answer to a question looks like: names, and a sketch of the code.

Each is a reading that is asked and ranked beside the question itself (`long.py`). Code that was made up finds real code
that is like it, where the question and the code share no word (L. Gao et al., "Precise Zero-Shot Dense Retrieval
without Relevance Labels", ACL 2023).
"""

import re
from collections.abc import Callable
from dataclasses import replace

from wherein.errors import ConfigError
from wherein.quick_dataclass import dataclass
from wherein.search.fusion import wholly
from wherein.search.query import Query, parse
from wherein.store.protocol import Candidate

NAMES, CODE = "thought_names", "thought_code"
"""The readings, by the names under which they stand in a hit's parts."""

MOST_NAMES = 12

MOST_WORDS = 40
"""Of a sketch: its distinct names, in order."""

GUESSED = 0.3
"""What counts of a place among what is found by the thought of a model that did not do all it was asked, where that is
no definition that it named. Twelve repositories that nothing was fitted to, NDCG@10: by the thoughts of a model of 135M
parameters, which did so 7 times in 84, .654 (with 1 for all .563, without thoughts .679); by sketches of a large one,
for questions that share no word with the code, .877 (without .392)."""

LEAST_NAME = 4
"""Letters: a shorter name is that of many things."""

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
    return Thought(names, sketch)


def thought_readings(thought: Thought, question: Query) -> dict[str, Query]:
    """The queries that a thought comes to, under the filters of the question. None where the question says exactly what
    must be found: by quotes, a place, a pasted text, or filters alone."""
    if question.lists or question.phrases or question.frames or question.pasted:
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


def share_of(thought: Thought | None, question: Query) -> Callable[[str, Candidate], float]:
    """How much a candidate's place in a reading counts: all of it in the question's own, and in those of a thought
    whose model gave both a name and a sketch, as it was asked. Otherwise all of it where the candidate is called as the
    thought says, in a word that the question has not, and `GUESSED` of it elsewhere."""
    if thought is None or (thought.names and thought.sketch):
        return wholly
    known = set(map(_squeezed, _NAME.findall(question.text)))
    told = {_squeezed(name) for name in (*thought.names, *_NAME.findall(thought.sketch))} - known
    named = {name for name in told if len(name) >= LEAST_NAME}

    def share(reading: str, candidate: Candidate) -> float:
        guessed = reading in (NAMES, CODE) and _squeezed(candidate.symbol) not in named
        return GUESSED if guessed else 1.0

    return share


def _squeezed(name: str) -> str:
    """Without what style puts between its parts."""
    return name.replace("_", "").casefold()
