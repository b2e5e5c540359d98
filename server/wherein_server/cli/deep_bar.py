"""How far the deep tier, or the descriptions of chunks, have got."""

from typing import TYPE_CHECKING

from wherein_server.cli.bar import Bar
from wherein_server.cli.screen import Screen

if TYPE_CHECKING:
    from wherein.deepening.fill import DeepProgress

SHOWN_FROM_CHUNKS = 100
"""Fewer are done before a bar could be read."""


class DeepBar(Bar):
    """The callback of `Index.deepen` or `describe`, and the context in which its bar stands."""

    def __init__(self, screen: Screen, title: str = "Deep tier", of: str = "chunks") -> None:
        super().__init__(screen, title, of)
        self._title, self._of = title, of

    def __call__(self, step: "DeepProgress") -> None:
        """Show a step."""
        if step.chunks - step.filled >= SHOWN_FROM_CHUNKS or self.stands:
            line = f"{self._title}: {step.filled:,} of {step.chunks:,} {self._of}."
            self.move(step.filled, step.chunks, line)
