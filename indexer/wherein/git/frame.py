"""What decides what a worktree shows, besides git's index and the files themselves: settings, attributes, patterns."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from functools import cache
from pathlib import Path

from wherein.git.attributes import FILE_NAME, LINE_ENDS, NAMES, attribute_texts, mentioned_names
from wherein.git.beneath import Beneath
from wherein.git.checkout import digest
from wherein.git.configuration import Configuration
from wherein.git.disk import pattern_folders
from wherein.git.editorconfig import FILE_NAME as EDITOR_FILE
from wherein.git.editorconfig import editor_config_folders, read_editor_configs
from wherein.git.ignore.conventions import packaged_folders
from wherein.git.ignore.patterns import MOST_BYTES as MOST_PATTERNS
from wherein.git.ignore.patterns import PATTERN_FILE
from wherein.git.repository import Repository
from wherein.git.source import SourceSettings
from wherein.git.steering import MOST_BYTES as MOST_ATTRIBUTES
from wherein.packaged import files
from wherein.quick_dataclass import dataclass

_SPECIAL = frozenset({FILE_NAME, PATTERN_FILE, EDITOR_FILE})


@dataclass(slots=True)
class Steering:
    """Where the files lie that steer: known only once all files of the view are."""

    attributes: dict[str, list[str]] = field(default_factory=dict)
    """a checkout's base → its listed attribute files"""
    patterns: list[str] = field(default_factory=list)
    """folders"""
    editor: list[str] = field(default_factory=list)
    """folders"""
    packaged: list[str] = field(default_factory=list)
    """folders that a package manager filled"""
    folders: list[str] = field(default_factory=list)
    """all folders, where git is asked for attributes: an attribute file that is not listed counts as well"""


def is_special(path: str) -> bool:
    """Whether a file that appears somewhere may change what is shown of others."""
    return path.rpartition("/")[2] in _SPECIAL or bool(packaged_folders([path]))


def steering_of(
    listed: Mapping[str, Iterable[str]],
    shown: Iterable[str],
    prefix: str,
    texts: Iterable[bytes],
    *,
    converted: bool,
) -> Steering:
    """`listed` are the paths of each checkout, by its base; `shown` those of the view that are left; `texts` what the
    attribute files say."""
    paths = [base + path for base, inner in listed.items() for path in inner]
    attributes = {
        base: [path for path in inner if path.endswith(FILE_NAME) and path.rpartition("/")[2] == FILE_NAME]
        for base, inner in listed.items()
    }
    names = (*NAMES, *LINE_ENDS) if converted else NAMES
    folders: set[str] = set()
    if mentioned_names(texts, names):
        for path in paths:
            folder = path.rpartition("/")[0]
            while folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
    return Steering(
        attributes,
        pattern_folders(paths, prefix),
        editor_config_folders(shown, prefix),
        sorted(packaged_folders(paths)),
        sorted(folders),
    )


def frame_of(
    settings: SourceSettings,
    beneath: Beneath,
    prefix: str,
    checkouts: Sequence[tuple[str, Repository, Configuration]],
    steering: Steering,
) -> tuple[str, dict[str, list[bytes]]]:
    """A digest of all of it as it is now, and the texts of attribute files by checkout. Raises NotARepository if git
    may not be let near one of them."""
    parts = [repr(replace(settings, stamp_cache=None)), prefix, _own()]
    texts: dict[str, list[bytes]] = {}
    said: list[bytes] = []
    for base, repository, configuration in checkouts:
        assert repository.root is not None
        values = sorted((key, tuple(value)) for key, value in configuration.values.items())
        parts += [base, str(repository.git_dir), str(repository.common_dir), repr(values)]
        own = prefix if not base else ""
        texts[base] = attribute_texts(
            repository.root, steering.attributes.get(base, ()), own, repository.common_dir, configuration
        )
        said += texts[base]
    listed = {base + path for base, paths in steering.attributes.items() for path in paths}
    hidden = (f"{folder}/{FILE_NAME}" if folder else FILE_NAME for folder in steering.folders)
    for path, most in (
        *((path, MOST_ATTRIBUTES) for path in hidden if path not in listed),
        *((folder + PATTERN_FILE, MOST_PATTERNS) for folder in steering.patterns),
    ):
        with suppress(OSError):
            said.append(os.fsencode(path) + b"\0" + beneath.read(path, most))
    for folder, text in read_editor_configs(beneath, steering.editor).items():
        said += [os.fsencode(folder), os.fsencode(text)]
    return digest(*map(os.fsencode, parts), *said), texts


@cache
def _own() -> str:
    """What of ours decides: this release, and its rules."""
    from wherein import __version__

    told = [__version__]
    for package, name in (("wherein.git.ignore", "conventions.toml"), ("wherein.secrets", "files.toml")):
        status = Path(str(files(package) / name)).stat()
        told.append(f"{status.st_size} {status.st_mtime_ns}")
    return " ".join(told)
