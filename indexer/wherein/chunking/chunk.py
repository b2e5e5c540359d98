"""The pieces that a file is cut into."""

from typing import NamedTuple


class Chunk(NamedTuple):
    r"""A run of whole lines of one file; the chunks of a file cover each of its lines exactly once.

    Lines are 1-based and inclusive, and lines end at `\n` only (see `chunking.lines.split_lines`). A definition that
    was cut into pieces has one chunk for each piece, all with the same symbol.
    """

    start_line: int
    end_line: int
    kind: str
    """function, method, constructor, class, struct, interface, trait, impl, enum, namespace, macro, type,
    constant, module (code between definitions), section, cue, cell, rule, table, key, target, text"""
    symbol: str = ""
    """the defined name alone; empty if nothing is defined"""
    qualified_name: str = ""
    """the name with what encloses it in the file, joined as in the language: `Class.method`, `mod::f`"""
    signature: str = ""
    """the definition's head on one line: name, parameters, result"""
    doc: str = ""
    """docstring or doc comment, without its markers"""
    names: tuple[str, ...] = ()
    """further names that this chunk defines (the constants of a group, the second name of a one-liner), one for each
    place"""
    line: int = 0
    """the line with the symbol; it may be before a later part of a long definition; 0: unknown"""
    name_lines: tuple[int, ...] = ()
    """the lines with the further names, one each; 0 or missing: unknown"""
    definition: tuple[int, int] | None = None
    """first and last line of the whole definition, if this is less than all of it"""
    part: tuple[int, int] | None = None
    """which of how many chunks of the definition this is, from 1, if it is cut into several"""
    inside: tuple[int, ...] = ()
    """for each further name, the one that it is defined in, if its kind does not say: OWN for the symbol, from 1 a
    further name, AROUND for what the symbol itself is defined in, UNTOLD; missing if none says"""


UNTOLD, OWN, AROUND = -1, 0, (1 << 14) - 1
