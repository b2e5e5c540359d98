"""What beside its bytes decides how a file is read, as part of a file version's identity.

The same bytes are cut otherwise in another language, and say something else in another encoding. Where the user chose
a language for an extension, or something outside of a file declares its encoding, the path stands in the store under
its blob id with these behind it, `id:language:encoding`: a change makes other versions of just those files, and no
index incompatible.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

_SEPARATOR = ":"


class Tagged(NamedTuple):
    """The parts of a file version's key beside its path."""

    blob: str
    language: str = ""
    """chosen by the user; nothing where it is told from the file"""
    encoding: str = ""
    """declared elsewhere"""


def tag(
    files: Mapping[str, str], languages: Mapping[str, str], encodings: Mapping[str, str]
) -> dict[str, str]:
    """Path → key. `languages` are chosen for extensions (with their dot, lower case), `encodings` declared for paths;
    what is not known is as if nothing were said, and so is UTF-8, which is tried anyway."""
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
            _, _, language = tagged[path].partition(_SEPARATOR)
            tagged[path] = _SEPARATOR.join((files[path], language, encoding))
    return tagged


def split(key: str) -> Tagged:
    """A key's parts."""
    return Tagged(*key.split(_SEPARATOR, 2))
