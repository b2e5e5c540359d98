"""The worktree view: what git says is on disk."""

import os
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wherein.errors import NotARepository
from wherein.git.attributes import (
    LINE_ENDS,
    attribute_texts,
    mentioned_names,
    read_attributes,
    with_unix_line_ends,
)
from wherein.git.beneath import Beneath
from wherein.git.checkout import Checkout, examine, ignore_rule, ignored_by_git
from wherein.git.command import Git, GitFailed, explained
from wherein.git.disk import Part, explain_file, rules_for, settle
from wherein.git.editorconfig import EditorConfig, editor_config_folders, read_editor_configs
from wherein.git.folders import folders_of
from wherein.git.identity import clone_of, disk_view, repository_identity
from wherein.git.ignore.rules import Rules
from wherein.git.known import Known, NotAgain
from wherein.git.last_look import LastLook
from wherein.git.reported_changes import look_at
from wherein.git.repository import Repository, open_repository, submodule
from wherein.git.second_look import SecondLook, numbers_of_index, remember
from wherein.git.sentences import below, left_out, no_file
from wherein.git.source import Explanation, Folders, Listing, SourceSettings, Submodules
from wherein.git.stamps import cache_name, open_stamps
from wherein.quick_dataclass import dataclass
from wherein.skips import SkipReason

if TYPE_CHECKING:
    from wherein.git.earlier_commit import Before


@dataclass(slots=True)
class Gathered:
    """The worktrees that make a view: the repository's own, and those of followed submodules."""

    beneath: Beneath
    """below the view's root"""
    parts: list[Part] = field(default_factory=list)
    checkouts: list[tuple[str, Repository, Checkout]] = field(default_factory=list)
    """what each lies below in the view ("" or ending with `/`), the repository, what git says"""
    skipped: dict[str, SkipReason] = field(default_factory=dict)
    followed: dict[str, bool] = field(default_factory=dict)
    """a submodule's path → whether its files are here"""
    indexes: dict[str, list[int] | None] = field(default_factory=dict)
    """of each checkout, by what it lies below: the numbers of git's index before it was asked for"""


def gather(repository: Repository, base: str, prefix: str, follow: Submodules, into: Gathered) -> None:
    """Examine a worktree and, if they are followed, its submodules. Their paths in the view begin with `base`."""
    root = repository.root
    assert root is not None
    git = repository.git
    into.indexes[base] = numbers_of_index(repository)
    try:
        checkout = examine(repository, prefix)
        texts = attribute_texts(root, checkout.files, prefix, repository.common_dir, checkout.configuration)
        attributes = read_attributes(git, checkout.files, mentioned_names(texts))
    except GitFailed as error:
        raise explained(error, root) from error
    settings = checkout.configuration
    line_ends = partial(_unix_line_ends, git, mentioned_names(texts, LINE_ENDS), settings.converts_line_ends)
    into.parts.append(Part(base, checkout.files, line_ends, settings.sha256, checkout.links, attributes))
    into.checkouts.append((base, repository, checkout))
    into.skipped |= dict.fromkeys((base + path for path in checkout.nested), SkipReason.SUBMODULE)
    for path in checkout.submodules:
        gather_submodule(base + path, follow, into)


def gather_submodule(path: str, follow: Submodules, into: Gathered) -> None:
    """Examine the repository at a path of the view, or note that it is left out."""
    inner = submodule(into.beneath, path) if follow == "follow" else None
    if inner is not None:
        with suppress(NotARepository):  # of another user, damaged: the files around it are still wanted
            gather(inner, f"{path}/", "", follow, into)
            into.followed[path] = True
            return
    into.skipped[path] = SkipReason.SUBMODULE


def _unix_line_ends(git: Git, mentioned: list[str], by_default: bool, paths: Collection[str]) -> set[str]:
    try:
        return with_unix_line_ends(git, paths, mentioned, by_default=by_default)
    except GitFailed as error:
        raise explained(error, git.folder) from error


