"""`wherein.status`, `wherein/status`: what is indexed, how fresh, and what is wrong."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from wherein.errors import IndexMissing, WhereinError
from wherein_server.cli.jsonout import readable
from wherein_server.lsp.arguments import Arguments
from wherein_server.lsp.asking import index_block
from wherein_server.lsp.errors import code_for
from wherein_server.lsp.results import joined
from wherein_server.lsp.server import Call, WhereinServer
from wherein_server.lsp.uris import to_uri
from wherein_server.lsp.workspace import Served

if TYPE_CHECKING:
    from wherein import Index

NAMES = ("uri",)


def register(server: WhereinServer) -> None:
    """Serve it."""

    async def status(call: Call) -> dict[str, Any]:
        given = Arguments(call.arguments, NAMES)
        asked = await server.served(given.value("uri"))
        told = [await server.in_thread(_status, served) for served in asked]
        return {"index": joined([each["index"] for each in told]), "indexes": told}

    server.answers("status", "Status", status)


def _status(served: Served) -> dict[str, Any]:
    """One repository's; what is wrong is part of the answer, not an error of it."""
    updater = served.updater
    step, problem = updater.step, updater.problem
    told: dict[str, Any] = {
        "root": to_uri(served.repository.place),
        "folders": sorted(served.uris),
        "updating": updater.running,
        "progress": None if step is None else asdict(step),
    }
    try:
        told |= served.repository.reading(lambda index: _counts(index, served))
    except WhereinError as error:
        problem = problem or error
        told["index"] = _unknown(served)
    told["problem"] = None if problem is None else _problem(problem)
    return told


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


def _problem(error: WhereinError) -> dict[str, Any]:
    return {"code": int(code_for(error)), "message": error.message, "remedy": error.remedy or None}
