"""The process that parses. It holds nothing that would be missed, so limits may end it.

A request, (task, language, text), comes in on standard input, its answer goes out on standard output; a request with an
empty text has none, but makes the language ready. The process imports parsers, no arrays, and is begun without `site`:
it is ready after 50 ms.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, BinaryIO

from wherein.parsing import frames, limits
from wherein.parsing.frames import DONE, FAULT, OUT_OF_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from wherein.languages.registry import Language

RECYCLED_MEMORY = 384 << 20
"""A process that once held so much ends after its answer, so that nothing it may have kept is held against the next
text."""

IDLE_SECONDS = 600
"""Without a request for so long it ends; 30 MB are free again."""

COLLECTED_AFTER = 100_000
"""New objects between two looks for cycles."""


def main() -> None:
    """Answer requests until the input ends."""
    limits.make_mortal()
    limits.bound_memory()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not break the answers
    gc.set_threshold(COLLECTED_AFTER, 10, 10)
    gc.enable()
    requests = os.fdopen(0, "rb", buffering=0)  # nothing is read ahead: `_waits` would not see it
    frames.write(answers, None)
    while _waits(requests):
        try:
            task, name, text = frames.read(requests)
        except EOFError:
            return
        answer = _answer(task, name, text)
        if text:
            frames.write(answers, answer)
        if answer[0] == OUT_OF_MEMORY or _peak() > RECYCLED_MEMORY:
            return


def _answer(task: str, name: str, text: str) -> tuple[int, Any]:
    from wherein.languages import registry

    try:
        language = registry.get(name)
        made = _TASKS[task](language)
        with limits.limited(len(text)):
            return DONE, made(text)
    except MemoryError:
        return OUT_OF_MEMORY, None
    except Exception:
        import traceback

        return FAULT, traceback.format_exc()


def _definitions(language: Language) -> Callable[[str], list[tuple[Any, ...]]]:
    from wherein.chunking import definitions

    _ = language.query  # loading it is not the text's fault
    return lambda text: list(map(tuple, definitions.chunk(text, language)))


def _calls(language: Language) -> Callable[[str], list[tuple[Any, ...]]]:
    from wherein.search.calls import sites

    _ = language.calls

    values = _values(sites.Site)
    return lambda text: [values(site) for site in sites.sites_in(text, language)]


def _values(kind: type) -> Callable[[object], tuple[Any, ...]]:
    """What gives a dataclass's values in the order of its fields."""
    return attrgetter(*(field.name for field in fields(kind)))


_TASKS = {"definitions": _definitions, "calls": _calls}


def _waits(requests: BinaryIO) -> bool:
    """Whether a request comes before the idle time is over."""
    if sys.platform == "win32":
        return True
    import select

    return bool(select.select([requests], [], [], IDLE_SECONDS)[0])


def _peak() -> int:
    """The most memory that this process has held, in bytes."""
    if sys.platform == "win32":
        return 0
    import resource

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held = held if sys.platform == "darwin" else held << 10
    if held > RECYCLED_MEMORY and sys.platform == "linux":
        # It counts what the process that began this one held as well; the kernel's other figure does not.
        with contextlib.suppress(OSError), open("/proc/self/status", "rb") as status:  # noqa: PTH123
            return next((int(line.split()[1]) << 10 for line in status if line.startswith(b"VmHWM:")), held)
    return held
