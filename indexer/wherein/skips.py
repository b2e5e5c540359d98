"""Why a file is left out of the index."""

from collections.abc import Mapping
from enum import StrEnum


class SkipReason(StrEnum):
    """The reason for each file that git shows and wherein does not index, or not fully."""

    IGNORED = "ignored"
    """matched by .gitignore (or git's other exclude files) or by .whereinignore"""
    BINARY = "binary"
    TOO_LARGE = "too large"
    MINIFIED = "minified"
    GENERATED = "generated"
    """`linguist-generated`, a lock file, or a "generated, do not edit" notice at the top"""
    VENDORED = "vendored"
    """`linguist-vendored`, or a folder of third-party code such as node_modules"""
    SECRET = "secret"  # noqa: S105 - a word
    """holds keys or credentials, judging by its name or its whole content"""
    UNREADABLE = "unreadable"
    ENCODING = "encoding"
    SUBMODULE = "submodule"
    SYMLINK_OUTSIDE = "symlink outside"
    OTHER_FILE_SYSTEM = "other file system"
    """mounted below a folder outside of git"""
    UNPARSED = "cut by lines"
    """parsing took too much time or memory: it is searched, but its definitions are not known by name"""


SEARCHED = frozenset({SkipReason.UNPARSED})
"""Reasons that leave a file in the index, with less known about it."""


def left_out(counted: Mapping[str, int]) -> int:
    """How many of the files counted by reason are not in the index at all."""
    return sum(number for reason, number in counted.items() if reason not in SEARCHED)
