"""A line of a file's outline."""

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Outlined:
    """A definition of a file, or a name that one lists."""

    path: str
    start_line: int
    end_line: int
    """1-based, inclusive, comments and decorators above included; of a class, to its last method"""
    line: int
    """that holds the name"""
    symbol: str
    qualified_name: str
    kind: str
    """as of a hit; `member` for what a class, an enum or the like lists"""
    language: str
    depth: int
    """how many of those before it are around it"""
    name: str
    """to be shown in a tree: the symbol, or all of the name of what does not stand in what it belongs to"""
    column: int
    """of the name in that line, in characters from 1"""
    title: str
    """the text of that line"""
