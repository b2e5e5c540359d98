"""Records what was asked and how long it took, for `wherein stats`. The records stay in the data folder.

Nothing is noted until a program says who it is (`record_as`): a script that imports wherein leaves no trace. What was
asked, and what was found, is never noted but with the setting `stats.queries`.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wherein.config.settings import Settings

Facts = dict[str, str | int | float]

_who: str | None = None
_inside: ContextVar[bool] = ContextVar("inside", default=False)


def record_as(who: str | None) -> None:
    """From now on this process's questions and updates are noted as of `who` (`cli`, `lsp`, …); None: not at all."""
    global _who
    _who = who


@contextmanager
def measured(settings: "Settings", what: str, repository: str, *, query: str = "") -> Iterator[Facts]:
    """Note how long the block took, with what it puts into the facts. A question that another one asks is a part of it,
    and is not noted by itself."""
    facts: Facts = {}
    if _who is None or not settings.stats.record or _inside.get():
        yield facts
        return
    began, token = time.perf_counter(), _inside.set(True)
    try:
        yield facts
    except Exception as error:
        facts["error"] = type(error).__name__
        raise
    finally:
        _inside.reset(token)
        note(settings, what, repository, time.perf_counter() - began, facts, query=query)


@contextmanager
def unnoted() -> Iterator[None]:
    """The block is a part of a question that is noted in another thread."""
    token = _inside.set(True)
    try:
        yield
    finally:
        _inside.reset(token)


def note(
    settings: "Settings", what: str, repository: str, seconds: float, facts: Facts, *, query: str = ""
) -> None:
    """Add one line to the journal; without a word where that is not possible."""
    if _who is None or not settings.stats.record:
        return
    from wherein.measured.journal import append

    line: Facts = {"what": what, "by": _who, "repository": repository, "seconds": round(seconds, 6), **facts}
    if query and settings.stats.queries:
        line["query"] = query
    append(settings.data_dir, line)
