"""What .gitattributes files say about paths: generated, vendored, encoding, line ends."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from wherein.git.beneath import Beneath
from wherein.git.command import Git
from wherein.git.configuration import Configuration
from wherein.git.steering import MOST_BYTES, check, read_steering
from wherein.quick_dataclass import dataclass

FILE_NAME = ".gitattributes"

ENCODING = "working-tree-encoding"
"""Of files on disk; in git's store they are UTF-8."""

NAMES = ("linguist-generated", "linguist-vendored", ENCODING)

LINE_ENDS = ("text", "eol", "crlf")
"""Of these git is asked for single files only: `* text=auto` is common, and speaks of all files."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Of one path. None: nothing is said."""

    generated: bool | None = None
    vendored: bool | None = None
    encoding: str = ""
    """of the file on disk"""


NONE = Attributes()


def read_attributes(
    git: Git, paths: Iterable[str], mentioned: Sequence[str], *, cached: bool = False
) -> dict[str, Attributes]:
    """Path → attributes, for those of the paths of which anything is said. `cached` reads .gitattributes
    files from the index only. Without any name of NAMES that is mentioned somewhere, git is not asked."""
    if not mentioned:
        return {}
    said = _ask(git, paths, mentioned, cached=cached)
    return {path: _parsed(values) for path, values in said.items()}


def with_unix_line_ends(
    git: Git, paths: Collection[str], mentioned: Sequence[str], *, by_default: bool
) -> set[str]:
    """Those of the paths (texts with CR LF) that git would store with LF alone. `mentioned` are those of LINE_ENDS
    that any attribute file speaks of, `by_default` is what holds where none does."""
    said = _ask(git, paths, mentioned) if mentioned and paths else {}
    return {path for path in paths if _unix(said.get(path, {}), by_default=by_default)}


def _ask(
    git: Git, paths: Iterable[str], names: Sequence[str], *, cached: bool = False
) -> dict[str, dict[str, str]]:
    """Path → name → value, of what is specified."""
    options = ("--cached", "-z", "--stdin") if cached else ("-z", "--stdin")
    given = os.fsencode("".join(f"{path}\0" for path in paths))
    output = os.fsdecode(git.run("check-attr", *options, *names, given=given))
    said: dict[str, dict[str, str]] = {}
    fields = iter(output.split("\0")[:-1])
    for path, name, value in zip(fields, fields, fields, strict=True):
        if value != "unspecified":
            said.setdefault(path, {})[name] = value
    return said


def _unix(values: Mapping[str, str], *, by_default: bool) -> bool:
    text = values.get("text", values.get("crlf"))  # crlf: the name it once had
    if text is not None:
        return text != "unset"
    return "eol" in values or by_default


def _parsed(values: Mapping[str, str]) -> Attributes:
    encoding = values.get(ENCODING, "")
    return Attributes(
        generated=_flag(values.get("linguist-generated")),
        vendored=_flag(values.get("linguist-vendored")),
        encoding="" if encoding in ("set", "unset") else encoding,
    )


def _flag(value: str | None) -> bool | None:
    return None if value is None else value not in ("unset", "false")


def mentioned_names(contents: Iterable[bytes], names: Sequence[str] = NAMES) -> list[str]:
    """Which of the names occur in the texts of attribute files."""
    text = b"\n".join(contents)
    return [name for name in names if name.encode() in text]


def attribute_texts(
    root: Path, listed: Iterable[str], prefix: str, common_dir: Path, configuration: Configuration
) -> list[bytes]:
    """The attribute files that apply to a worktree; `listed` are the paths that git shows below `prefix`. Raises
    NotARepository if git may not be let near one."""
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
    Raises NotARepository if git may not be let near one."""
    files = (common_dir / "info" / "attributes", folder / configuration.attributes_file)
    return [os.fsencode(read_steering(file)) for file in files]
