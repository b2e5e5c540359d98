"""One question to every repository that it concerns, and one answer from all of them."""

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from wherein.errors import IndexIncompatible, IndexMissing, NotAgreed, StoreUnreachable, WhereinError
from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.marks import Marker
from wherein_server.lsp.results import Block, index_block, joined, results
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

T = TypeVar("T")

STALE_SECONDS = 5.0
"""After a question, the index is compared with the disk if the last comparison is older than this: not every editor
reports files that changed under it."""

CANNOT_BE_READ = (IndexMissing, IndexIncompatible, NotAgreed, StoreUnreachable)
"""What keeps one repository from answering, and no other from being asked."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one repository answers."""

    results: list[dict[str, Any]]
    block: Block


@dataclass(frozen=True, slots=True)
class Form:
    """In which form results are wanted."""

    offset: int = 0
    """how many results, over all repositories, to skip"""
    marker: Marker | None = None
    """finds the words to highlight besides the names"""
    fast: bool = False
    """for somebody who is typing: short texts, and nothing is started that the answer does not need"""


Finding = Callable[["Index", Served, int], Sequence[Hit]]
"""Finds so many, if there are: one more than is listed, which tells that there are more. Runs in a thread."""

Making = Callable[["Index", Served, int], list[dict[str, Any]]]
"""As `Finding`; what it finds is as it is sent."""


async def ask(
    server: WhereinServer,
    asked: Sequence[Served],
    find: Finding,
    limit: int,
    send_partial: Callable[[Any], None] | None = None,
    form: Form = Form(),  # noqa: B008 (frozen)
) -> dict[str, Any]:
    """What `find` finds, in the form of `answered`."""
    buffers, encoding = server.buffers(), server.encoding

    def make(index: "Index", served: Served, most: int) -> list[dict[str, Any]]:
        hits = find(index, served, most)
        return results(served.repository, hits, buffers, encoding, form.marker, short=form.fast)

    return await answered(server, asked, make, limit, send_partial, form)


async def answered(
    server: WhereinServer,
    asked: Sequence[Served],
    make: Making,
    limit: int,
    send_partial: Callable[[Any], None] | None = None,
    form: Form = Form(),  # noqa: B008 (frozen)
) -> dict[str, Any]:
    """The answer in the contract's form, whether there is `more` than the limit, and what was `left_out`: one sentence
    for each repository that could not be searched and that nothing is about to index. Each repository's best hit comes
    before any second best, because scores of different ones do not compare."""
    parts: list[Part] = []
    problems: list[WhereinError] = []
    left_out: list[str] = []
    for served in asked:
        try:
            part = await server.in_thread(_part, served, make, limit + 1)
        except CANNOT_BE_READ as problem:
            problems.append(problem)
            if not _will_be_indexed(served, problem):
                left_out.append(readable(problem.message))
            _take_up(served, problem)
            continue
        served.state.read(None)
        parts.append(part)
        if send_partial is not None and not form.offset:
            send_partial({"index": part.block, "results": part.results[:limit]})
        if served.automatic and not form.fast:
            served.updater.request_if_older(STALE_SECONDS)
    ranked = [hit for hit in chain(*zip_longest(*(part.results for part in parts))) if hit is not None]
    if problems and not parts:
        raise problems[0]
    told = joined([part.block for part in parts])
    if problems:  # some of what was asked for could not be looked at
        told["complete"] = False
    ranked = ranked[form.offset :]
    return {"index": told, "results": ranked[:limit], "more": len(ranked) > limit, "left_out": left_out}


async def once_indexed(
    server: WhereinServer,
    served: Served,
    read: Callable[[], T],
    until: tuple[type[WhereinError], ...] = (IndexMissing,),
) -> T:
    """What `read` finds, in a thread. If it fails for one of these reasons while files are being indexed, or are about
    to be for the first time, what it finds after that."""
    try:
        return await server.in_thread(read)
    except until as error:
        first = served.automatic and isinstance(error, IndexMissing)
        if not (first or served.updater.running):
            raise
    await served.updater.update()
    return await server.in_thread(read)


def _will_be_indexed(served: Served, problem: WhereinError) -> bool:
    return isinstance(problem, IndexMissing) and (served.automatic or served.updater.running)


def _take_up(served: Served, problem: WhereinError) -> None:
    """Report a failure, and have an update try again: an index that was deleted under us, a store that is away."""
    away = isinstance(problem, StoreUnreachable)
    if away:
        served.state.read(problem)
    if served.automatic and (away or isinstance(problem, IndexMissing)):
        served.updater.request_if_older(0.0 if away else STALE_SECONDS)


def _part(served: Served, make: Making, most: int) -> Part:
    def read(index: "Index") -> Part:
        told = index_block(index, served)
        try:
            return Part(make(index, served, most), told)
        except IndexMissing:
            return Part([], told)

    return served.repository.reading(read)
