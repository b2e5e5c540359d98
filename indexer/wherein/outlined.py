"""An entry of a file's outline."""

from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Outlined:
    """A definition of a file, or a name that one lists."""

    path: str
    start_line: int
    end_line: int
    """1-based, inclusive, with comments and decorators above; a class ends with its last method"""
    line: int
    """the line with the name"""
    symbol: str
    qualified_name: str
    kind: str
    """as in a hit; `member` for what a class, an enum or the like lists"""
    language: str
    depth: int
    """how many of the entries before it enclose it"""
    name: str
    """to show in a tree: the symbol, or the full name of what is not inside what it belongs to"""
    column: int
    """of the name in that line, in characters from 1"""
    title: str
    """the text of that line"""
