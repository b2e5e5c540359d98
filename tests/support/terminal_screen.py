"""What a program has drawn on a terminal, as text and as a picture."""

import re
import threading
from html import escape

import pyte
from pyte.screens import Char

_STRINGS = re.compile(r"\x1b[P_^X].*?\x1b\\|\x1b\].*?(?:\x07|\x1b\\)", re.DOTALL)
_UNKNOWN = re.compile(
    r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*(?:\$p|u|n)|\x1b\[58[:;][0-9:;]*m|\x1b\[[0-9;]* q"
)
_UNDERLINES = re.compile(r"\x1b\[4:[0-9]m")
"""Sequences that a terminal answers or ignores, and that the emulator would print."""

CELL_WIDTH, CELL_HEIGHT, FONT_SIZE = 8.4, 18.0, 14

ANSI = {
    **dict(zip(("black", "red", "green", "brown", "blue", "magenta", "cyan", "white"),
               ("#2e3436", "#cc0000", "#4e9a06", "#c4a000", "#3465a4", "#75507b", "#06989a", "#d3d7cf"), strict=True)),
}  # fmt: skip


class TerminalScreen:
    """An emulated terminal of `columns` by `lines`."""

    def __init__(self, columns: int, lines: int) -> None:
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self._held = ""
        self._written: list[str] = []
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def feed(self, text: str) -> None:
        """Take what the program has written. It is drawn when somebody looks: that costs more than to write it."""
        with self._lock:
            self._written.append(text)

    def _draw(self, text: str) -> None:
        """A sequence that is not whole yet waits."""
        text = self._held + text
        start = text.rfind("\x1b")
        unfinished = start >= 0 and not re.match(r"\x1b(?:\[[0-9;:<=>?$ ]*[@-~]|[^\[\]P_^X])", text[start:])
        ended = start >= 0 and re.match(r"\x1b[\]P_^X].*?(?:\x07)", text[start:], re.DOTALL)
        self._held = text[start:] if unfinished and not ended and len(text) - start < 4096 else ""
        if self._held:
            text = text[:start]
        text = _UNDERLINES.sub("\x1b[4m", _UNKNOWN.sub("", _STRINGS.sub("", text)))
        self._stream.feed(text)

    def lines(self) -> list[str]:
        """The text of each line, without blanks at its end."""
        with self._lock:
            if self._written or not self._lines:
                written, self._written = "".join(self._written), []
                self._draw(written)
                self._lines = [line.rstrip() for line in self.screen.display]
            return list(self._lines)

    def svg(self, foreground: str, background: str) -> str:
        """A picture of it, with colours of the terminal's own where the program set none."""
        self.lines()
        width, height = self.screen.columns * CELL_WIDTH, self.screen.lines * CELL_HEIGHT
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 16:.0f} {height + 16:.0f}"'
            f' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="{FONT_SIZE}">',
            f'<rect width="100%" height="100%" rx="8" fill="{background}"/>',
        ]
        for row in range(self.screen.lines):
            for column, text, char in self._runs(row):
                front, back = _colours(char, foreground, background)
                x, y, wide = 8 + column * CELL_WIDTH, 8 + row * CELL_HEIGHT, len(text) * CELL_WIDTH
                if back != background:
                    parts.append(
                        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide + 0.2:.1f}" height="{CELL_HEIGHT + 0.2:.1f}"'
                        f' fill="{back}"/>'
                    )
                if text.strip():
                    style = (' font-weight="bold"' if char.bold else "") + (
                        ' font-style="italic"' if char.italics else ""
                    )
                    parts.append(
                        f'<text x="{x:.1f}" y="{y + 13.5:.1f}" textLength="{wide:.1f}" xml:space="preserve"'
                        f' fill="{front}"{style}>{escape(text)}</text>'
                    )
        return "\n".join([*parts, "</svg>", ""])

    def _runs(self, row: int) -> list[tuple[int, str, Char]]:
        """Neighbours of one look, as (column, text, look)."""
        runs: list[tuple[int, str, Char]] = []
        line = self.screen.buffer[row]
        for column in range(self.screen.columns):
            char = line[column]
            look = char._replace(data="")
            if runs and runs[-1][2] == look and runs[-1][0] + len(runs[-1][1]) == column:
                runs[-1] = (runs[-1][0], runs[-1][1] + (char.data or " "), look)
            else:
                runs.append((column, char.data or " ", look))
        return runs


def _colours(char: Char, foreground: str, background: str) -> tuple[str, str]:
    front, back = _colour(char.fg, foreground), _colour(char.bg, background)
    return (back, front) if char.reverse else (front, back)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    if name in ANSI:
        return ANSI[name]
    return f"#{name}" if re.fullmatch(r"[0-9a-fA-F]{6}", name) else default
