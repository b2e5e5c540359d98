"""pygls' protocol, with the base protocol's rules kept: order of life, errors of one sentence, raw parameters."""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from cattrs import Converter
from cattrs.errors import BaseValidationError
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    RPCMessage,
)

from wherein_server.lsp.errors import Code, rpc_error
from wherein_server.lsp.framing import BadFrame, framed

_log = logging.getLogger(__name__)

Command = Callable[[types.ExecuteCommandParams], Coroutine[Any, Any, Any]]

MessageId = str | int | None

NOT_INITIALIZED = -32002
"""The base protocol's own code for what comes before `initialize`."""


class Protocol(LanguageServerProtocol):
    """Differs from pygls' in what findings showed to be missing:

    - parameters of methods that are not of LSP stay plain JSON; those that do not fit are -32602 with the id;
    - `workspace/executeCommand` is a coroutine, so cancelling it reaches the command;
    - no traceback leaves the process, and no failed notification pops up in the editor;
    - requests before `initialize` and after `shutdown` are refused;
    - a notification that was handled is forgotten.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        self.commands: dict[str, Command] = {}
        self.on_exit: Callable[[int], None] = lambda code: None
        self._initialized = False
        super().__init__(server, converter)

    def receive(self, message: object) -> None:
        """Handle one decoded message, whatever it is."""
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self.refuse(None, Code.INVALID_REQUEST, "A message is not a JSON-RPC 2.0 object.")
            return
        identity = message.get("id")
        if "method" not in message:
            self._receive_answer(message, identity)
            return
        if not _is_id(identity) or not isinstance(message["method"], str):
            self.refuse(None, Code.INVALID_REQUEST, "A request's id or method has the wrong type.")
            return
        method: str = message["method"]
        if "id" in message:
            if not self._may_ask(identity, method):
                return
        elif not self._initialized and method != types.EXIT:
            return
        try:
            structured = self._structured(message)
        except Exception as error:
            _log.debug("parameters of %s", method, exc_info=True)
            if "id" in message:
                self.refuse(
                    identity, Code.ARGUMENTS, f"The parameters of {method} cannot be read: {_why(error)}."
                )
            return
        self._initialized = self._initialized or method == types.INITIALIZE
        self.handle_message(structured)

    def receive_bad(self, bad: BadFrame) -> None:
        """Answer what was no message."""
        self.refuse(None, bad.code, str(bad))

    def refuse(self, identity: MessageId, code: int, sentence: str) -> None:
        """Send an error."""
        _log.debug("refused: %s", sentence)
        self._send(
            {"jsonrpc": self.VERSION, "id": identity, "error": {"code": int(code), "message": sentence}}
        )

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """Send a notification of our own."""
        self._send({"jsonrpc": self.VERSION, "method": method, "params": params})

    def _may_ask(self, identity: MessageId, method: str) -> bool:
        if self._shutdown:
            self.refuse(identity, Code.INVALID_REQUEST, "The server was shut down.")
        elif method == types.INITIALIZE and self._initialized:
            self.refuse(identity, Code.INVALID_REQUEST, "The server is initialized already.")
        elif method != types.INITIALIZE and not self._initialized:
            self.refuse(identity, NOT_INITIALIZED, "The server is not initialized yet.")
        else:
            return True
        return False

    def _structured(self, message: dict[str, Any]) -> RPCMessage:
        method: str = message["method"]
        known = self.get_message_type(method)
        if known is not None:
            structured: RPCMessage = self._converter.structure(message, known)
            return structured
        if "id" in message:
            return JsonRPCRequestMessage(message["id"], method, self.VERSION, message.get("params"))
        return JsonRPCNotification(method, self.VERSION, message.get("params"))

    def _receive_answer(self, message: dict[str, Any], identity: object) -> None:
        if "result" not in message and "error" not in message:
            self.refuse(None, Code.INVALID_REQUEST, "A message is neither a request nor an answer.")
            return
        if not isinstance(identity, str | int) or identity not in self._request_futures:
            _log.warning("an answer from the client to a question that was not asked")
            return
        expected = self._result_types.pop(identity, None) or JsonRPCResponseMessage
        try:
            self.handle_message(
                self._converter.structure(
                    message, types.ResponseErrorMessage if "error" in message else expected
                )
            )
        except Exception as error:
            _log.warning("the client's answer cannot be read: %s", _why(error))
            future = self._request_futures.pop(identity, None)
            if future is not None and not future.done():
                future.set_exception(JsonRpcException("The client's answer cannot be read."))

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: "Callable[[Future[Any]], None]",
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Nobody asks for a notification's result, so pygls keeps its task for ever: a kilobyte for each file that is
        saved."""

        def done(future: "Future[Any]") -> None:
            # what is cancelled is so by the end, which is walking through them
            if self._request_futures.get(msg_id) is future and not future.cancelled():
                del self._request_futures[msg_id]
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _send_handler_result(self, future: "Future[Any] | asyncio.Future[Any]", *, msg_id: MessageId) -> None:
        self._request_futures.pop(msg_id, None)  # type: ignore[arg-type] # null is allowed
        try:
            error: BaseException | None = (
                asyncio.CancelledError() if future.cancelled() else future.exception()
            )
        except asyncio.CancelledError as cancelled:
            error = cancelled
        if error is None:
            self._send_response(msg_id, result=future.result())
        else:
            self._send_response(msg_id, error=rpc_error(error).to_response_error())

    def _send_response(
        self, msg_id: MessageId, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        """Plain JSON goes out as it is: pygls would walk through every result in Python."""
        self._result_types.pop(msg_id, None)  # type: ignore[arg-type]
        answer: dict[str, Any] = {"jsonrpc": self.VERSION, "id": msg_id}
        if error is not None:
            answer["error"] = {"code": int(error.code), "message": error.message}
            if error.data is not None and "traceback" not in error.data:  # pygls' own errors carry one
                answer["error"]["data"] = error.data
        elif isinstance(result, (dict, list)) or result is None:
            answer["result"] = result
        else:
            answer["result"] = self._converter.unstructure(result)
        self._send(answer)

    def _send_data(self, data: object) -> None:
        self._send(data)

    def _send(self, message: object) -> None:
        if self.writer is not None:
            body = json.dumps(message, default=self._serialize_message).encode("utf-8", "replace")
            self.writer.write(framed(body))

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> object:  # type: ignore[override]
        """Run one of `commands`."""
        command = self.commands.get(params.command)
        if command is None:
            raise JsonRpcException(f"There is no command {params.command!r}.", code=Code.ARGUMENTS)
        return await command(params)

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: object) -> None:  # type: ignore[override]
        """The end, with the exit code that the protocol wants."""
        self.on_exit(0 if self._shutdown else 1)

    @property
    def was_shut_down(self) -> bool:
        """Whether the client asked for the end."""
        return self._shutdown


def _is_id(identity: object) -> bool:
    return identity is None or (isinstance(identity, (str, int)) and not isinstance(identity, bool))


def _why(error: Exception) -> str:
    """The innermost reason of cattrs' nested groups."""
    while isinstance(error, BaseValidationError) and error.exceptions:
        error = error.exceptions[0]
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
