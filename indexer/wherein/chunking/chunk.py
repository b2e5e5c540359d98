"""The pieces that a file is cut into."""

from typing import NamedTuple


class Chunk(NamedTuple):
    """A run of whole lines of one file; the chunks of a file cover each of its lines exactly once.

    Lines are 1-based and inclusive, and lines end at `\\n` only (see `chunking.lines.split_lines`).
    A definition that was cut in pieces has one chunk a piece, all under the same symbol.
    """

    start_line: int
    end_line: int
    kind: str
    """function, method, constructor, class, struct, interface, trait, impl, enum, namespace, macro, type,
    constant, module (code between definitions), section, cue, cell, rule, table, key, target, text"""
    symbol: str = ""
    """the defined name alone; empty where nothing is defined"""
    qualified_name: str = ""
    """the name with what encloses it in the file, joined as the language does: `Class.method`, `mod::f`"""
    signature: str = ""
    """the definition's head on one line: name, parameters, result"""
    doc: str = ""
    """docstring or doc comment, without its markers"""
    names: tuple[str, ...] = ()
    """further names that this chunk defines (the constants of a group, the second name of a one-liner), one for each
    place"""
    line: int = 0
    """that holds the symbol; it may lie before a later part of a long definition; 0: not known"""
    name_lines: tuple[int, ...] = ()
    """that hold the further names, one each; 0 or missing: not known"""
    definition: tuple[int, int] | None = None
    """first and last line of the whole definition where this is less than all of it"""
    part: tuple[int, int] | None = None
    """which of how many chunks of the definition it is, from 1, where it is cut in several"""
    inside: tuple[int, ...] = ()
    """for each further name the one that it is defined in, where its kind does not tell: OWN for the symbol, from 1 a
    further name, AROUND for what the symbol itself is defined in, UNTOLD; missing for all where none tells"""


UNTOLD, OWN, AROUND = -1, 0, (1 << 14) - 1
