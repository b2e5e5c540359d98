"""A sign of life while a language model reads its prompt: on a processor alone that takes a minute or more."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from wherein_server.cli.sanitize import shown_name
from wherein_server.cli.screen import Screen

if TYPE_CHECKING:
    from rich.status import Status


class Waiting:
    """Stands on standard error until it is over; nowhere where that is no terminal."""

    def __init__(self, screen: Screen, model: str) -> None:
        self._screen = screen
        self._model = model
        self._status: Status | None = None

    def __enter__(self) -> Self:
        console = self._screen.error_console
        if console is not None:
            from rich.text import Text

            self._status = console.status(Text(f"{shown_name(self._model)} is reading …", style="dim"))
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over()

    def over(self) -> None:
        """Take it away. A second call does nothing."""
        if self._status is not None:
            self._status.stop()
            self._status = None
