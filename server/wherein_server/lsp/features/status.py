"""`wherein.status`, `wherein/status`: what is indexed, how fresh, and what is wrong."""

from typing import TYPE_CHECKING, Any

from wherein import __version__
from wherein.errors import IndexMissing, WhereinError
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.errors import told_problem
from wherein_server.lsp.results import index_block, joined
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("uri",)


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def status(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        answer: dict[str, Any] = {"version": __version__, "index": None, "indexes": [], "problem": None}
        try:
            asked = await server.served(given.value("uri"))
        except IndexMissing as problem:  # an empty window
            return answer | {"problem": told_problem(problem)}
        told = [await server.in_thread(_status, served) for served in asked]
        for refused in server.folders.refused.values():
            answer["problem"] = told_problem(refused)
        return answer | {"index": joined([each["index"] for each in told]), "indexes": told}

    server.answers("status", "Status", status)


def _status(served: Served) -> dict[str, Any]:
    """One repository's; what is wrong is part of the answer, not an error of it."""
    told: dict[str, Any] = {**served.state.told(), "updating": served.updater.running}
    try:
        return told | served.repository.reading(lambda index: _counts(index, served))
    except WhereinError as error:
        return told | {"index": _unknown(served), "problem": told["problem"] or told_problem(error)}


def _counts(index: "Index", served: Served) -> dict[str, Any]:
    told: dict[str, Any] = {"index": index_block(index, served)}
    try:
        status = index.status(check=False)
    except IndexMissing:
        return told | {"files": 0, "chunks": 0, "skipped": {}, "bytes": 0}
    return told | {
        "files": status.files,
        "chunks": status.chunks,
        "skipped": status.skipped,
        "bytes": status.bytes,
    }


def _unknown(served: Served) -> dict[str, Any]:
    names = ("view", "commit", "behind", "store", "model")
    return {"repository": readable(served.repository.name), **dict.fromkeys(names), "complete": False}
