"""What is known of the files of a worktree or folder → a listing: rules, sizes, links, ids."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from wherein.git.attributes import Attributes
from wherein.git.beneath import Beneath, ThroughLink
from wherein.git.blob import ids_of
from wherein.git.ignore.conventions import Conventions, packaged_folders
from wherein.git.ignore.patterns import PATTERN_FILE, IgnorePatterns
from wherein.git.ignore.rules import Rules
from wherein.git.paths import leads_outside
from wherein.git.sentences import left_out, listed, no_file, too_large
from wherein.git.source import Explanation, SourceSettings
from wherein.git.stamps import Ids, StampCache
from wherein.private import own_files
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason

MOST_KEPT = 32 << 20
"""Bytes of files that were read for their ids and are kept for who wants their content next. Opening a file without
following a link and reading it takes 50 us: reading 32 repositories once, not twice, is 1 % of a first index."""

LineEnds = Callable[[Collection[str]], Collection[str]]
"""Of paths relative to a part's root, texts with CR LF, those that git stores with LF."""


def _none(_: Collection[str]) -> Collection[str]:
    return ()


@dataclass(slots=True)
class Part:
    """Files of a view that lie in one worktree or folder, in paths relative to it."""

    base: str
    """what precedes its paths in the view: "" or the path of a submodule with `/`"""
    files: Mapping[str, str | None]
    """path → what git calls its content, None if it does not say. A hint: an id is of bytes that were read here"""
    unix_line_ends: LineEnds = _none
    sha256: bool = False
    """whether ids are SHA-256, not SHA-1"""
    links: Collection[str] = ()
    """paths that are symbolic links to git; the disk may show plain files, as on Windows"""
    attributes: Mapping[str, Attributes] = field(default_factory=dict)


@dataclass(slots=True)
class Settled:
    """What the parts make together, in paths of the view."""

    files: dict[str, str]
    skipped: dict[str, SkipReason]
    looked_at: dict[str, os.stat_result] = field(default_factory=dict)
    """of regular files, whatever was found: their numbers decide it, as long as nothing else changes"""
    other: list[str] = field(default_factory=list)
    """what is to be looked at each time, whatever its numbers"""
    converted: bool = False
    """whether line ends had a part in any file's id"""
    contents: dict[str, bytes] = field(default_factory=dict)
    """bytes of files that were read, up to MOST_KEPT of them"""


def rules_for(parts: Collection[Part], root: Path, prefix: str, settings: SourceSettings) -> Rules:
    """The rules about names that hold in a view of these parts. Raises ConfigError for a pattern that cannot be
    read."""
    paths = [part.base + path for part in parts for path in part.files]
    return rules_of(pattern_folders(paths, prefix), packaged_folders(paths), parts, root, prefix, settings)


def rules_of(
    folders: Iterable[str],
    packaged: Iterable[str],
    parts: Collection[Part],
    root: Path,
    prefix: str,
    settings: SourceSettings,
) -> Rules:
    """`rules_for`, where it is known in which folders pattern files may be, and which a package manager filled."""
    patterns = IgnorePatterns()
    beneath = Beneath(root)
    for folder in folders:
        patterns.read(beneath, folder, PATTERN_FILE)
    patterns.overrule(settings.exclude, "index.exclude")
    return Rules(
        patterns,
        attributes={part.base + path: said for part in parts for path, said in part.attributes.items()},
        conventions=Conventions(packaged, prefix),
        include_generated=settings.include_generated,
        include_vendored=settings.include_vendored,
        include_secrets=settings.include_secrets,
        own=own_files(settings.data_dir, root),
    )


def pattern_folders(paths: Iterable[str], prefix: str) -> list[str]:
    """Where pattern files may be: above the prefix, and where one is listed."""
    above = prefix.split("/")[:-1]
    folders = dict.fromkeys("".join(f"{name}/" for name in above[:depth]) for depth in range(len(above) + 1))
    folders |= dict.fromkeys(
        path[: -len(PATTERN_FILE)] for path in paths if path.endswith("/" + PATTERN_FILE)
    )
    return list(folders)


def settle(parts: Iterable[Part], rules: Rules, root: Path, limit: int, stamps: StampCache) -> Settled:
    """Look at every file that the rules let through; `limit` is in bytes. Those that are not in `stamps` are read."""
    settled = Settled({}, {})
    beneath = Beneath(root)
    for part in parts:
        _settle(part, rules, beneath, limit, stamps, settled)
    stamps.save()
    return settled


