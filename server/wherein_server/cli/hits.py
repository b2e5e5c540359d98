"""Hits on the screen, one way for each format."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.hit import Hit
from wherein.quick_dataclass import dataclass
from wherein_server.cli import jsonout
from wherein_server.cli.paths import from_here, seen_from
from wherein_server.cli.sanitize import piped_name, shown, shown_name
from wherein_server.cli.screen import Screen
from wherein_server.cli.snippets import Line, snippet
from wherein_server.unfinished import CLOSED_BY, unfinished

if TYPE_CHECKING:
    from rich.text import Text

TAB_WIDTH = 4

LONGEST_ROW = 1_000
"""Characters of a line that are coloured, however wide the terminal."""

HIGHLIGHTED_AT_ONCE = 8_000
"""Characters that a lexer gets together. Some take quadratic time: PHP's 38 s for 220,000, 0.05 s for so many."""

READ_BEFORE = 50_000
"""Characters of what is not shown that are read for what they leave open: 1 ms."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How hits are to be shown."""

    terms: tuple[str, ...] = ()
    """of the query, by which the lines of a snippet are chosen"""
    context: int | None = None
    """lines around the best one, instead of a snippet"""
    explain: bool = False
    """with the parts of each score"""
    with_repository: bool = False
    """paths of several repositories stand together"""
    roots: Mapping[str, Path] = field(default_factory=dict)
    """of these, the folders that they are in, as far as they are on this machine"""
    standpoint: str = ""
    """the folder that shown paths are relative to"""


def lines_of(hit: Hit, shape: Shape, root: Path | None) -> list[Line]:
    """The lines of a hit that are shown."""
    if shape.context is None:
        return snippet(hit.text, hit.start_line, shape.terms, named=hit.line)
    from wherein_server.cli.context import context

    return context(hit, shape.terms, shape.context, shape.roots.get(hit.repository, root))


def print_files(hits: Sequence[Hit], shape: Shape, screen: Screen) -> None:
    """The files alone."""
    for hit in hits:
        name = _name(hit, shape)
        screen.line(shown_name(name) if screen.pretty else piped_name(name))


def print_vimgrep(hits: Sequence[Hit], shape: Shape, screen: Screen) -> None:
    """`path:line:col:text`, col in bytes from 1, as Vim's quickfix reads it."""
    for hit in hits:
        number, column, text = first_line(hit)
        screen.line(f"{piped_name(_name(hit, shape))}:{number}:{column}:{shown(text)}")


def print_jsonl(hits: Sequence[Hit], shape: Shape) -> None:
    """A result a line."""
    for hit in hits:
        root = shape.roots.get(hit.repository)
        jsonout.print_json_line(jsonout.result(hit, explain=shape.explain, root=root))


def print_plain(hits: Sequence[Hit], shape: Shape, screen: Screen, root: Path | None) -> None:
    """`path:line:col: symbol  first line`; with context, that of each line as grep prints it."""
    for place, hit in enumerate(hits):
        number, column, text = first_line(hit)
        name = piped_name(_name(hit, shape))
        symbol = f" {shown(hit.qualified_name or hit.symbol)} " if hit.symbol else ""
        screen.line(f"{name}:{number}:{column}:{symbol} {shown(text.strip())}")
        if shape.explain:
            for said in explained(hit):
                screen.line(f"  {said}")
        if shape.context is not None:
            for line in lines_of(hit, shape, root):
                screen.line(f"{name}-{line.number}-{shown(line.text)}")
            if place < len(hits) - 1:
                screen.line("--")


def print_pretty(hits: Sequence[Hit], shape: Shape, screen: Screen, root: Path | None) -> None:
    """For readers: a header and a highlighted snippet each."""
    from rich.text import Text

    console = screen.console
    for hit in hits:
        header = Text.assemble(
            (shown_name(_name(hit, shape)), "bold cyan"), (f":{hit.start_line}-{hit.end_line}", "cyan")
        )
        if hit.symbol:
            header.append(f"  {shown_name(hit.qualified_name or hit.symbol)}", style="bold")
        header.append(f"  {shown_name(hit.kind)}  {hit.score:.2f}{_part(hit)}", style="dim")
        console.print(header, soft_wrap=True)
        if shape.explain:
            for said in explained(hit):
                console.print(Text(f"  {said}", style="dim"), soft_wrap=True)
        lines = lines_of(hit, shape, root)
        width = len(str(lines[-1].number)) if lines else 0
        for line, code in zip(lines, _highlighted(lines, hit, console.width), strict=True):
            if line.after_gap:
                console.print(Text(f"  {'⋮':>{width}}", style="dim"))
            row = Text.assemble((f"  {line.number:>{width}} │ ", "dim"), code)
            console.print(row, no_wrap=True, overflow="ellipsis", crop=True)
        console.print()


