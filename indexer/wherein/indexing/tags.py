"""What besides its bytes decides how a file is read and chunked, as part of a file version's identity.

The same bytes are cut differently in another language or by another grammar, and say something else in another
encoding. So in some cases the store knows a path's content by its blob id followed by these,
`id:language:encoding:parsers`: if the user chose a language for an extension, if something outside the file declares
its encoding, or if its grammar is installed in another version than this release was tried with. A change then makes
other versions of only those files, and no index incompatible. Somebody who shares a store with others, and has another
grammar, cuts nothing under their names. A fifth part says which secrets the user wants stored; all files have it.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from wherein.languages import parsers

_SEPARATOR = ":"

KEY_FILES = "files"
"""Index files whose content says that they hold keys or credentials."""
SINGLE = "single"
"""Store single secrets as they are."""


class Tagged(NamedTuple):
    """The parts of a file version's key besides its path."""

    blob: str
    language: str = ""
    """chosen by the user; empty if it is detected from the file"""
    encoding: str = ""
    """declared elsewhere"""
    parsers: str = ""
    """those that differ from what this release was tried with, and their versions"""

    secrets: str = ""
    """what is not kept out as by default: KEY_FILES, SINGLE or both, joined by a comma"""

    @property
    def key(self) -> str:
        """The key that `split` takes apart."""
        return _SEPARATOR.join(self).rstrip(_SEPARATOR)


def tag(
    files: Mapping[str, str],
    languages: Mapping[str, str],
    encodings: Mapping[str, str],
    secrets: Sequence[str] = (),
) -> dict[str, str]:
    """Path → key. `languages` are chosen for extensions (with their dot, lower case), `encodings` declared for paths.
    Unknown ones count as not given, and so does UTF-8, which is tried anyway. `secrets` are those of KEY_FILES and
    SINGLE that the user wants."""
    tagged = dict(files)
    if languages:
        from wherein.languages import registry

        known = frozenset(registry.names())
        for path in files:
            language = languages.get(PurePosixPath(path).suffix.lower())
            if language in known:
                tagged[path] += _SEPARATOR + str(language)
    if encodings:
        from wherein.chunking.encodings import known_encoding
    for path, declared in encodings.items():
        encoding = known_encoding(declared)
        if path in tagged and encoding not in ("", "utf_8"):
            tagged[path] = split(tagged[path])._replace(encoding=encoding).key
    if parsers.others():
        for path, key in tagged.items():
            parts = split(key)
            tagged[path] = parts._replace(parsers=_parsers(path, parts.language)).key
    if secrets:
        for path, key in tagged.items():
            tagged[path] = split(key)._replace(secrets=",".join(secrets)).key
    return tagged


def split(key: str) -> Tagged:
    """A key's parts."""
    return Tagged(*key.split(_SEPARATOR, 4))


def _parsers(path: str, chosen: str) -> str:
    """Those parsers of a file's possible languages that are installed in another version."""
    from wherein.languages import registry

    found: dict[str, str] = {}
    for language in [registry.get(chosen)] if chosen else registry.possible(path):
        if language.chunker == "html":  # holds code of other languages
            return _told(parsers.others())
        for package in (parsers.RUNTIME, parsers.package_of(language.grammar)) if language.grammar else ():
            if package in parsers.others():
                found[package] = parsers.others()[package]
    return _told(found)


def _told(versions: Mapping[str, str]) -> str:
    return ",".join(
        f"{package.removeprefix('tree-')}-{version}" for package, version in sorted(versions.items())
    )