def _settle(
    part: Part, rules: Rules, beneath: Beneath, limit: int, stamps: StampCache, settled: Settled
) -> None:
    files, skipped, links = settled.files, settled.skipped, part.links
    looked_at, other = settled.looked_at, settled.other
    root, base, judge, lstat = beneath.root, part.base, rules.judge, beneath.lstat
    room = MOST_KEPT - sum(map(len, settled.contents.values()))
    choice: dict[str, Ids] = {}
    for path in part.files:
        shown = base + path
        if verdict := judge(shown):
            skipped[shown] = verdict.reason
            continue
        try:
            status = lstat(shown)
            if S_ISREG(status.st_mode):
                looked_at[shown] = status
                if status.st_size > limit:
                    skipped[shown] = SkipReason.TOO_LARGE
                    continue
                ids = stamps.get(shown, status)
                if ids is None:
                    data = beneath.read(shown, limit)
                    ids = ids_of(data, sha256=part.sha256)
                    stamps.put(shown, status, ids)
                    if len(data) <= room:
                        settled.contents[shown] = data
                        room -= len(data)
                if ids.unix or path in links:
                    choice[path] = ids
                else:
                    files[shown] = ids.raw
                continue
            other.append(shown)
            if S_ISLNK(status.st_mode):
                if leads_outside(root, shown):
                    skipped[shown] = SkipReason.SYMLINK_OUTSIDE
            elif not S_ISDIR(status.st_mode):
                skipped[shown] = SkipReason.UNREADABLE
        except OSError as error:
            looked_at.pop(shown, None)
            other.append(shown)
            if isinstance(error, ThroughLink):
                if leads_outside(root, error.filename):
                    skipped[error.filename] = SkipReason.SYMLINK_OUTSIDE
            elif not isinstance(error, (FileNotFoundError, NotADirectoryError)):
                skipped[shown] = SkipReason.UNREADABLE
    settled.converted = settled.converted or bool(choice)
    files.update((base + path, blob) for path, blob in _chosen(part, choice).items())


def _chosen(part: Part, choice: Mapping[str, Ids]) -> dict[str, str]:
    """Path → the id that it goes by: of the bytes on disk, or with the line ends of Unix where git stores it so."""
    chosen: dict[str, str] = {}
    undecided: dict[str, Ids] = {}
    for path, ids in choice.items():
        by_git = part.files[path]
        if path in part.links and by_git == ids.raw:
            continue  # a link, on a system without links
        chosen[path] = by_git if by_git is not None and by_git == ids.unix else ids.raw
        if ids.unix and by_git not in ids:
            undecided[path] = ids
    for path in part.unix_line_ends(undecided) if undecided else ():
        chosen[path] = undecided[path].unix
    return chosen


def explain_file(root: Path, path: str, rules: Rules, limit: int) -> Explanation:
    """Why a file that is known to be shown is or is not listed: what `settle` does, for one path."""
    place = root / path
    if verdict := rules.judge(path):
        return left_out(path, *verdict)
    try:
        status = Beneath(root).lstat(path)
    except ThroughLink as link:
        if leads_outside(root, link.filename):
            return left_out(path, SkipReason.SYMLINK_OUTSIDE, f"{link.filename} is a symbolic link")
        return no_file(path, f"does not exist: {link.filename} is a symbolic link")
    except (FileNotFoundError, NotADirectoryError):
        return no_file(path, "does not exist")
    except OSError as error:
        return left_out(path, SkipReason.UNREADABLE, str(error.strerror))
    if S_ISLNK(status.st_mode):
        try:
            target = place.readlink()
        except OSError as error:
            return left_out(path, SkipReason.UNREADABLE, str(error.strerror))
        if leads_outside(root, path):
            return left_out(path, SkipReason.SYMLINK_OUTSIDE, f"it is a symbolic link to {target}")
        return no_file(path, f"is a symbolic link to {target}; its target counts under its own name")
    if S_ISDIR(status.st_mode):
        return no_file(path, "is a folder")
    if not S_ISREG(status.st_mode):
        return left_out(path, SkipReason.UNREADABLE, "it is not a regular file")
    if status.st_size > limit:
        return too_large(path, status.st_size, limit)
    if not os.access(place, os.R_OK):
        return left_out(path, SkipReason.UNREADABLE, "reading it is not permitted")
    return listed(path)
