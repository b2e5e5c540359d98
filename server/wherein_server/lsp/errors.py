"""What goes wrong, as LSP errors: the one table of codes."""

import asyncio
import logging
from enum import IntEnum
from typing import Any

from pygls.exceptions import JsonRpcException

from wherein.errors import (
    ConfigError,
    EndpointUnreachable,
    IndexIncompatible,
    IndexMissing,
    NotAgreed,
    NotARepository,
    NotFound,
    StoreUnreachable,
    WhereinError,
)
from wherein_server.cli.sanitize import sentence

_log = logging.getLogger(__name__)


class Code(IntEnum):
    """The codes that clients may meet."""

    PARSE = -32700
    INVALID_REQUEST = -32600
    METHOD = -32601
    ARGUMENTS = -32602
    INTERNAL = -32603
    INDEX = -32001
    STORE = -32002
    """the base protocol gives the same number to requests that come before `initialize`"""
    ENDPOINT = -32003
    CANCELLED = -32800


_BY_ERROR: dict[type[WhereinError], Code] = {
    IndexMissing: Code.INDEX,
    IndexIncompatible: Code.INDEX,
    NotARepository: Code.INDEX,
    NotAgreed: Code.INDEX,
    StoreUnreachable: Code.STORE,
    EndpointUnreachable: Code.ENDPOINT,
    ConfigError: Code.ARGUMENTS,
    NotFound: Code.ARGUMENTS,
}


def code_for(error: WhereinError) -> Code:
    """The code of the error's class or of the nearest class it derives from."""
    return next((_BY_ERROR[each] for each in type(error).__mro__ if each in _BY_ERROR), Code.INTERNAL)


def rpc_error(error: BaseException) -> JsonRpcException:
    """One sentence with its code, and as `data` at most the remedy and the kind of error; tracebacks go to the log."""
    if isinstance(error, asyncio.CancelledError):
        return JsonRpcException("The request was cancelled.", code=Code.CANCELLED)
    if isinstance(error, WhereinError):
        data = {"kind": type(error).__name__}
        if error.remedy:
            data["remedy"] = sentence(error.remedy)
        return JsonRpcException(sentence(error.message), code=code_for(error), data=data)
    if isinstance(error, JsonRpcException):
        return JsonRpcException(sentence(error.message), code=error.code)
    _log.error("unexpected", exc_info=error)
    first = sentence(str(error).partition("\n")[0])
    return JsonRpcException(
        f"Something went wrong that should not have ({type(error).__name__}: {first}).",
        code=Code.INTERNAL,
        data={"kind": "unexpected", "remedy": "the server's log has the details; please report it"},
    )


def told_problem(error: WhereinError) -> dict[str, Any]:
    """What is wrong, as a part of an answer or of a notification."""
    return {
        "code": int(code_for(error)),
        "kind": type(error).__name__,
        "message": sentence(error.message),
        "remedy": sentence(error.remedy) or None,
    }


def plain(error: WhereinError) -> str:
    """An error as a message in the editor, where names of strangers make no links."""
    return f"wherein: {sentence(error.message).replace('](', '] (')}"
