"""How far an update is: a bar with rate and time left on a terminal, now and then a line elsewhere."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wherein.status import Progress
from wherein_server.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

SHOWN_FROM_FILES = 40
"""Fewer are done before a bar could be read."""

LINE_EVERY_SECONDS = 5.0


class UpdateProgress:
    """The callback of one `Index.update`, and the context in which its bar stands."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._next_line = 0.0
        self._done = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, step: Progress) -> None:
        """Show a step."""
        if step.files_total < SHOWN_FROM_FILES:
            return
        if self._screen.error_console is not None:
            self._move_bar(step)
        elif time.monotonic() >= self._next_line or (step.files_done == step.files_total and not self._done):
            self._done = step.files_done == step.files_total
            self._next_line = time.monotonic() + LINE_EVERY_SECONDS
            self._screen.note(_line(step))

    def waiting(self) -> None:
        """Another process makes the first index; there is nothing to answer from yet."""
        self._screen.note("Another process is indexing this repository for the first time; waiting for it.")

    def _move_bar(self, step: Progress) -> None:
        if self._bar is None:
            self._bar = self._make_bar()
            self._bar.start()
            self._task = self._bar.add_task("Indexing", total=step.files_total)
        assert self._task is not None
        self._bar.update(self._task, completed=step.files_done, total=step.files_total)

    def _make_bar(self) -> "Bar":
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Task as BarTask
        from rich.text import Text

        class RateColumn(TextColumn):
            def render(self, task: "BarTask") -> Text:
                return Text(f"{task.speed:,.0f} files/s" if task.speed else "", style="dim")

        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            MofNCompleteColumn(),
            RateColumn(""),
            TextColumn("[dim]ETA"),
            TimeRemainingColumn(),
            console=self._screen.error_console,
            transient=True,
        )


def _line(step: Progress) -> str:
    if step.files_done == 0:
        return f"Reading {step.files_total:,} files …"
    return f"Read {step.files_done:,} of {step.files_total:,} files, {step.chunks:,} chunks."
