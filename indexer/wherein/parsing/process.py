"""The process that parses: it holds nothing that would be missed, so that limits may end it.

A request, (task, language, text), comes in on standard input, its answer goes out on standard output; a request with an
empty text has none, but makes the language ready. The process imports parsers, no arrays, and is begun without `site`:
it is ready after 50 ms.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, BinaryIO

from wherein.parsing import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wherein.languages.registry import Language

LEAST_SECONDS = 0.5
SECONDS_PER_CHARACTER = 3e-6
"""Processor time for a text. Of 37 MB of real code a character took 0.15 us, in the worst file 1 us."""

MOST_MEMORY = 768 << 20
"""Bytes of address space. A megabyte of real code, the largest file that is indexed by default, takes a third of it."""

RECYCLED_MEMORY = 384 << 20
"""A process that once held so much ends after its answer, so that nothing it may have kept is held against the next
text."""

IDLE_SECONDS = 600
"""Without a request for so long it ends; 30 MB are free again."""

COLLECTED_AFTER = 100_000
"""New objects between two looks for cycles."""

DONE, OUT_OF_MEMORY, FAULT = range(3)
"""How a request went. Out of time is no answer: the process has ended."""


def main() -> None:
    """Answer requests until the input ends."""
    _make_mortal()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not break the answers
    gc.set_threshold(COLLECTED_AFTER, 10, 10)
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
        with _limited(LEAST_SECONDS + SECONDS_PER_CHARACTER * len(text)):
            return DONE, made(text)
    except MemoryError:
        return OUT_OF_MEMORY, None
    except Exception:
        import traceback

        return FAULT, traceback.format_exc()


def _definitions(language: Language) -> Callable[[str], list[tuple[Any, ...]]]:
    from wherein.chunking import definitions
    from wherein.chunking.chunk import Chunk

    _ = language.query  # loading it is not the text's fault

    values = _values(Chunk)
    return lambda text: [values(chunk) for chunk in definitions.chunk(text, language)]


def _calls(language: Language) -> Callable[[str], list[tuple[Any, ...]]]:
    from wherein.search.calls import sites

    _ = language.calls

    values = _values(sites.Site)
    return lambda text: [values(site) for site in sites.sites_in(text, language)]


def _values(kind: type) -> Callable[[object], tuple[Any, ...]]:
    """What gives a dataclass's values in the order of its fields."""
    return attrgetter(*(field.name for field in fields(kind)))


_TASKS = {"definitions": _definitions, "calls": _calls}


def _make_mortal() -> None:
    """A parser that may not allocate aborts; no core is written of it (0 would still call a crash reporter, 1 does
    not). The signal of `_limited` ends this process whatever its parent does with that. Windows has none of this."""
    if sys.platform == "win32":
        return
    import resource

    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    for what, limit in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 1)):
        with contextlib.suppress(ValueError, OSError):  # there is a lower one, or none can be set
            resource.setrlimit(what, (limit, limit))


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End this process when it has worked for so long. A parser looks at no flag: only a signal that nothing handles
    ends it in time. Where there is none, the other process's clock does."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


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
