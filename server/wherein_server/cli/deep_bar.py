"""How far the deep tier is: a bar on a terminal, now and then a line elsewhere."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wherein_server.cli.progress import LINE_EVERY_SECONDS
from wherein_server.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from wherein.deepening.fill import DeepProgress

SHOWN_FROM_CHUNKS = 100
"""Fewer are done before a bar could be read."""


class DeepBar:
    """The callback of `Index.deepen` or `describe`, and the context in which its bar stands."""

    def __init__(self, screen: Screen, title: str = "Deep tier", of: str = "chunks") -> None:
        self._screen = screen
        self._title, self._of = title, of
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._next_line = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: "DeepProgress") -> None:
        """Show a step."""
        if step.chunks - step.filled < SHOWN_FROM_CHUNKS and self._bar is None:
            return
        if self._screen.error_console is None:
            if time.monotonic() >= self._next_line:
                self._next_line = time.monotonic() + LINE_EVERY_SECONDS
                self._screen.note(f"{self._title}: {step.filled:,} of {step.chunks:,} {self._of}.")
            return
        if self._bar is None:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("[dim]ETA"),
                TimeRemainingColumn(),
                console=self._screen.error_console,
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=step.chunks, completed=step.filled)
        assert self._task is not None
        self._bar.update(self._task, completed=step.filled, total=step.chunks)
