"""Why a file is left out of the index."""

from collections.abc import Mapping
from enum import StrEnum


class SkipReason(StrEnum):
    """One of these stands beside every file that git shows and wherein does not index, or not as it should."""

    IGNORED = "ignored"
    """matched by .gitignore (or git's other exclude files) or by .whereinignore"""
    BINARY = "binary"
    TOO_LARGE = "too large"
    MINIFIED = "minified"
    GENERATED = "generated"
    """`linguist-generated`, a lock file, or a "generated, do not edit" notice at its head"""
    VENDORED = "vendored"
    """`linguist-vendored`, or a folder of third-party code such as node_modules"""
    SECRET = "secret"  # noqa: S105 - a word
    """holds keys or credentials, by its name or by all that is in it"""
    UNREADABLE = "unreadable"
    ENCODING = "encoding"
    SUBMODULE = "submodule"
    SYMLINK_OUTSIDE = "symlink outside"
    OTHER_FILE_SYSTEM = "other file system"
    """mounted below a folder outside of git"""
    UNPARSED = "cut by lines"
    """its parser took too much time or memory: searched, but its definitions are not known by name"""


SEARCHED = frozenset({SkipReason.UNPARSED})
"""Reasons that leave a file in the index, with less known of it."""


def left_out(counted: Mapping[str, int]) -> int:
    """Of files counted by reason, those that are not in the index at all."""
    return sum(number for reason, number in counted.items() if reason not in SEARCHED)
