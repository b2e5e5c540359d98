"""Shows an answer in an editor that would throw it away: most clients ignore what a code action's command returns.

The answer is written as a Markdown file beside the indexes and the editor is asked to open it; one that cannot is sent
its beginning as a message.
"""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from wherein import private
from wherein.config.load import load_settings
from wherein_server.explain.inert import code_span, inert_name
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.uris import to_uri

KEPT_FILES = 20

LONGEST_MESSAGE = 2_000

_OF_URIS = ":/%-._~!$&'+,;=@?"
"""Characters of a URI that end no link of Markdown."""


async def show_results(server: WhereinServer, title: str, results: Sequence[dict[str, Any]]) -> None:
    """A list of places."""
    lines = [f"# {inert_name(title)}", "", *(f"- {_line(result)}" for result in results)]
    await show_markdown(server, title, "\n".join(lines if results else [*lines, "Nothing found."]) + "\n")


async def show_markdown(server: WhereinServer, title: str, text: str) -> None:
    """A text of its own, in the editor's way; what strangers wrote in it was made inert before."""
    window = server.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        file = await server.in_thread(_write, server, title, text)
        try:
            shown = await server.window_show_document_async(
                types.ShowDocumentParams(uri=to_uri(file), take_focus=True)
            )
        except JsonRpcException:
            shown = None
        if shown is not None and shown.success:
            return
    message = text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + " …"
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, message))


def link(location: dict[str, Any], path: str) -> str:
    """`path:line` as a Markdown link to the file."""
    line = location["range"]["start"]["line"] + 1
    shown = f"{inert_name(path)}:{line}"
    uri = str(location["uri"])
    return f"[{shown}]({quote(uri, safe=_OF_URIS)}#L{line})" if uri.startswith("file:///") else shown


def _line(result: dict[str, Any]) -> str:
    name = f" {code_span(result['qualified_name'])}" if result["qualified_name"] else ""
    return f"{link(result['location'], result['path'])}{name}"


def _write(server: WhereinServer, title: str, text: str) -> Path:
    folder = load_settings(None, server.overrides).data_dir / "shown"
    private.folder(folder)
    private.keep_newest(folder, KEPT_FILES - 1, r"[a-z0-9-]*-[0-9a-f]{8}\.md")
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60]
    file = folder / f"{name}-{digest}.md"
    private.write(file, text.encode("utf-8", "replace"))
    return file
