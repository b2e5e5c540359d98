"""Showing an answer in an editor that would throw it away: what a code action's command returns, most clients ignore.

The answer is written as a Markdown file beside the indexes and the editor is asked to open it; one that cannot is sent
its beginning as a message.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from wherein import private
from wherein.config.locations import default_data_dir
from wherein_server.lsp.server import WhereinServer
from wherein_server.lsp.uris import to_uri

KEPT_FILES = 20

LONGEST_MESSAGE = 2_000


async def show_results(server: WhereinServer, title: str, results: Sequence[dict[str, Any]]) -> None:
    """A list of places."""
    lines = [f"# {title}", "", *(f"- {_line(result)}" for result in results)]
    await show_markdown(server, title, "\n".join(lines if results else [*lines, "Nothing found."]) + "\n")


async def show_markdown(server: WhereinServer, title: str, text: str) -> None:
    """A text of its own, in the editor's way."""
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
    """`path:line` as a Markdown link."""
    line = location["range"]["start"]["line"] + 1
    return f"[{path}:{line}]({location['uri']}#L{line})"


def _line(result: dict[str, Any]) -> str:
    name = f" `{result['qualified_name']}`" if result["qualified_name"] else ""
    return f"{link(result['location'], result['path'])}{name}"


def _write(server: WhereinServer, title: str, text: str) -> Path:
    base = server.overrides.get("data_dir") or os.environ.get("WHEREIN_DATA_DIR") or default_data_dir()
    folder = Path(str(base)).expanduser() / "shown"
    private.folder(folder)
    for old in sorted(folder.glob("*.md"), key=lambda each: each.stat().st_mtime)[: 1 - KEPT_FILES]:
        old.unlink(missing_ok=True)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60]
    file = folder / f"{name}-{digest}.md"
    private.write(file, text.encode("utf-8", "replace"))
    return file
