"""One question to every repository that it concerns, and one answer from all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

from wherein.errors import IndexIncompatible, IndexMissing, NotAgreed, StoreUnreachable, WhereinError
from wherein.hit import Hit
from wherein_server.lsp.results import Block, Buffers, block, empty_block, joined, results
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

STALE_SECONDS = 5.0
"""After a question the index is compared with the disk where that was longer ago: not every editor tells of files
that changed under it."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one repository answers."""

    results: list[dict[str, Any]]
    block: Block


Finding = Callable[["Index", Served], Sequence[Hit]]
"""Runs in a thread."""


async def ask(
    server: WhereinServer,
    asked: Sequence[Served],
    find: Finding,
    limit: int | None,
    send_partial: Callable[[Any], None] | None = None,
) -> dict[str, Any]:
    """The answer in the contract's form. The best hit of each repository comes before any second best: scores of
    different ones do not compare."""
    buffers = server.buffers()
    parts: list[Part] = []
    problems: list[WhereinError] = []
    for served in asked:
        try:
            part = await server.in_thread(_part, served, find, buffers, server.encoding)
        except (IndexMissing, IndexIncompatible, NotAgreed, StoreUnreachable) as problem:
            problems.append(problem)
            if isinstance(problem, IndexMissing) and served.automatic:  # it was deleted under us
                served.updater.request_if_older(STALE_SECONDS)
            continue
        parts.append(part)
        if send_partial is not None:
            send_partial({"index": part.block, "results": part.results})
        if served.automatic:
            served.updater.request_if_older(STALE_SECONDS)
    ranked = [hit for hit in chain(*zip_longest(*(part.results for part in parts))) if hit is not None]
    if problems and not parts:
        raise problems[0]
    told = joined([part.block for part in parts])
    if problems:  # some of what was asked for could not be looked at
        told["complete"] = False
    return {"index": told, "results": ranked[:limit]}


def index_block(index: "Index", served: Served) -> Block:
    """What is known of an index now; while its first update runs there may be nothing to read yet."""
    updater = served.updater
    try:
        behind, indexing = updater.standing()
        return block(index, behind=behind, indexing=indexing)
    except IndexMissing:
        if not updater.running:
            raise updater.problem or IndexMissing(
                f"{served.repository.name} is not indexed yet.", remedy="wherein.reindex"
            ) from None
        return empty_block(index)


def _part(served: Served, find: Finding, buffers: Buffers, encoding: str) -> Part:
    def read(index: "Index") -> Part:
        told = index_block(index, served)
        try:
            hits = find(index, served)
        except IndexMissing:
            return Part([], told)
        return Part(results(served.repository, hits, buffers, encoding), told)

    return served.repository.reading(read)
