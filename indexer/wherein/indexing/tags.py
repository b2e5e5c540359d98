"""The user's own choice of a language for an extension, as part of a file version's identity.

What a blob is cut into depends on its language. A path whose language was chosen in the settings therefore stands in
the store under its blob id with the language behind it: a change of the setting makes other versions of just those
files, and no index incompatible.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

_SEPARATOR = ":"


def tag(files: Mapping[str, str], languages: Mapping[str, str]) -> dict[str, str]:
    """Path → blob, tagged where the extension (with its dot, lower case) has a known language of the user's choice."""
    if not languages:
        return dict(files)
    from wherein.languages import registry

    known = frozenset(registry.names())
    chosen = {extension: language for extension, language in languages.items() if language in known}
    return {
        path: _tagged(blob, chosen.get(PurePosixPath(path).suffix.lower())) for path, blob in files.items()
    }


def split(tagged: str) -> tuple[str, str]:
    """The blob id, and the language chosen for it or an empty string."""
    blob, _, language = tagged.partition(_SEPARATOR)
    return blob, language


def _tagged(blob: str, language: str | None) -> str:
    return f"{blob}{_SEPARATOR}{language}" if language else blob
