"""Trees in git's store."""

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wherein.git.attributes import FILE_NAME, Attributes, read_attributes
from wherein.git.command import Git
from wherein.git.indexfile import index_of
from wherein.git.steering import MOST_BYTES
from wherein.quick_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file, link or submodule of a tree."""

    mode: str
    id: str
    size: int | None
    """in bytes; None if the repository lacks the object"""


def read_tree(git: Git, commit: str, *, partial: bool) -> dict[str, TreeEntry]:
    """Path → entry of all of a commit's tree. Raises GitFailed.

    In a partial clone nothing is asked of objects that are not there: an older git would try to fetch each of them.
    """
    if partial:
        return _partial_tree(git, commit)
    output = os.fsdecode(git.run("ls-tree", "-r", "-l", "-z", "--full-tree", commit))
    entries: dict[str, TreeEntry] = {}
    for line in output.split("\0")[:-1]:
        about, _, path = line.partition("\t")
        mode, _, name, size = about.split()
        entries[path] = TreeEntry(mode, name, int(size) if size.isdecimal() else None)
    return entries


def _partial_tree(git: Git, commit: str) -> dict[str, TreeEntry]:
    objects = git.run("rev-list", "--objects", "--no-walk", "--missing=print", commit).decode(
        "utf-8", "replace"
    )
    missing = {line[1:] for line in objects.splitlines() if line.startswith("?")}
    output = os.fsdecode(git.run("ls-tree", "-r", "-z", "--full-tree", commit))
    listed: dict[str, tuple[str, str]] = {}
    for line in output.split("\0")[:-1]:
        about, _, path = line.partition("\t")
        mode, kind, name = about.split()
        listed[path] = (mode, name)
        if kind == "commit":
            missing.add(name)
    there = sorted({name for _, name in listed.values()} - missing)
    checked = git.run("cat-file", "--batch-check", given="".join(f"{name}\n" for name in there).encode())
    sizes = {
        name: int(size) for name, _, size in (line.split() for line in checked.decode("ascii").splitlines())
    }
    return {path: TreeEntry(mode, name, sizes.get(name)) for path, (mode, name) in listed.items()}


def tree_attributes(
    git: Git, entries: Mapping[str, TreeEntry], paths: Iterable[str], names: Sequence[str]
) -> dict[str, Attributes]:
    """Path → attributes that the .gitattributes files of a tree give.

    git reads them from an index: one of nothing but these files, outside the repository. (Only git 2.40 and
    newer would take them from a tree.)
    """
    if not names:
        return {}
    files = {
        path: entry
        for path, entry in entries.items()
        if path.rpartition("/")[2] == FILE_NAME and (entry.size or 0) <= MOST_BYTES
    }
    with tempfile.TemporaryDirectory(prefix="wherein-") as scratch:
        index = Path(scratch, "index")
        index.write_bytes(index_of({path: (entry.mode, entry.id) for path, entry in files.items()}))
        indexed = git.having(variables={"GIT_INDEX_FILE": str(index)})
        return read_attributes(indexed, paths, names, cached=True)
