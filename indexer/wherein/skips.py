"""Why a file is left out of the index."""

from enum import StrEnum


class SkipReason(StrEnum):
    """One of these stands beside every file that git shows and wherein does not index."""

    IGNORED = "ignored"
    """matched by .gitignore (or git's other exclude files) or by .whereinignore"""
    BINARY = "binary"
    TOO_LARGE = "too large"
    MINIFIED = "minified"
    GENERATED = "generated"
    """`linguist-generated`, a lock file, or a "generated, do not edit" notice at its head"""
    VENDORED = "vendored"
    """`linguist-vendored`, or a folder of third-party code such as node_modules"""
    UNREADABLE = "unreadable"
    ENCODING = "encoding"
    SUBMODULE = "submodule"
    SYMLINK_OUTSIDE = "symlink outside"
