"""Small charts as SVG by hand: logarithmic and linear axes, lines, points and marks, readable on light and on dark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 46, 56
"""The margins, in pixels."""
COLOURS = ("#2f81f7", "#e8833a", "#3fb950", "#a371f7")
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #57606a }
.title { font-size: 15px; font-weight: 600 }
.grid { stroke: #8b949e; stroke-opacity: .25 }
.faint { fill-opacity: .85; font-size: 11px }
.mark { stroke: #8b949e; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #adbac7 } }"""


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale with its ticks (value → label)."""

    title: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    log: bool = False

    def place(self, value: float) -> float:
        """Where a value lies, 0 to 1; values outside lie at the end."""
        scale = math.log10 if self.log else float
        low, high = scale(self.low), scale(self.high)
        return min(max((scale(value) - low) / (high - low), 0.0), 1.0)


@dataclass(slots=True)
class Chart:
    """What is drawn, in the order in which it was added."""

    title: str
    x: Axis
    y: Axis
    _parts: list[str] = field(default_factory=list)
    _series: int = 0

    def line(self, label: str, points: Sequence[tuple[float, float]]) -> None:
        """A line through points, named at its end."""
        colour = self._colour()
        places = [self._at(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        self._parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        self._text(places[-1][0] + 10, places[-1][1] + 4, label)

    def point(self, label: str, x: float, y: float) -> None:
        """A point with its name."""
        px, py = self._at(x, y)
        self._parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="6" fill="{self._colour()}"/>')
        self._text(px + 10, py + 4, label)

    def target(self, label: str, x: float, y: float) -> None:
        """A value that is not to be exceeded."""
        px, py = self._at(x, y)
        self._parts.append(
            f'<line class="mark" x1="{px - 14:.1f}" x2="{px + 14:.1f}" y1="{py:.1f}" y2="{py:.1f}" '
            'stroke-dasharray="4 3"/>'
        )
        self._text(px, py - 7, label, "faint", "middle")

    def beside(self, marks: Sequence[tuple[str, float]]) -> None:
        """Values of the y axis alone, named to the right of the chart, moved apart where they crowd."""
        lowest = float("-inf")
        for label, value in sorted(marks, key=lambda mark: -mark[1]):
            y = self._at(self.x.high, value)[1]
            edge = WIDTH - RIGHT
            self._parts.append(f'<line class="mark" x1="{edge - 8}" x2="{edge}" y1="{y:.1f}" y2="{y:.1f}"/>')
            lowest = max(y, lowest + 13)
            self._text(edge + 6, lowest + 4, label, "faint")

    def svg(self) -> str:
        """The file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'role="img" aria-label="{escape(self.title, {chr(34): "&quot;"})}">'
        )
        return "\n".join([head, f"<style>{STYLE}</style>", *self._frame(), *self._parts, "</svg>"]) + "\n"

    def _frame(self) -> list[str]:
        drawn, self._parts = self._parts, []
        self._text(LEFT, 24, self.title, "title")
        for value, label in self.x.ticks:
            x = self._at(value, self.y.low)[0]
            self._parts.append(
                f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
            )
            self._text(x, HEIGHT - BOTTOM + 18, label, anchor="middle")
        for value, label in self.y.ticks:
            y = self._at(self.x.low, value)[1]
            self._parts.append(
                f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            )
            self._text(LEFT - 8, y + 4, label, anchor="end")
        self._text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, self.x.title, anchor="middle")
        middle = (TOP + HEIGHT - BOTTOM) / 2
        self._parts.append(
            f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">'
            f"{escape(self.y.title)}</text>"
        )
        frame, self._parts = self._parts, drawn
        return frame

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + self.x.place(x) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - self.y.place(y) * (HEIGHT - TOP - BOTTOM),
        )

    def _colour(self) -> str:
        self._series += 1
        return COLOURS[(self._series - 1) % len(COLOURS)]

    def _text(self, x: float, y: float, text: str, style: str = "", anchor: str = "start") -> None:
        written = f' class="{style}"' if style else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{written}>{escape(text)}</text>'
        )
