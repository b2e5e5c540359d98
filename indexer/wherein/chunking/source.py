"""A text as the definition chunker reads it: characters for people, bytes for the parser, rows for both."""

from functools import cached_property

from wherein.chunking.lines import split_lines


class Source:
    """A text with its lines. Rows are 0-based line numbers, as the parser counts them."""

    def __init__(self, text: str) -> None:
        self.lines = split_lines(text)
        self.data = text.encode("utf-8", "replace")

    @cached_property
    def blank(self) -> list[bool]:
        """For each row, whether it holds nothing but white space."""
        return [not line or line.isspace() for line in self.lines]

    def begins_its_row(self, start_byte: int, column: int) -> bool:
        """Whether only white space stands before a node on its first row."""
        return column == 0 or not self.data[start_byte - column : start_byte].strip()

    def text(self, start_byte: int, end_byte: int) -> str:
        """The text of a stretch of bytes."""
        return self.data[start_byte:end_byte].decode("utf-8", "replace")
