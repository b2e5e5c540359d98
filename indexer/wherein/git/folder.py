"""A folder outside git: walked, with the same ignore files."""

import os
from collections.abc import Callable, Collection
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import ConfigError
from wherein.git.beneath import Beneath
from wherein.git.clone import Clone
from wherein.git.disk import Part, explain_file, settle
from wherein.git.editorconfig import EditorConfig, editor_config_folders, read_editor_configs
from wherein.git.folders import folders_of
from wherein.git.identity import disk_view
from wherein.git.ignore.conventions import Conventions, packaged_folders
from wherein.git.ignore.patterns import PATTERN_FILE, IgnorePatterns
from wherein.git.ignore.rules import Rules
from wherein.git.repository import holds_repository, submodule
from wherein.git.sentences import left_out, no_file
from wherein.git.source import Explanation, Folders, Listing, SourceSettings
from wherein.git.stamps import open_stamps
from wherein.git.worktree import Gathered, gather_submodule
from wherein.private import own_files
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason
from wherein.unasked.places import is_never

if TYPE_CHECKING:
    from wherein.git.earlier_commit import Before

GIT_IGNORE = ".gitignore"

BOOKKEEPING = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"})
"""Folders of version control: never content."""


@dataclass(slots=True)
class Walk:
    """What lies in a folder. Paths are POSIX and relative to it; folders that were not entered end with
    `/`."""

    files: dict[str, str | None] = field(default_factory=dict)
    repositories: list[str] = field(default_factory=list)
    skipped: dict[str, SkipReason] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    """path → the rule of a .gitignore that matches it"""


def walk(root: Path, rules: Rules, gitignore: IgnorePatterns, most: int | None = None) -> Walk:
    """All that lies below root and no rule keeps out; the pattern files found on the way are added to the
    rules. With more than `most` files it ends early.

    Links are not followed. What is ignored, is a repository of its own, or lies on another file system, is not entered.
    """
    found = Walk()
    device: int | None = None
    beneath = Beneath(root)
    pending = [""]
    while pending and (most is None or len(found.files) <= most):
        folder = pending.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
            device = root.stat().st_dev if device is None else device
        except OSError:
            found.skipped[folder] = SkipReason.UNREADABLE
            continue
        names = {entry.name for entry in entries}
        if folder and ".git" in names and holds_repository(root / folder):
            found.repositories.append(folder[:-1])
            continue
        for name, into in ((GIT_IGNORE, gitignore), (PATTERN_FILE, rules.patterns)):
            if name in names:
                into.read(beneath, folder, name)
        inner: list[str] = []
        for entry in entries:
            if entry.name in BOOKKEEPING:
                continue
            deeper = entry.is_dir(follow_symlinks=False)
            path = f"{folder}{entry.name}/" if deeper else folder + entry.name
            if (match := gitignore.match(path)) and match.ignored:
                found.ignored[path] = match.rule
            elif not deeper:
                found.files[path] = None
            elif verdict := rules.judge(path):
                found.skipped[path] = verdict.reason
            elif _elsewhere(entry, device):
                found.skipped[path] = SkipReason.OTHER_FILE_SYSTEM
            else:
                inner.append(path)
        pending += reversed(inner)
    return found


def _elsewhere(entry: "os.DirEntry[str]", device: int | None) -> bool:
    """Whether a folder is a mount, or what the system shows of itself."""
    try:
        return entry.stat(follow_symlinks=False).st_dev != device or is_never(entry.path)
    except OSError:
        return False


