"""A bar with rate and time left on a terminal; elsewhere a line now and then."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from wherein_server.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_EVERY_SECONDS = 5.0


class Bar:
    """The context in which the bar stands; `move` shows how far the work is."""

    def __init__(self, screen: Screen, description: str, unit: str) -> None:
        """`unit`: what is counted, in the plural."""
        self._screen = screen
        self._description = description
        self._unit = unit
        self._shown: Progress | None = None
        self._task: TaskID | None = None
        self._next_line = 0.0
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown.stop()

    @property
    def stands(self) -> bool:
        """Whether there is a bar on the terminal."""
        return self._shown is not None

    def move(self, done: int, total: int, line: str) -> None:
        """`done` of `total`; `line` says so where no bar can stand."""
        if self._screen.error_console is not None:
            self._move_bar(done, total)
        elif time.monotonic() >= self._next_line or (done == total and not self._ended):
            self._ended = done == total
            self._next_line = time.monotonic() + LINE_EVERY_SECONDS
            self._screen.note(line)

    def _move_bar(self, done: int, total: int) -> None:
        if self._shown is None:
            self._shown = self._made()
            self._shown.start()
            self._task = self._shown.add_task(self._description, total=total, completed=done)
        assert self._task is not None
        self._shown.update(self._task, completed=done, total=total)

    def _made(self) -> "Progress":
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            Task,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.text import Text

        unit = self._unit

        class RateColumn(TextColumn):
            def render(self, task: Task) -> Text:
                return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "", style="dim")

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
