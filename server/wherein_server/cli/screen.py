"""Where output goes: results to standard output, everything else to standard error."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from wherein_server.cli.sanitize import sentence

if TYPE_CHECKING:
    from rich.console import Console


def prepare_streams() -> None:
    """Piped output is UTF-8 and keeps the bytes of file names; a terminal gets what it can show."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until exit
        elif stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


@dataclass(frozen=True)
class Screen:
    """How to write, decided once per run."""

    color: str = "auto"
    """auto, always or never"""

    @cached_property
    def pretty(self) -> bool:
        """Whether results are laid out for a reader rather than a program."""
        return self.color == "always" or _is_terminal(sys.stdout)

    @cached_property
    def console(self) -> "Console":
        """For results; only if `pretty`, because importing it takes a twentieth of a second."""
        return self._console(sys.stdout)

    @cached_property
    def error_console(self) -> "Console | None":
        """For progress; None if standard error is not a terminal."""
        return self._console(sys.stderr) if _is_terminal(sys.stderr) and not _is_dumb() else None

    @property
    def watched(self) -> bool:
        """Whether somebody sees the results, and the notes beside them, on a terminal."""
        return _is_terminal(sys.stderr) and _is_terminal(sys.stdout)

    def line(self, text: str = "") -> None:
        """One line of results."""
        sys.stdout.write(f"{text}\n")

    def flush(self) -> None:
        """Send what was written to the reader."""
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """One line beside the results."""
        sys.stdout.flush()
        sys.stderr.write(f"wherein: {sentence(text)}\n")

    def _console(self, stream: IO[str]) -> "Console":
        from rich.console import Console

        if self._colored(stream):
            return Console(
                file=stream,
                force_terminal=True,
                no_color=False,
                color_system="auto" if _is_terminal(stream) and not _is_dumb() else "256",
                highlight=False,
                markup=False,
                emoji=False,
            )
        return Console(
            file=stream,
            force_terminal=_is_terminal(stream),
            color_system=None,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def _colored(self, stream: IO[str]) -> bool:
        if self.color != "auto":
            return self.color == "always"
        return _is_terminal(stream) and not os.environ.get("NO_COLOR") and not _is_dumb()


def _is_terminal(stream: IO[str]) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _is_dumb() -> bool:
    return os.environ.get("TERM", "") in ("dumb", "unknown")