class WorktreeSource:
    """The files of a worktree as they are on disk, including modified and untracked ones."""

    def __init__(
        self, repository: Repository, folder: Path, *, name: str | None, settings: SourceSettings
    ) -> None:
        assert repository.root is not None
        configuration = open_repository(repository)
        self.identity = name or repository_identity(repository, configuration)
        self.clone = clone_of(repository, configuration)
        self.root: Path | None = repository.root
        self.prefix = repository.prefix(folder)
        self.view_name = disk_view(repository.root, self.prefix)
        self._root = repository.root
        self._repository = repository
        self._settings = settings
        self._known: Known | None = None
        """what the last look found, where it was not a whole one"""

    def close(self) -> None:
        """Nothing is kept between calls."""

    def listing(
        self, meanwhile: Callable[[], object] | None = None, told: Collection[str] | None = None
    ) -> Listing:
        """What is on disk now."""
        known, self._known = self._known, None
        if known is not None and told is not None:
            with suppress(NotAgain, GitFailed):
                look_at(known, told)
                self._known = known
                return known.listing()
        last = self._last_look()
        try:
            self._known = self._second_look(last, meanwhile)
        except (NotAgain, GitFailed):
            return self._whole(last)
        return self._known.listing()

    def _second_look(self, last: LastLook | None, meanwhile: Callable[[], object] | None) -> Known:
        if last is None:
            raise NotAgain
        return SecondLook(self._repository, self.prefix, self._settings, self.view_name, last).known(
            meanwhile
        )

    def _last_look(self) -> LastLook | None:
        folder = self._settings.stamp_cache
        return LastLook(folder, cache_name(self.view_name)) if folder is not None else None

    def _whole(self, last: LastLook | None) -> Listing:
        now = time.time_ns()
        gathered, rules = self._look()
        stamps = open_stamps(self._settings.stamp_cache, self.view_name)
        settled = settle(gathered.parts, rules, self._root, self._settings.max_file_bytes, stamps)
        _, _, own = gathered.checkouts[0]
        folders = editor_config_folders(settled.files, self.prefix)
        declared = EditorConfig(read_editor_configs(gathered.beneath, folders))
        encodings = dict(declared.charsets(settled.files)) | {
            part.base + path: said.encoding
            for part in gathered.parts
            for path, said in part.attributes.items()
            if said.encoding
        }
        base, differs = None, dict[str, str | None]()
        if last is not None:
            base, differs = remember(
                last,
                self._settings,
                gathered.beneath,
                self.prefix,
                gathered.checkouts,
                gathered.followed,
                gathered.indexes,
                settled,
                gathered.skipped,
                encodings,
                now,
            )
        skipped = settled.skipped | gathered.skipped
        return Listing(
            own.commit, own.branch, settled.files, skipped, encodings, base, differs, settled.contents
        )

    def holds_more_than(self, most: int) -> bool:
        """Never asked about a repository."""
        return False

    def read(self, path: str) -> bytes:
        """The bytes on disk, with their line ends."""
        return Beneath(self._root).read(path, self._settings.max_file_bytes)

    def folders(self) -> Folders:
        """Includes those of followed submodules."""
        return folders_of(self._repository, self.prefix, follow=self._settings.submodules == "follow")

    def before(self, since: str | None) -> "Before":
        """For the repository only: submodules have commits of their own, and count as they are."""
        from wherein.git.earlier_commit import before
        from wherein.git.file_exists import file_exists
        from wherein.git.refs import listed_at

        listed = partial(listed_at, self._repository, self._root / self.prefix, self._settings)
        return before(self._repository, "HEAD", since, file_exists(self._repository, self.prefix), listed)

    def ignored(self) -> list[str]:
        """By .gitignore and git's other exclude files, also in followed submodules."""
        gathered, _ = self._look()
        return [
            base + path
            for base, repository, _ in gathered.checkouts
            for path in ignored_by_git(repository.git, "" if base else self.prefix)
        ]

    def explain(self, path: str) -> Explanation:
        """Follows `listing` for one path."""
        if outside := below(path, self.prefix):
            return outside
        gathered, rules = self._look()
        for shown, reason in gathered.skipped.items():
            if path == shown or path.startswith(f"{shown}/"):
                return left_out(path, reason, f"{shown} is a separate repository, which is not followed")
        base, repository, checkout = max(
            (found for found in gathered.checkouts if path.startswith(found[0])),
            key=lambda found: len(found[0]),
        )
        inner = path[len(base) :]
        if inner in checkout.files:
            return explain_file(self._root, path, rules, self._settings.max_file_bytes)
        if inner in checkout.absent:
            return no_file(path, "is not checked out: this is a sparse checkout")
        place = self._root / path
        if not os.path.lexists(place):
            return no_file(path, "does not exist")
        if inner and (rule := ignore_rule(repository.git, inner)):
            return left_out(path, SkipReason.IGNORED, f"the rule `{rule}` matches")
        return no_file(path, "is a folder" if place.is_dir() else "is not among the files that git lists")

    def _look(self) -> tuple[Gathered, Rules]:
        gathered = Gathered(Beneath(self._root))
        gather(self._repository, "", self.prefix, self._settings.submodules, gathered)
        return gathered, rules_for(gathered.parts, self._root, self.prefix, self._settings)
