"""What .gitattributes files say of paths: generated, vendored, behind a filter."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wherein.git.beneath import Beneath
from wherein.git.command import Git
from wherein.git.configuration import Configuration
from wherein.git.steering import MOST_BYTES, check, read_steering

FILE_NAME = ".gitattributes"

NAMES = ("linguist-generated", "linguist-vendored", "filter")


@dataclass(frozen=True, slots=True)
class Attributes:
    """Of one path. None: nothing is said."""

    generated: bool | None = None
    vendored: bool | None = None
    filter: str = ""
    """the name of a filter driver"""


NONE = Attributes()


def read_attributes(
    git: Git, paths: Iterable[str], mentioned: Sequence[str], *, cached: bool = False
) -> dict[str, Attributes]:
    """Path → attributes, for those of the paths of which anything is said. `cached` reads .gitattributes
    files from the index only. Without any name of NAMES that is mentioned somewhere, git is not asked."""
    if not mentioned:
        return {}
    options = ("--cached", "-z", "--stdin") if cached else ("-z", "--stdin")
    given = os.fsencode("".join(f"{path}\0" for path in paths))
    output = os.fsdecode(git.run("check-attr", *options, *mentioned, given=given))
    said: dict[str, dict[str, str]] = {}
    fields = iter(output.split("\0")[:-1])
    for path, name, value in zip(fields, fields, fields, strict=True):
        if value != "unspecified":
            said.setdefault(path, {})[name] = value
    return {path: _parsed(values) for path, values in said.items()}


def _parsed(values: Mapping[str, str]) -> Attributes:
    driver = values.get("filter", "")
    return Attributes(
        generated=_flag(values.get("linguist-generated")),
        vendored=_flag(values.get("linguist-vendored")),
        filter="" if driver in ("set", "unset") else driver,
    )


def _flag(value: str | None) -> bool | None:
    return None if value is None else value not in ("unset", "false")


def mentioned_names(contents: Iterable[bytes]) -> list[str]:
    """Which of NAMES occur in the texts of attribute files."""
    text = b"\n".join(contents)
    return [name for name in NAMES if name.encode() in text]


def attribute_texts(
    root: Path, listed: Iterable[str], prefix: str, common_dir: Path, configuration: Configuration
) -> list[bytes]:
    """The attribute files that apply to a worktree; `listed` are the paths that git shows below `prefix`.
    NotARepository where git may not be let near one."""
    above = prefix.split("/")[:-1]
    paths = ["/".join((*above[:depth], FILE_NAME)) for depth in range(len(above) + 1)]
    paths += [path for path in listed if path.endswith("/" + FILE_NAME)]
    beneath = Beneath(root)
    texts = []
    for path in paths:
        check(root / path)  # which git reads by itself
        with suppress(OSError):
            texts.append(beneath.read(path, MOST_BYTES))
    return texts + settled_texts(root, common_dir, configuration)


def settled_texts(folder: Path, common_dir: Path, configuration: Configuration) -> list[bytes]:
    """The attribute files outside the worktree: the repository's own and the user's. `folder` is where git is run.
    NotARepository where git may not be let near one."""
    files = (common_dir / "info" / "attributes", folder / configuration.attributes_file)
    return [os.fsencode(read_steering(file)) for file in files]