class FolderSource:
    """The files of a folder that lies in no repository, and of repositories that lie in it, as if
    submodules."""

    prefix = ""

    def __init__(self, folder: Path, *, name: str | None, settings: SourceSettings) -> None:
        self.identity = name or str(folder)
        self.clone = Clone(str(folder))
        self.root: Path | None = folder
        self.view_name = disk_view(folder, "")
        self._root = folder
        self._settings = settings

    def close(self) -> None:
        """Nothing is kept between calls."""

    def listing(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """What is on disk now. A file that is not remembered is read for its id."""
        found, gathered, rules = self._look()
        stamps = open_stamps(self._settings.stamp_cache, self.view_name)
        own = Part("", found.files)
        settled = settle([own, *gathered.parts], rules, self._root, self._settings.max_file_bytes, stamps)
        folders = editor_config_folders(settled.files)
        declared = EditorConfig(read_editor_configs(gathered.beneath, folders))
        skipped = settled.skipped | found.skipped | gathered.skipped
        encodings = dict(declared.charsets(settled.files))
        return Listing(None, None, settled.files, skipped, encodings, contents=settled.contents)

    def holds_more_than(self, most: int) -> bool:
        """Whether so many files would be listed; none is read."""
        own = IgnorePatterns()
        own.overrule(self._settings.exclude, "index.exclude")
        found = walk(self._root, Rules(own), IgnorePatterns(), most)
        files, inner = len(found.files), iter(found.repositories)
        while files <= most and (path := next(inner, None)) is not None:
            gathered = Gathered(Beneath(self._root))
            gather_submodule(path, self._settings.submodules, gathered)
            files += sum(len(part.files) for part in gathered.parts)
        return files > most

    def read(self, path: str) -> bytes:
        """The bytes on disk."""
        return Beneath(self._root).read(path, self._settings.max_file_bytes)

    def folders(self) -> Folders:
        """All that are entered."""
        found, _, _ = self._look()
        inner = {self._root}
        for path in found.files:
            place = (self._root / path).parent
            while place not in inner:
                inner.add(place)
                place = place.parent
        there = Folders(sorted(inner))
        for path in found.repositories if self._settings.submodules == "follow" else ():
            if repository := submodule(Beneath(self._root), path):
                below = folders_of(repository, "", follow=True)
                there.content.extend(below.content)
                there.git.extend(below.git)
        return there

    def before(self, since: str | None) -> "Before":
        """Nothing is known of it."""
        raise ConfigError(
            f"{self._root} is not in a repository, so it has no earlier revision.", remedy="git init"
        )

    def ignored(self) -> list[str]:
        """By .gitignore files in this folder."""
        found, _, _ = self._look()
        return list(found.ignored)

    def explain(self, path: str) -> Explanation:
        """Goes the way of `listing` for one path."""
        found, gathered, rules = self._look()
        if path in found.files or any(
            path.startswith(part.base) and path[len(part.base) :] in part.files for part in gathered.parts
        ):
            return explain_file(self._root, path, rules, self._settings.max_file_bytes)
        for ignored, rule in found.ignored.items():
            if path == ignored.rstrip("/") or (ignored.endswith("/") and path.startswith(ignored)):
                return left_out(path, SkipReason.IGNORED, f"the rule `{rule}` matches")
        for shown, reason in (found.skipped | gathered.skipped).items():
            if f"{path}/".startswith(shown.rstrip("/") + "/"):
                verdict = rules.judge(shown)
                return left_out(path, reason, verdict.because if verdict else f"{shown} is not searched")
        place = self._root / path
        if not os.path.lexists(place):
            return no_file(path, "does not exist")
        return no_file(path, "is a folder" if place.is_dir() else "is not searched")

    def _look(self) -> tuple[Walk, Gathered, Rules]:
        own = IgnorePatterns()
        own.overrule(self._settings.exclude, "index.exclude")
        rules = Rules(
            own,
            include_generated=self._settings.include_generated,
            include_vendored=self._settings.include_vendored,
            include_secrets=self._settings.include_secrets,
            own=own_files(self._settings.data_dir, self._root),
        )
        found = walk(self._root, rules, IgnorePatterns())
        gathered = Gathered(Beneath(self._root))
        for path in found.repositories:
            gather_submodule(path, self._settings.submodules, gathered)
        shown = [part.base + path for part in gathered.parts for path in part.files]
        for path in shown:
            folder, _, name = path.rpartition("/")
            if name == PATTERN_FILE:
                own.read(gathered.beneath, f"{folder}/", name)
        attributes = {
            part.base + path: said for part in gathered.parts for path, said in part.attributes.items()
        }
        packaged = packaged_folders([*found.files, *shown])
        return found, gathered, replace(rules, attributes=attributes, conventions=Conventions(packaged))