def _part(hit: Hit) -> str:
    """Which part of what it is."""
    if hit.part is None or hit.definition is None:
        return ""
    return f"  part {hit.part[0]} of {hit.part[1]} of lines {hit.definition[0]}-{hit.definition[1]}"


def first_line(hit: Hit) -> tuple[int, int, str]:
    """Number, column (in bytes, from 1) and text of the line that a hit is shown by."""
    text = hit.title.removesuffix("\r")
    before = text[: max(hit.column, 1) - 1]
    return max(hit.line, hit.start_line), len(before.encode("utf-8", "surrogatepass")) + 1, text


def score_parts(hit: Hit) -> str:
    """`0.83 = 0.42 lexical + …`."""
    parts = [f"{value:+.3f} {name}" for name, value in hit.parts.items()]
    return f"{hit.score:.3f} = {' '.join(parts) or 'its place'}"


def explained(hit: Hit) -> list[str]:
    """Why a hit stands where it does, a line each; what a model wrote with who that is."""
    said = (
        f"described by {shown_name(hit.described_by)}: {shown_name(hit.description)}"
        if hit.description
        else ""
    )
    return [score_parts(hit), *([said] if said else [])]


def _name(hit: Hit, shape: Shape) -> str:
    """As an editor started here opens it; where the repository is not on this machine, after its name."""
    if not shape.with_repository:
        return seen_from(hit.path, shape.standpoint)
    root = shape.roots.get(hit.repository)
    return f"{hit.repository}:{hit.path}" if root is None else from_here(root / hit.path)


def _highlighted(lines: Sequence[Line], hit: Hit, width: int) -> "list[Text]":
    """The lines, coloured, cut to what a row of `width` columns shows of them."""
    from rich.text import Text

    longest = min(width, LONGEST_ROW)
    code = [_beginning(line.text, longest) for line in lines]
    rows: list[Text] = []
    while len(rows) < len(code):
        at = len(rows)
        block: list[str] = []
        size = 0
        for line, text in zip(lines[at:], code[at:], strict=True):
            size += len(text) + 1
            if block and (line.after_gap or size > HIGHLIGHTED_AT_ONCE):
                break
            block.append(text)
        rows += (_coloured(block, hit.language, _open_before(lines[at], hit)) + [Text()] * len(block))[
            : len(block)
        ]
    return rows


def _coloured(block: Sequence[str], language: str, opened: str) -> "list[Text]":
    """Lines that follow each other, in what is `opened` before them; some lexers know only what is closed."""
    begun = [opened] if opened else []
    left_open = unfinished("\n".join([*begun, *block]), language)
    whole = [*begun, *block, *([CLOSED_BY[left_open]] if left_open else [])]
    return list(_highlight("\n".join(whole), language).split("\n", allow_blank=True))[len(begun) :]


def _open_before(line: Line, hit: Hit) -> str:
    """What is not closed yet where a line of a hit begins, such as a comment of which only the end is shown."""
    hidden = line.number - hit.start_line
    if hidden <= 0:
        return ""
    before = "\n".join(hit.text.split("\n", hidden)[:hidden])
    return unfinished(before[:READ_BEFORE], hit.language)


def _beginning(line: str, longest: int) -> str:
    """Of a line, one character more than the row takes, so that it ends with a sign that there is more."""
    return shown(line[: longest + 1]).expandtabs(TAB_WIDTH)[: longest + 1]


def _highlight(code: str, language: str) -> "Text":
    from rich.syntax import Syntax

    return Syntax(code, language or "text", theme="ansi_dark", background_color="default").highlight(code)
