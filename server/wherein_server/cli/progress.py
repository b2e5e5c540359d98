"""How far an update has got."""

from wherein.status import Progress
from wherein_server.cli.bar import Bar
from wherein_server.cli.screen import Screen

SHOWN_FROM_FILES = 40
"""Fewer are done before a bar could be read."""


class UpdateProgress(Bar):
    """The callback of one `Index.update`, and the context in which its bar stands."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen, "Indexing", "files")

    def __call__(self, step: Progress) -> None:
        """Show a step."""
        if step.files_total >= SHOWN_FROM_FILES:
            self.move(step.files_done, step.files_total, _line(step))

    def waiting(self) -> None:
        """Another process makes the first index; there is nothing to answer from yet."""
        self._screen.note("Another process is indexing this repository for the first time; waiting for it.")


def _line(step: Progress) -> str:
    if step.files_done == 0:
        return f"Reading {step.files_total:,} files …"
    return f"Read {step.files_done:,} of {step.files_total:,} files, {step.chunks:,} chunks."
