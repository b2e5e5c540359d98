"""What somebody else thinks that the answer to a question looks like: names, and a sketch of the code.

Each is a reading that is asked and ranked beside the question itself (`long.py`). Code that was made up finds real code
that is like it, where the question and the code share no word (L. Gao et al., "Precise Zero-Shot Dense Retrieval
without Relevance Labels", ACL 2023).
"""

import re
from dataclasses import dataclass, replace

from wherein.errors import ConfigError
from wherein.search.query import Query, parse

NAMES, CODE = "thought_names", "thought_code"
"""The readings, by the names under which they stand in a hit's parts."""

MOST_NAMES = 12

MOST_WORDS = 40
"""Of a sketch: its distinct names, in order."""

_NAME = re.compile(r"[^\W\d]\w{2,79}")


@dataclass(frozen=True, slots=True)
class Thought:
    """Both may be empty."""

    names: tuple[str, ...] = ()
    sketch: str = ""
    """code, or what looks like it; its words count, not its form"""


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
