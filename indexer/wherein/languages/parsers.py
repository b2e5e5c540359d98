"""Which tree-sitter and which grammars are installed: their versions decide where chunks begin and end."""

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

RUNTIME = "tree-sitter"
TABLE = Path(__file__).with_name("parsers.toml")

_INSTALLED = re.compile(r"(tree[-_.]sitter[-_.\w]*?)-(\d[^-]*)\.(?:dist|egg)-info", re.IGNORECASE)
"""How installers name what tells of a package. Reading the names takes 1 ms, asking for each version 20."""


@cache
def expected() -> Mapping[str, str]:
    """Package → the version that this release was tried with."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@cache
def others() -> Mapping[str, str]:
    """Package → its version, of those that are installed in another one than `expected`."""
    found = {package: _version(package) for package in expected()}
    return {package: there for package, there in found.items() if there not in ("", expected()[package])}


def package_of(module: str) -> str:
    """The package of a grammar's module."""
    return module.replace("_", "-")


def _version(package: str) -> str:
    """Empty if nobody knows."""
    if (listed := _listed().get(package)) is not None:
        return listed
    from importlib.metadata import PackageNotFoundError, version  # 7 ms that are hardly ever needed

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def _listed() -> Mapping[str, str]:
    """By the names of what is installed; of several, what is imported."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 (names alone)
        except OSError:
            continue
        for name in names:
            if match := _INSTALLED.fullmatch(name):
                found.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return found
