"""Places in files as links that terminals can follow (OSC 8)."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from wherein_server.cli.options import Common
from wherein_server.cli.sanitize import shown

if TYPE_CHECKING:
    from wherein_server.explain.citations import Citation

EDITORS = {"vscode": "vscode://file{path}:{line}"}
"""By TERM_PROGRAM: terminals inside an editor open the line; others get the file."""


class Linker:
    """Makes links into one repository, where output goes to a terminal that may know them."""

    def __init__(self, common: Common, root: Path | None) -> None:
        self.root = root
        self._enabled = (
            root is not None and common.screen.pretty and common.screen.console.color_system is not None
        )

    def target(self, path: str, line: int) -> str:
        """The URL of a line; empty if there are no links."""
        if not self._enabled or self.root is None:
            return ""
        return link_url(self.root / path, line, os.environ)

    def writer(self) -> "Writer":
        """Writes an answer as it comes."""
        return Writer(self)


def link_url(path: Path, line: int, environ: Mapping[str, str]) -> str:
    """`file://HOST/PATH#LINE`, which kitty and others read, or what the editor around the terminal reads."""
    quoted = quote(os.fsencode(path.resolve()))
    editor = EDITORS.get(environ.get("TERM_PROGRAM", ""))
    if editor is not None:
        return editor.format(path=quoted, line=line)
    return f"file://{quote(socket.gethostname())}{quoted}#{line}"


class Writer:
    """Streams an answer to standard output, its citations as links."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker
        self._ends_line = True
        self.cites(())

    def cites(self, sources: "Sequence[Citation]") -> None:
        """What the numbers in the text to come stand for."""
        from wherein_server.explain.citations import CitationFilter

        self._sources = {source.n: source for source in sources}
        self._filter = CitationFilter(self._sources, self._rendered)

    def feed(self, piece: str) -> None:
        """A further piece of the answer."""
        self._write(self._filter.feed(shown(piece)))

    def finish(self) -> None:
        """The end of the answer, which ends its line."""
        self._write(self._filter.finish())
        if not self._ends_line:
            self._write("\n")

    def _rendered(self, n: int) -> str:
        source = self._sources[n]
        link = self._linker.target(source.path, source.start_line)
        return f"\033]8;;{link}\033\\[{n}]\033]8;;\033\\" if link else f"[{n}]"

    def _write(self, text: str) -> None:
        if text:
            self._ends_line = text.endswith("\n")
            sys.stdout.write(text)
            sys.stdout.flush()
