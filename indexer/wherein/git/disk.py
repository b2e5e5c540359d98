"""From what is known of the files of a worktree or folder to a listing: rules, sizes, links, ids."""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from wherein.git.attributes import Attributes
from wherein.git.beneath import Beneath, ThroughLink
from wherein.git.ignore.conventions import Conventions, packaged_folders
from wherein.git.ignore.patterns import PATTERN_FILE, IgnorePatterns
from wherein.git.ignore.rules import Rules
from wherein.git.paths import leads_outside
from wherein.git.sentences import left_out, listed, no_file, too_large
from wherein.git.source import Explanation, SourceSettings
from wherein.git.stamps import StampCache
from wherein.skips import SkipReason

Hasher = Callable[[Collection[str]], Mapping[str, str]]
"""Paths relative to a part's root → ids; what cannot be read is missing."""


@dataclass(slots=True)
class Part:
    """Files of a view that lie in one worktree or folder. All paths are relative to `root`."""

    root: Path
    base: str
    """what precedes its paths in the view: "" or the path of a submodule with `/`"""
    files: Mapping[str, str | None]
    """path → blob id; None where only the content can tell"""
    hash: Hasher
    links: Collection[str] = ()
    """paths that are symbolic links to git; the disk may show plain files, as on Windows"""
    attributes: Mapping[str, Attributes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the parts make together, in paths of the view."""

    files: dict[str, str]
    skipped: dict[str, SkipReason]


def rules_for(parts: Collection[Part], root: Path, prefix: str, settings: SourceSettings) -> Rules:
    """The rules about names that hold in a view of these parts. ConfigError for a pattern that cannot be
    read."""
    paths = [part.base + path for part in parts for path in part.files]
    patterns = IgnorePatterns()
    beneath = Beneath(root)
    for folder in _pattern_folders(paths, prefix):
        patterns.read(beneath, folder, PATTERN_FILE)
    patterns.overrule(settings.exclude, "index.exclude")
    return Rules(
        patterns,
        attributes={part.base + path: said for part in parts for path, said in part.attributes.items()},
        conventions=Conventions(packaged_folders(paths), prefix),
        include_generated=settings.include_generated,
        include_vendored=settings.include_vendored,
    )


def _pattern_folders(paths: Iterable[str], prefix: str) -> list[str]:
    """Where pattern files may be: above the prefix, and where one is listed."""
    above = prefix.split("/")[:-1]
    folders = dict.fromkeys("".join(f"{name}/" for name in above[:depth]) for depth in range(len(above) + 1))
    folders |= dict.fromkeys(
        path[: -len(PATTERN_FILE)] for path in paths if path.endswith("/" + PATTERN_FILE)
    )
    return list(folders)


def settle(parts: Iterable[Part], rules: Rules, root: Path, limit: int, stamps: StampCache) -> Settled:
    """Look at every file that the rules let through; `limit` is in bytes. Only those without an id that are
    not in `stamps` are read."""
    settled = Settled({}, {})
    beneath = Beneath(root)
    for part in parts:
        _settle(part, rules, beneath, limit, stamps, settled)
    stamps.save()
    return settled


def _settle(
    part: Part, rules: Rules, beneath: Beneath, limit: int, stamps: StampCache, settled: Settled
) -> None:
    files, skipped = settled.files, settled.skipped
    root, base, judge, lstat = beneath.root, part.base, rules.judge, beneath.lstat
    unknown: dict[str, os.stat_result] = {}
    for path, blob in part.files.items():
        shown = base + path
        if verdict := judge(shown):
            skipped[shown] = verdict.reason
            continue
        try:
            status = lstat(shown)
        except ThroughLink as link:
            # git takes what a link hides for deleted, unless its index says not to look.
            if leads_outside(root, link.filename):
                skipped[shown] = SkipReason.SYMLINK_OUTSIDE
            continue
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            skipped[shown] = SkipReason.UNREADABLE
            continue
        if S_ISLNK(status.st_mode):
            if leads_outside(root, shown):
                skipped[shown] = SkipReason.SYMLINK_OUTSIDE
        elif S_ISREG(status.st_mode):
            if path in part.links and blob is not None:
                continue
            if status.st_size > limit:
                skipped[shown] = SkipReason.TOO_LARGE
            elif blob is not None:
                files[shown] = blob
            elif remembered := stamps.get(shown, status):
                files[shown] = remembered
            else:
                unknown[path] = status
        elif not S_ISDIR(status.st_mode):
            skipped[shown] = SkipReason.UNREADABLE
    if not unknown:
        return
    ids = part.hash(unknown)
    for path, status in unknown.items():
        if path in ids:
            files[base + path] = ids[path]
            stamps.put(base + path, status, ids[path])
        elif os.path.lexists(f"{root}{os.sep}{base}{path}"):
            skipped[base + path] = SkipReason.UNREADABLE


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
        target = place.readlink()
        if leads_outside(root, path):
            return left_out(path, SkipReason.SYMLINK_OUTSIDE, f"it is a symbolic link to {target}")
        return no_file(path, f"is a symbolic link to {target}; what it leads to counts under its own name")
    if S_ISDIR(status.st_mode):
        return no_file(path, "is a folder")
    if not S_ISREG(status.st_mode):
        return left_out(path, SkipReason.UNREADABLE, "it is no regular file")
    if status.st_size > limit:
        return too_large(path, status.st_size, limit)
    if not os.access(place, os.R_OK):
        return left_out(path, SkipReason.UNREADABLE, "reading it is not permitted")
    return listed(path)
